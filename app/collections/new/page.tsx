import type { Metadata } from "next";
import { splits } from "@/lib/core/trajectory";
import { listPolicies, playableEnvironments, policyKinds } from "@/lib/server/reads";
import { ButtonLink } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import type { SearchParams } from "../../address";
import { NewCollection } from "./new-collection";

export const metadata: Metadata = { title: "New collection" };

export default async function NewCollectionPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const [policies, environments] = await Promise.all([listPolicies(), playableEnvironments()]);
  const kinds = new Map(policyKinds().map((kind) => [kind.kind, kind]));
  const players = policies.map(({ policyId, name, kind }) => ({
    policyId,
    name,
    kind,
    about: kinds.get(kind)?.description ?? kind,
  }));
  const asked = environments.find(({ environmentId }) => String(environmentId) === params.environment);
  const environment = asked ?? environments[0];
  // The expert of the demo is the one people mean first.
  const policy = players.find(({ kind }) => kind === "shopper-strong") ?? players[0];
  const split = splits.find((each) => each === params.split) ?? null;
  const taskType = environment?.subtasks.find((each) => each.taskType === params.type)?.taskType ?? null;
  return (
    <>
      <PageHeader
        title="Collect trajectories"
        back={{ href: "/collections", label: "Collections" }}
        meta="Let a policy play subtasks of an environment. Every episode is stored as an ordinary trajectory: an expert’s failures can be mined, its successes learned from."
      />
      {!environment ? (
        <EmptyState
          title="There is no environment to play in"
          text="A collection needs an environment with a driver. Imported trajectories alone do not say how their environment answers."
        >
          <ButtonLink href="/environments/new" variant="primary">
            Add an environment
          </ButtonLink>
        </EmptyState>
      ) : !policy ? (
        <EmptyState
          title="There is no policy yet"
          text="A collection needs a policy that acts: a built-in one or a model behind an OpenAI-compatible endpoint."
        >
          <ButtonLink href="/policies/new" variant="primary">
            Add a policy
          </ButtonLink>
        </EmptyState>
      ) : (
        <NewCollection
          environments={environments}
          policies={players}
          first={{ environmentId: environment.environmentId, policyId: policy.policyId, split, taskType }}
        />
      )}
    </>
  );
}
