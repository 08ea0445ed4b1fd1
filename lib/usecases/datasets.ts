import { createHash } from "node:crypto";
import { z } from "zod";
import { IterationKey } from "@/lib/core/campaign-store";
import { canonicalJson } from "@/lib/core/canonical";
import { emptyCard, type DatasetCard } from "@/lib/core/dataset";
import { AppError } from "@/lib/core/errors";
import type { Example } from "@/lib/core/example";
import { reviewPolicies, type DatasetRow, type Page } from "@/lib/core/rows";
import type { Deps } from "./deps";
import { campaignExamples } from "./campaign-examples";
import { examplesOf, type Recipe } from "./examples";
import { resolveSelection, Selection } from "./selection";

const PAGE = 50;

/** What a dataset is made of. `runId` null: each trajectory's newest run. */
export const DatasetInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  selection: Selection,
  runId: z.number().int().positive().nullable().default(null),
  reviewPolicy: z.enum(reviewPolicies).default("approved"),
  includeSolved: z.boolean().default(false),
  /** Whether solutions count whose verdicts are of an older checkpoint than their campaign's newest. */
  includeStale: z.boolean().default(false),
  /** D_k of a campaign: solutions of its iterations up to this one instead of those of a run. */
  iteration: IterationKey.nullable().default(null),
});
export type DatasetInput = z.input<typeof DatasetInput>;

/** What a dataset would hold, and its hash, without freezing it. */
export async function previewDataset(
  { store }: Pick<Deps, "store">,
  input: z.output<typeof DatasetInput>,
): Promise<{ card: DatasetCard; contentHash: string; recipe: Recipe }> {
  const { selection, runId, reviewPolicy, includeSolved, includeStale, iteration } = input;
  const recipe = {
    trajectoryIds: await resolveSelection(store, selection),
    runId,
    reviewPolicy,
    includeSolved,
    includeStale,
    iteration,
  };
  const card = emptyCard(reviewPolicy);
  const hash = createHash("sha256");
  for await (const example of makeExamples(store, recipe, card)) hash.update(canonicalJson(example) + "\n");
  return { card, contentHash: hash.digest("hex"), recipe };
}

/**
 * Freezes a dataset: its examples are stored as they are now and never change.
 * @throws AppError invalid_input when nothing would be trained, conflict when a fact changed while freezing
 */
export async function curateDataset(
  deps: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof DatasetInput>,
): Promise<DatasetRow> {
  const { card, contentHash, recipe } = await previewDataset(deps, input);
  if (card.trainedTurns === 0)
    throw new AppError("invalid_input", "nothing in this selection would be trained", {
      fix:
        input.reviewPolicy === "approved"
          ? "approve actions on the review page first, or choose “all not vetoed”"
          : "choose trajectories with a solution",
    });
  return deps.store.datasets.freeze(
    {
      name: input.name,
      reviewPolicy: input.reviewPolicy,
      selection: { ...recipe, selection: input.selection },
      card,
      contentHash,
      personId,
      ...(input.iteration ? { iteration: input.iteration } : {}),
    },
    unchanged(deps.store, recipe, contentHash),
  );
}

function makeExamples(store: Deps["store"], recipe: Recipe, card: DatasetCard): AsyncIterable<Example> {
  const { iteration } = recipe;
  if (iteration === null) return examplesOf(store, recipe, card);
  return campaignExamples(store, { ...recipe, iteration }, card);
}

async function* unchanged(store: Deps["store"], recipe: Recipe, expected: string) {
  const hash = createHash("sha256");
  for await (const example of makeExamples(store, recipe, emptyCard(recipe.reviewPolicy))) {
    const text = canonicalJson(example);
    hash.update(text + "\n");
    yield { example, text, split: "train" as const };
  }
  if (hash.digest("hex") !== expected)
    throw new AppError("conflict", "a review or rollout came in while the dataset was being frozen", {
      fix: "freeze it again",
      retryable: true,
    });
}

/** Datasets, newest first. */
export function listDatasets(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
): Promise<Page<DatasetRow>> {
  return store.datasets.list(cursor, PAGE);
}

/** @throws AppError not_found */
export function getDataset({ store }: Pick<Deps, "store">, datasetId: number): Promise<DatasetRow> {
  return store.datasets.get(datasetId);
}

/** Some examples of a dataset, from an index on. */
export function datasetExamples(
  { store }: Pick<Deps, "store">,
  datasetId: number,
  from: number,
): Promise<Example[]> {
  return store.datasets.examples(datasetId, from, PAGE);
}

export { exportDataset, exportFormats } from "./exports";
