import { z } from "zod";
import type { DatasetSplit } from "./dataset-split";
import { exampleKinds, type Example } from "./example";
import { reviewPolicies } from "./rows";

const Count = z.number().int().min(0);

/** What is in a dataset, what is out and why; derived from the same facts as the examples. */
export const DatasetCard = z.object({
  reviewPolicy: z.enum(reviewPolicies),
  examples: z.record(z.enum(exampleKinds), Count),
  /** Assistant turns the loss covers, and those kept as context only. */
  trainedTurns: Count,
  maskedTurns: Count,
  /** Characters of trained text: what the tokens will come from. */
  trainedCharacters: Count,
  /** The way from chosen trajectories to examples. */
  waterfall: z.object({
    chosen: Count,
    failed: Count,
    mined: Count,
    withSolution: Count,
    inDataset: Count,
    subtasks: Count,
  }),
  /** Solutions left out, by reason. */
  leftOut: z.object({
    unsolved: Count,
    undecided: Count,
    vetoed: Count,
    notApproved: Count,
    noSteps: Count,
    /** Their verdicts are of an older checkpoint than their campaign's newest. */
    stale: Count.default(0),
    /** Of a kind that was not asked for. */
    kind: Count.default(0),
    /** Its subtask had as many as the recipe allows. */
    capped: Count.default(0),
    /** Another success from the start of its subtask is taken. */
    otherStart: Count.default(0),
  }),
  /** Actions a person approved that are not trained: the evidence does not call them beneficial any more. */
  overruled: Count.default(0),
  /** Examples in it, made by request, whose verdicts were of an older checkpoint when it was frozen. */
  stale: Count.default(0),
  /** Examples in it, made by request, whose expert part was undecided. */
  undecided: Count.default(0),
  /** Of the counts above, what is held out. */
  validation: z
    .object({ examples: Count, trainedTurns: Count, subtasks: Count })
    .default({ examples: 0, trainedTurns: 0, subtasks: 0 }),
  checkpoints: z.array(z.string()),
  ruleVersions: z.array(z.string()),
  environments: z.array(z.string()),
});
export type DatasetCard = z.infer<typeof DatasetCard>;

/** A card of nothing yet, to be filled example by example. */
export function emptyCard(reviewPolicy: DatasetCard["reviewPolicy"]): DatasetCard {
  return {
    reviewPolicy,
    examples: { bc: 0, rft: 0, eef: 0, promoted: 0 },
    trainedTurns: 0,
    maskedTurns: 0,
    trainedCharacters: 0,
    waterfall: { chosen: 0, failed: 0, mined: 0, withSolution: 0, inDataset: 0, subtasks: 0 },
    leftOut: {
      unsolved: 0,
      undecided: 0,
      vetoed: 0,
      notApproved: 0,
      noSteps: 0,
      stale: 0,
      kind: 0,
      capped: 0,
      otherStart: 0,
    },
    overruled: 0,
    stale: 0,
    undecided: 0,
    validation: { examples: 0, trainedTurns: 0, subtasks: 0 },
    checkpoints: [],
    ruleVersions: [],
    environments: [],
  };
}

/** Counts one example into the card. */
export function countExample(card: DatasetCard, example: Example, split: DatasetSplit = "train"): void {
  card.examples[example.kind] += 1;
  const turnsBefore = card.trainedTurns;
  for (const message of example.messages) {
    if (message.role !== "assistant") continue;
    if (message.train) {
      card.trainedTurns += 1;
      card.trainedCharacters += trainedText(message).length;
    } else card.maskedTurns += 1;
  }
  if (split === "validation") {
    card.validation.examples += 1;
    card.validation.trainedTurns += card.trainedTurns - turnsBefore;
  }
  addOnce(card.environments, example.environment);
  addOnce(card.checkpoints, example.provenance.checkpoint);
  addOnce(card.ruleVersions, example.provenance.ruleVersion);
}

/** Whether anything of it is trained: an example without a trained turn is never part of a dataset (formats.md, R2). */
export function isTrainable(example: Example): boolean {
  return example.messages.some((message) => message.role === "assistant" && message.train);
}

function trainedText(message: Example["messages"][number]): string {
  return (
    (message.content ?? "") + (message.toolCalls ?? []).map((call) => call.name + call.arguments).join("")
  );
}

function addOnce(list: string[], value: string | null): void {
  if (value === null || list.includes(value)) return;
  list.push(value);
  list.sort();
}
