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
  /** What its preview came to: it is refused when it would not be that any more. Absent: whatever it is now. */
  contentHash: z.string().max(64).optional(),
  ...RecipeSettings.shape,
});
export type DatasetInput = z.input<typeof DatasetInput>;

/** Is told how many of the chosen trajectories were looked at; what it throws ends the work. */
export type Progress = (trajectories: number, of: number) => void;

/** What a dataset would hold, and its hash, without freezing it; and what it would be refused for. */
export async function previewDataset({ store }: Pick<Deps, "store">, input: z.output<typeof DatasetInput>) {
  const { recipe, account } = await recipeOf(store, input);
  const contentHash = await hashOf(store, recipe, account);
  const { card, refused } = account;
  return { card, contentHash, refused };
}

/** The content hash of what a recipe comes to now, counted into the account. */
async function hashOf(store: Deps["store"], recipe: Recipe, account: Account): Promise<string> {
  const facts = new FactsNow(store);
  const hash = createHash("sha256");
  for await (const { example, split } of datasetExamples(facts, recipe, account)) {
    hash.update(hashedLine(canonicalJson(example), split));
    facts.take();
    account.take();
  }
  return hash.digest("hex");
}

async function recipeOf(store: Deps["store"], input: z.output<typeof DatasetInput>) {
  const { name: _, contentHash: _expected, selection, ...settings } = input;
  const recipe: Recipe = { ...settings, trajectoryIds: await resolveSelection(store, selection) };
  // Whether the trajectories were named one by one; a campaign's are its own.
  const byId = "trajectoryIds" in selection && recipe.iteration === null;
  return { recipe, account: new Account(recipe, byId) };
}

/**
 * Freezes a dataset: its examples are stored as they are now and never change, with what they rest on and what was left
 * out.
 * @throws AppError invalid_input when nothing would be trained, or naming what is stale or undecided and not asked for;
 * conflict when a fact changed while freezing, or when it is not what the preview came to
 */
export async function curateDataset(
  deps: Pick<Deps, "store">,
  personId: number,
  input: z.output<typeof DatasetInput>,
  progress?: Progress,
): Promise<DatasetRow> {
  const { store } = deps;
  const { name, selection, reviewPolicy, iteration } = input;
  const { recipe, account } = await recipeOf(store, input);
  const making = new Making(store, recipe, account, progress);
  const asked = { name, reviewPolicy, personId, ...(iteration ? { iteration } : {}) };
  return store.datasets.freeze(asked, making.rows(), async () => {
    const { card } = account;
    account.demandNothingRefused();
    if (card.trainedTurns === card.validation.trainedTurns) throw nothingTrained(card, reviewPolicy);
    const contentHash = making.contentHash();
    if (input.contentHash !== undefined && input.contentHash !== contentHash)
      throw new AppError("conflict", "this is not what the preview showed any more", {
        fix: "look at the preview again, then freeze it",
        retryable: true,
      });
    await demandStill(store, recipe, making.facts, contentHash);
    return { selection: { ...recipe, selection, facts: making.facts.frozen() }, card, contentHash };
  });
}

/** A dataset while it is made: what is to be written, hashed on the way. */
class Making {
  readonly facts: FactsNow;
  private readonly hash = createHash("sha256");

  constructor(
    store: Deps["store"],
    private readonly recipe: Recipe,
    private readonly account: Account,
    private readonly progress?: Progress,
  ) {
    this.facts = new FactsNow(store);
  }

  async *rows(): AsyncGenerator<FrozenRow> {
    const { facts, recipe, account } = this;
    this.progress?.(0, recipe.trajectoryIds.length);
    for await (const { example, split } of datasetExamples(facts, recipe, account)) {
      const text = canonicalJson(example);
      this.hash.update(hashedLine(text, split));
      yield* this.notes();
      // What is refused is still counted to the end, but no longer written.
      if (!account.refusesAny) yield { example, text, split };
      this.progress?.(account.card.waterfall.chosen, recipe.trajectoryIds.length);
    }
    yield* this.notes();
  }

  contentHash(): string {
    return this.hash.digest("hex");
  }

  private *notes(): Generator<FrozenRow> {
    for (const source of this.facts.take()) yield { source };
    for (const leftOut of this.account.take()) yield { leftOut };
  }
}

/**
 * Nothing came in while the facts were read, one after the other: they are as they were, all at one time. Where some are
 * not, as while mining goes on, they may still come to the same examples.
 * @throws AppError conflict
 */
async function demandStill(
  store: Deps["store"],
  recipe: Recipe,
  facts: FactsNow,
  contentHash: string,
): Promise<void> {
  if (await facts.areAsRead()) return;
  if ((await hashOf(store, recipe, new Account(recipe, false))) !== contentHash)
    throw new AppError("conflict", "a review or rollout came in while the dataset was being frozen", {
      fix: "freeze it again",
      retryable: true,
    });
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

/** Datasets, newest first. */
export function listDatasets(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
  limit = PAGE,
): Promise<Page<DatasetRow>> {
  return store.datasets.list(cursor, limit);
}

/** @throws AppError not_found */
export function getDataset({ store }: Pick<Deps, "store">, datasetId: number): Promise<DatasetRow> {
  return store.datasets.get(datasetId);
}
