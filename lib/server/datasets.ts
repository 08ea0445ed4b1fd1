import "server-only";
import { z } from "zod";
import { rebuildDataset as rebuild } from "@/lib/usecases/dataset-rebuild";
import * as datasets from "@/lib/usecases/datasets";
import type { FreezeLine } from "@/lib/core/dataset-freeze";
import type { PersonRow } from "@/lib/core/rows";
import { defineAction, parsed } from "./action";
import { failureOf } from "./answer";
import { deps } from "./deps";

/** What a dataset would hold, without freezing it. */
export const previewDataset = defineAction(datasets.DatasetInput, async (input) => {
  const { card, contentHash, refused } = await datasets.previewDataset(deps(), input);
  const versions = await deps().store.datasets.versions(input.name);
  return { card, contentHash, refused, version: (versions[0]?.version ?? 0) + 1 };
});

/** Between two lines on how far it is. */
const TELL_MS = 200;

/**
 * Freezes a dataset: how far that is, one JSON object a line, then where to look or why there is none.
 * @throws AppError invalid_input before anything is done
 */
export function freezing(body: unknown, person: PersonRow, signal: AbortSignal): ReadableStream<Uint8Array> {
  const input = parsed(datasets.DatasetInput, body);
  const encoder = new TextEncoder();
  const gone = new AbortController();
  return new ReadableStream({
    start(controller) {
      const tell = (line: FreezeLine) => controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`));
      let told = 0;
      const progress = (trajectories: number, of: number) => {
        signal.throwIfAborted();
        gone.signal.throwIfAborted();
        if (trajectories < of && Date.now() - told < TELL_MS) return;
        told = Date.now();
        tell({ trajectories, of });
      };
      const end = (line: () => FreezeLine) => {
        if (signal.aborted || gone.signal.aborted) return;
        tell(line());
        controller.close();
      };
      // Not awaited: the lines are read while it goes on.
      void datasets.curateDataset(deps(), person.personId, input, progress).then(
        ({ datasetId }) => end(() => ({ datasetId })),
        (error: unknown) => end(() => ({ error: failureOf(error) })),
      );
    },
    cancel: () => gone.abort(),
  });
}

/** Makes a dataset again from what it was frozen from, and compares bytes. */
export const rebuildDataset = defineAction(
  z.strictObject({ datasetId: z.number().int().positive() }),
  ({ datasetId }) => rebuild(deps(), datasetId),
);
