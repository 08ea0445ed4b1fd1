import type { Metadata } from "next";
import { z } from "zod";
import { datasetAgain, listFacets, runTrajectories } from "@/lib/server/reads";
import { filterWords } from "@/components/run/selection-words";
import { plural } from "@/components/ui/numbers";
import { PageHeader } from "@/components/ui/page-header";
import { found } from "../../found";
import { chosenBy, type Chosen } from "../../selection";
import { idInAddress, readAddress, type SearchParams } from "../../address";
import { NewDataset } from "./new-dataset";

export const metadata: Metadata = { title: "New dataset" };

/** `of`: the dataset that the new one is the next version of. */
const Address = z.object({ of: idInAddress });

/**
 * The selection with solved expert trajectories beside it. They were never mined, so a selection by what mining or review
 * said cannot be widened: that is null. Those of a run are taken from its environment, where it has one.
 */
async function widened(selection: Chosen, environments: { environmentId: number; name: string }[]) {
  if ("trajectoryIds" in selection) return selection;
  const { filter } = selection;
  if (filter.verdict !== null || filter.review !== null) return null;
  const wider = { ...filter, success: null, runId: null };
  if (filter.runId === null || filter.environmentId !== null) return { filter: wider };
  const names = new Set(
    (await found(runTrajectories(filter.runId, null))).rows.map((row) => row.environment),
  );
  const [only] = environments.filter(({ name }) => names.has(name));
  return { filter: { ...wider, environmentId: names.size === 1 && only ? only.environmentId : null } };
}

export default async function NewDatasetPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const { of } = readAddress(Address, params);
  const before = of === null ? null : await found(datasetAgain(of));
  const selection = before?.selection ?? chosenBy(params);
  const facets = await listFacets();
  const runId = before ? before.settings.runId : "filter" in selection ? selection.filter.runId : null;
  const words =
    "trajectoryIds" in selection
      ? plural(selection.trajectoryIds.length, "trajectory", "trajectories")
      : `all ${filterWords(selection.filter, facets)}`;
  return (
    <>
      <PageHeader
        title={before ? `Freeze a new version of ${before.name}` : "Freeze a dataset"}
        back={{ href: "/datasets", label: "Datasets" }}
        meta="Harmful, redundant, undecided and dead-end actions are never trained; where an example needs them as context they are masked."
      />
      <NewDataset
        selection={selection}
        withSolved={await widened(selection, facets.environments)}
        runId={runId}
        words={words}
        name={before?.name ?? facets.runs.find((run) => run.runId === runId)?.name ?? ""}
        runs={facets.runs}
        before={before?.settings ?? null}
      />
    </>
  );
}
