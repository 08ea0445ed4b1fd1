import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "@/lib/core/canonical";
import type { DatasetCard } from "@/lib/core/dataset";
import { RecipeSettings, type Recipe } from "@/lib/core/dataset-recipe";
import type { FrozenRow } from "@/lib/core/dataset-store";
import { AppError } from "@/lib/core/errors";
import type { DatasetRow, Page, ReviewPolicy } from "@/lib/core/rows";
import type { Deps } from "./deps";
import { Account } from "./dataset-account";
import { datasetExamples, hashedLine } from "./dataset-examples";
import { FactsNow } from "./example-facts";
import { resolveSelection, Selection } from "./selection";

const PAGE = 50;

/** What a dataset is made of. Under the name of another dataset it becomes the next version of it. */
export const DatasetInput = z.strictObject({
  name: z.string().trim().min(1).max(200),
  selection: Selection,
  ...RecipeSettings.shape,
});
export type DatasetInput = z.input<typeof DatasetInput>;

/** What a dataset would hold, and its hash, without freezing it; and what it would be refused for. */
export async function previewDataset({ store }: Pick<Deps, "store">, input: z.output<typeof DatasetInput>) {
  const { name: _, selection, ...settings } = input;
  const recipe: Recipe = { ...settings, trajectoryIds: await resolveSelection(store, selection) };
  const facts = new FactsNow(store);
  const account = accountOf(recipe, selection);
  const hash = createHash("sha256");
  for await (const { example, split } of datasetExamples(facts, recipe, account)) {
    hash.update(hashedLine(canonicalJson(example), split));
    facts.take();
    account.take();
  }
  const { card, refused } = account;
  return { card, contentHash: hash.digest("hex"), recipe, refused, account, facts: facts.frozen() };
}

/** Whether the trajectories were named one by one; a campaign's are its own. */
const accountOf = (recipe: Recipe, selection: Selection) =>
  new Account(recipe, "trajectoryIds" in selection && recipe.iteration === null);

/**
 * Freezes a dataset: its examples are stored as they are now and never change, with what they rest on and what was left
 * out.
 * @throws AppError invalid_input when nothing would be trained, or naming what is stale or undecided and not asked for;
 * conflict when a fact changed while freezing
 */
export async function curateDataset(
  deps: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof DatasetInput>,
): Promise<DatasetRow> {
  const { card, contentHash, recipe, account, facts } = await previewDataset(deps, input);
  account.demandNothingRefused();
  if (card.trainedTurns === card.validation.trainedTurns) throw nothingTrained(card, input.reviewPolicy);
  return deps.store.datasets.freeze(
    {
      name: input.name,
      reviewPolicy: input.reviewPolicy,
      selection: { ...recipe, selection: input.selection, facts },
      card,
      contentHash,
      personId,
      ...(input.iteration ? { iteration: input.iteration } : {}),
    },
    unchanged(deps.store, recipe, accountOf(recipe, input.selection), contentHash),
  );
}

function nothingTrained({ trainedTurns }: DatasetCard, reviewPolicy: ReviewPolicy): AppError {
  if (trainedTurns > 0)
    return new AppError("invalid_input", "everything in this selection would be held out for validation", {
      fix: "hold out a smaller share, or choose trajectories of more subtasks",
    });
  return new AppError("invalid_input", "nothing in this selection would be trained", {
    fix:
      reviewPolicy === "approved"
        ? "approve actions on the review page first, or choose “all not vetoed”"
        : "choose trajectories with a solution",
  });
}

async function* unchanged(
  store: Deps["store"],
  recipe: Recipe,
  account: Account,
  expected: string,
): AsyncGenerator<FrozenRow> {
  const facts = new FactsNow(store);
  const hash = createHash("sha256");
  for await (const { example, split } of datasetExamples(facts, recipe, account)) {
    const text = canonicalJson(example);
    hash.update(hashedLine(text, split));
    yield* notesOf(facts, account);
    yield { example, text, split };
  }
  yield* notesOf(facts, account);
  if (hash.digest("hex") !== expected)
    throw new AppError("conflict", "a review or rollout came in while the dataset was being frozen", {
      fix: "freeze it again",
      retryable: true,
    });
}

function* notesOf(facts: FactsNow, account: Account): Generator<FrozenRow> {
  for (const source of facts.take()) yield { source };
  for (const leftOut of account.take()) yield { leftOut };
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
