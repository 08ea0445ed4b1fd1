import { z } from "zod";
import { IterationKey } from "./campaign-store";
import { exampleKinds, type Example } from "./example";
import { reviewPolicies } from "./rows";

const Id = z.number().int().positive();

/** Content that is refused unless a recipe says what to do with it. */
export const doubts = ["stale", "undecided"] as const;
export type Doubt = (typeof doubts)[number];

/** What of a selection a dataset takes. Every field has a default, so that a recipe of an older version is read as it was meant. */
export const RecipeSettings = z.strictObject({
  /** Verdicts come from this run; null: from `runIds`, or from each trajectory's newest where those are none. */
  runId: Id.nullable().default(null),
  /** Verdicts of a trajectory come from the newest of these runs that has evidence on it. */
  runIds: z.array(Id).max(100).default([]),
  reviewPolicy: z.enum(reviewPolicies).default("approved"),
  /** Whether solved expert trajectories of the selection are cloned. */
  includeSolved: z.boolean().default(false),
  /** Solutions with verdicts of an older checkpoint than their campaign's newest are taken, on purpose. */
  includeStale: z.boolean().default(false),
  /** Solutions whose expert part is undecided are taken, on purpose. */
  includeUndecided: z.boolean().default(false),
  /** Doubtful content is left out, on purpose, instead of refused. */
  leaveOut: z.array(z.enum(doubts)).default([]),
  /** D_k of a campaign: solutions of its iterations up to this one instead of those of a run. */
  iteration: IterationKey.nullable().default(null),
  /** The share of subtasks held out for validation, 0..0.5. */
  validationShare: z.number().min(0).max(0.5).default(0),
  /** Another seed holds out other subtasks; the same one always the same, in every version. */
  splitSeed: z.number().int().min(0).max(2_147_483_647).default(0),
  /** The most examples of one subtask; null: no limit. */
  capPerSubtask: z.number().int().min(1).max(100_000).nullable().default(null),
  /** EEF is `eef` and `promoted`, RFT is `rft`, BC is `bc`, which needs `includeSolved` as well. */
  kinds: z
    .array(z.enum(exampleKinds))
    .min(1)
    .default([...exampleKinds]),
});
export type RecipeSettings = z.infer<typeof RecipeSettings>;

/** What decides which examples a selection gives. */
export type Recipe = RecipeSettings & { trajectoryIds: number[] };

/** What was read beside trajectories, runs and reviews when a dataset was frozen. */
export const FrozenFacts = z.object({
  /** The driver of each environment, by its id: it decides how an episode opens. */
  drivers: z.record(z.string(), z.string().nullable()),
  /** Of the campaign: the checkpoint that was its newest, its iterations that had a run, and the episodes it took from. */
  campaign: z
    .object({ newest: z.string(), iterations: z.array(z.number().int()), starts: z.array(Id) })
    .nullable(),
});
export type FrozenFacts = z.infer<typeof FrozenFacts>;

/** A recipe as it is kept with its dataset; `facts` is absent where it was frozen before they were kept. */
export const StoredRecipe = z
  .object({
    ...RecipeSettings.shape,
    trajectoryIds: z.array(Id).default([]),
    selection: z.unknown(),
    facts: FrozenFacts.optional(),
  })
  .transform(({ selection, facts, ...recipe }) => ({ recipe, selection, facts: facts ?? null }));
export type StoredRecipe = z.infer<typeof StoredRecipe>;

/** Evidence and decisions on one trajectory in one run, as they were when a dataset was frozen. */
export type DatasetSource = {
  trajectoryId: number;
  runId: number;
  alpha: number;
  minAttempts: number;
  ruleVersion: string;
  checkpoint: string;
  /** Of an older checkpoint than its campaign's newest. */
  stale: boolean;
  /** Rollouts that had come to an answer, and those planned or broken then: neither for nor against. */
  completed: number[];
  open: number[];
  /** Decisions up to this one count; 0 where there was none. */
  lastReviewId: number;
};

/** Why something that could have been an example is not in a dataset. */
export const leftOutReasons = [
  ...(["unsolved", "undecided", "vetoed", "notApproved", "noSteps", "stale"] as const),
  ...(["kind", "capped", "otherStart"] as const),
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

export type LeftOut = {
  trajectoryId: number;
  /** The state it would have solved; null for a cloned or promoted one. */
  importantState: number | null;
  reason: LeftOutReason;
  /** Who vetoed it; null otherwise. */
  reviewer: string | null;
};

/** Something that a dataset is not frozen with until a person says what is meant. */
export type Refusal = LeftOut & {
  doubt: Doubt;
  /** Actions of it that a person approved, which would be lost. */
  approved: number[];
  approvedBy: string | null;
};

/** What an example is, in whichever dataset: one trajectory gives one per important state. */
export const exampleKey = ({ kind, provenance }: Pick<Example, "kind" | "provenance">): string =>
  `${provenance.trajectoryId}/${provenance.importantState ?? kind}`;
