import "server-only";
import { z } from "zod";
import { rebuildDataset as rebuild } from "@/lib/usecases/dataset-rebuild";
import * as datasets from "@/lib/usecases/datasets";
import { defineAction } from "./action";
import { deps } from "./deps";

/** What a dataset would hold, without freezing it. */
export const previewDataset = defineAction(datasets.DatasetInput, async (input) => {
  const { card, contentHash, refused } = await datasets.previewDataset(deps(), input);
  const versions = await deps().store.datasets.versions(input.name);
  return { card, contentHash, refused, version: (versions[0]?.version ?? 0) + 1 };
});

/** Freezes a dataset; answers where to look. */
export const curateDataset = defineAction(datasets.DatasetInput, async (input, person) => {
  const { datasetId } = await datasets.curateDataset(deps(), person.personId, input);
  return { datasetId };
});

/** Makes a dataset again from what it was frozen from, and compares bytes. */
export const rebuildDataset = defineAction(
  z.strictObject({ datasetId: z.number().int().positive() }),
  ({ datasetId }) => rebuild(deps(), datasetId),
);
