import "server-only";
import * as datasets from "@/lib/usecases/datasets";
import { defineAction } from "./action";
import { deps } from "./deps";

/** What a dataset would hold, without freezing it. */
export const previewDataset = defineAction(datasets.DatasetInput, async (input) => {
  const { card, contentHash } = await datasets.previewDataset(deps(), input);
  return { card, contentHash };
});

/** Freezes a dataset; answers where to look. */
export const curateDataset = defineAction(datasets.DatasetInput, async (input, person) => {
  const { datasetId } = await datasets.curateDataset(deps(), person.personId, input);
  return { datasetId };
});
