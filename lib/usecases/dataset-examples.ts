import { createHash } from "node:crypto";
import { countExample, type DatasetCard } from "@/lib/core/dataset";
import { applyMix, type Candidate } from "@/lib/core/dataset-mix";
import type { LeftOutReason, Recipe } from "@/lib/core/dataset-recipe";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { Example } from "@/lib/core/example";
import { campaignExamples } from "./campaign-examples";
import { Account, type Built } from "./dataset-account";
import type { ExampleFacts, FactsRead } from "./example-facts";
import { examplesOf } from "./examples";

/** Facts that may say what was read of them. */
type ReadFacts = ExampleFacts & Partial<Pick<FactsRead, "take">>;

/** An example as it stands in a dataset. */
export type Placed = { example: Example; split: DatasetSplit };

/**
 * The examples of a dataset in its order, counted into the account: those of the kinds asked for, no more of a subtask
 * than asked for, each in its split. The same facts give the same examples.
 */
export async function* datasetExamples(
  facts: ReadFacts,
  recipe: Recipe,
  account: Account,
): AsyncGenerator<Placed> {
  const out = recipe.capPerSubtask === null ? null : await limited(facts, recipe);
  const count = new Counted(account.card);
  let index = 0;
  for await (const built of builtBy(facts, recipe, account)) {
    const why = recipe.kinds.includes(built.example.kind) ? (out?.[index++] ?? null) : "kind";
    if (why) account.leaveOut(leftOut(built.example, why));
    else {
      const split = splitOf(recipe, built.example);
      count.add(built, split);
      yield { example: built.example, split };
    }
  }
}

/**
 * The split of a subtask: its examples are all in the same one, in every dataset with this seed, and a larger share
 * holds out what a smaller one did and more.
 */
export function splitOf(
  { validationShare, splitSeed }: Pick<Recipe, "validationShare" | "splitSeed">,
  subtask: Pick<Example, "environment" | "subtaskKey">,
): DatasetSplit {
  if (validationShare === 0) return "train";
  const text = JSON.stringify([splitSeed, subtask.environment, subtask.subtaskKey]);
  const draw = createHash("sha256").update(text).digest().readUIntBE(0, 6) / 2 ** 48;
  return draw < validationShare ? "validation" : "train";
}

/** What a dataset's content hash is made of: its examples in order, each as its text; a held-out one says so. */
export const hashedLine = (text: string, split: DatasetSplit): string =>
  split === "train" ? `${text}\n` : `${text}\t${split}\n`;

function builtBy(facts: ExampleFacts, recipe: Recipe, account: Account): AsyncIterable<Built> {
  const { iteration } = recipe;
  if (iteration === null) return examplesOf(facts, recipe, account);
  return campaignExamples(facts, { ...recipe, iteration }, account);
}

/** What keeps each example of the kinds asked for out, in order: all are looked at before any is taken. */
async function limited(facts: ReadFacts, recipe: Recipe) {
  const candidates: Candidate[] = [];
  const account = new Account(recipe, false);
  for await (const { example, confirmed, probability } of builtBy(facts, recipe, account)) {
    account.take();
    if (recipe.kinds.includes(example.kind))
      candidates.push({ subtask: subtaskOf(example), confirmed, probability });
  }
  facts.take?.();
  return applyMix(candidates, recipe);
}

const subtaskOf = ({ environment, subtaskKey }: Example): string => `${environment}/${subtaskKey}`;

const leftOut = ({ provenance: { trajectoryId, importantState } }: Example, reason: LeftOutReason) => ({
  ...{ trajectoryId, importantState, reason, reviewer: null },
});

/** Counts what goes in. */
class Counted {
  private readonly subtasks = new Set<string>();
  private readonly heldOut = new Set<string>();
  private lastTrajectory = 0;

  constructor(private readonly card: DatasetCard) {}

  add({ example, stale, confirmed }: Built, split: DatasetSplit): void {
    const { waterfall, validation } = this.card;
    countExample(this.card, example, split);
    if (stale) this.card.stale += 1;
    if (!confirmed) this.card.undecided += 1;
    const { trajectoryId, rollout } = example.provenance;
    // An agent's own episode is not of the chosen trajectories.
    const isEpisode = example.kind === "rft" && rollout === null;
    if (!isEpisode && trajectoryId !== this.lastTrajectory) waterfall.inDataset += 1;
    this.lastTrajectory = trajectoryId;
    waterfall.subtasks = this.subtasks.add(subtaskOf(example)).size;
    if (split === "validation") validation.subtasks = this.heldOut.add(subtaskOf(example)).size;
  }
}
