import type { Metadata } from "next";
import {
  listEnvironments,
  listFacets,
  listPolicies,
  listTrajectories,
  policyKinds,
} from "@/lib/server/reads";
import { filterWords } from "@/components/run/selection-words";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { plural } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { chosenBy, type Chosen } from "../../selection";
import type { SearchParams } from "../../address";
import { pricesOf } from "../../policies/draft";
import { NewRun } from "./new-run";

export const metadata: Metadata = { title: "New run" };

/** Environments without a driver from which a filter chooses: what was recorded in them cannot be mined. */
async function withoutDriver(selection: Chosen): Promise<string[]> {
  if ("trajectoryIds" in selection) return [];
  const { filter } = selection;
  const candidates = (await listEnvironments()).filter(
    ({ driver, trajectories, environmentId }) =>
      driver === null && trajectories > 0 && (filter.environmentId ?? environmentId) === environmentId,
  );
  const counts = await Promise.all(
    candidates.map(({ environmentId }) => listTrajectories({ ...filter, environmentId }, "newest", null)),
  );
  return candidates.filter((_, i) => (counts[i]?.count.count ?? 0) > 0).map(({ name }) => name);
}

export default async function NewRunPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const selection = chosenBy(await searchParams);
  const [policies, facets, unreplayable] = await Promise.all([
    listPolicies(),
    listFacets(),
    withoutDriver(selection),
  ]);
  const kinds = new Map(policyKinds().map((kind) => [kind.kind, kind]));
  const agents = policies.map(({ policyId, name, kind, config }) => ({
    policyId,
    name,
    kind,
    priced: pricesOf(config) !== null,
    about: kinds.get(kind)?.description ?? kind,
  }));
  const words =
    "trajectoryIds" in selection
      ? plural(selection.trajectoryIds.length, "trajectory", "trajectories")
      : `all ${filterWords(selection.filter, facets)}`;
  // The agent of the demo is the one people mean first; the stronger shopper plays the expert.
  const first = agents.find((agent) => agent.kind === "shopper-weak") ?? agents[0];
  return (
    <>
      <PageHeader
        title="Mine failures"
        back={{ href: "/runs", label: "Runs" }}
        meta="Let an agent play on from states along failed expert trajectories. Where it can still succeed, and where not any more, says what each expert action was worth."
      />
      {first ? (
        <NewRun
          selection={selection}
          words={words}
          policies={agents}
          unreplayable={unreplayable}
          first={first.policyId}
        />
      ) : (
        <EmptyState
          title="There is no agent yet"
          text="A run needs a policy that acts: a built-in one or a model behind an OpenAI-compatible endpoint."
        >
          <ButtonLink href="/policies/new" variant="primary">
            Add a policy
          </ButtonLink>
        </EmptyState>
      )}
    </>
  );
}
