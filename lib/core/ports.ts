import type { z } from "zod";
import type { Message, Step, Subtask, TrajectoryDraft } from "./trajectory";
import type { CritiqueStep } from "./critique";
import type { RenderedTrajectory } from "./build-example";
import type { DatasetSplit } from "./dataset-split";
import type { Example, MaskedMessage } from "./example";
import type { Gates } from "./gate";
import type { TrainingSettings } from "./training-settings";

/** What an actor sees: text, and where the environment lists them, the actions open to it. */
export type Observation = { text: string; actions: string[] | null };

/** What an action led to. `reward` is 0..1 and is the episode's return once `done`. */
export type StepResult = Observation & { reward: number; done: boolean };

/**
 * One episode of one subtask. A step after `done` throws AppError `invalid_input`; `close` may be called twice.
 * Two episodes never touch each other.
 */
export interface Episode {
  readonly start: Observation;
  /** What is asked, where only an open episode says it (a remote server); null where the subtask says it. */
  readonly instruction: string | null;
  step(action: string): Promise<StepResult>;
  close(): Promise<void>;
}

export type Capabilities = {
  /** How many episodes may be open at once in this process. */
  concurrentEpisodes: number;
  /** Return at or above which an episode counts as success. */
  successThreshold: number;
  /** Longest episode the environment allows; null where it sets none. */
  maxSteps: number | null;
};

/** Something to know of an environment as it stands: where its data is, which version, how much of it. */
export type EnvironmentFact = { name: string; value: string };

/** A driver with its data loaded: answers actions with observations and rewards. */
export interface Environment {
  /** Identifies rules and data: the same fingerprint gives the same answers. */
  readonly fingerprint: string;
  readonly capabilities: Capabilities;
  /** What it is made of, for people. */
  readonly facts: EnvironmentFact[];
  /** What is known to make its replays differ, one sentence each; empty where it always answers the same. */
  readonly caveats: string[];
  /** Messages before the first observation that belong to it; empty means the prompt of lib/prompts. */
  readonly opening: Message[];
  /** All task instances, in the environment's own order. */
  subtasks(): Promise<Subtask[]>;
  /** @throws AppError not_found (no such subtask), environment_unavailable (not reachable), environment_error (broken) */
  open(subtaskKey: string, signal?: AbortSignal): Promise<Episode>;
  /** What is compared when a replay is checked against a recording; says nothing about what is shown. */
  normalize(observation: string): string;
  close(): Promise<void>;
}

/** One kind of environment: a folder in lib/environments and a line in its registry. */
export interface EnvironmentDriver<Config = unknown> {
  readonly driverId: string;
  readonly title: string;
  /** One sentence for people: what it is and where its data comes from. */
  readonly description: string;
  /** What `normalize` ignores, in words. */
  readonly normalizer: string;
  /** What has to be there before it can connect, in words (Java, a server); null where nothing does. */
  readonly needs: string | null;
  readonly Config: z.ZodType<Config>;
  connect(config: Config): Promise<Environment>;
}

/** What a policy is asked: everything a model would see, and nothing it would not. */
export type Turn = {
  conversation: Conversation;
  /** Steps taken so far, replayed expert steps included. */
  history: Step[];
  observation: Observation;
  /** Derived from the rollout's natural key and the step; a policy that draws at random draws from this. */
  seed: number;
  /**
   * Turns of one subtask carry the same word, whichever trajectory, state and attempt they belong to: their prompts begin
   * alike, and a server that has just read one reads the next faster. Only for choosing where to ask.
   */
  affinity: string;
  signal: AbortSignal;
  /** Told what each answered call took, at once: a turn that fails later has cost it all the same. */
  spent?: (usage: Usage) => void;
};

/** What frames an episode for a model: the driver's prompt, or the messages the source came with. */
export type Conversation = {
  /** Which prompt file speaks; null for imported conversations that bring their own opening. */
  driverId: string | null;
  instruction: string;
  opening: Message[];
};

export type Usage = { promptTokens: number; completionTokens: number };

/** Price of a thousand tokens in and out, in whatever currency the budget is in. */
export type Prices = { promptPer1k: number; completionPer1k: number };

/** What a policy answered. `message` is the reply as it was written. */
export type Reply = { thought: string | null; action: string; message: Message; usage: Usage | null };

/**
 * The thing that acts.
 * @throws AppError endpoint_rejected (configuration: no call can work), endpoint_unavailable, rate_limited, content_filter,
 * request_refused (infrastructure), context_overflow or bad_reply (no action could be read after the allowed retries);
 * none of them is evidence unless the run declares it
 */
export interface Policy {
  /** Which weights act, e.g. `gpt-4o-2024-08-06` or `shopper-weak@1`: verdicts belong to it. */
  readonly checkpoint: string;
  /** Version of the prompt it is asked with. */
  readonly promptVersion: string;
  /** What its tokens cost; absent where they cost nothing or nobody said. */
  readonly prices?: Prices | null;
  /** Most calls it can be asked at once to advantage; absent where one after the other is as fast. */
  readonly callsAtOnce?: number;
  act(turn: Turn): Promise<Reply>;
}

/** An opinion on every action of a trajectory, from one pass over its recording. */
export type CriticReply = { steps: CritiqueStep[]; usage: Usage };

/**
 * A model that reads a recording and says what it thinks of every action. It needs no environment and changes nothing.
 * @throws AppError as a policy does; bad_reply when no reply has the asked form
 */
export interface Critic {
  readonly checkpoint: string;
  readonly promptVersion: string;
  /** @param spent told what each answered call took, at once */
  critique(
    trajectory: TrajectoryDraft,
    asked: { seed: number; signal: AbortSignal; spent?: (usage: Usage) => void },
  ): Promise<CriticReply>;
}

/** One kind of policy: a file in lib/policies and a line in its registry. */
export interface PolicyDriver<Config = unknown> {
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly Config: z.ZodType<Config>;
  /** @param gates shared ways to endpoints; without them its calls are limited by nothing */
  connect(config: Config, secret: string | null, gates?: Gates): Policy;
  /** The same model as a critic; absent where there is no model to ask. */
  critic?(config: Config, secret: string | null, gates?: Gates): Critic;
}

/** One record read from a file: the drafts in it, or why it was rejected. */
export type ImportRecord =
  | {
      ok: true;
      line: number;
      format: string;
      draft: TrajectoryDraft;
      /** By what the record said which replies to train on, e.g. `messages.weight`; not imported. */
      mask: string | null;
    }
  | { ok: false; line: number; byteOffset: number; reason: string; sample: string };

/** One outside format. `line` is 1-based: the line of JSONL, or the element's number in a JSON array. */
export interface Importer {
  readonly format: string;
  readonly title: string;
  /** Whether a record looks like this format; looks at keys only, cheap. */
  recognises(record: unknown): boolean;
  /** @throws AppError invalid_input with what is wrong and where in the record */
  read(record: unknown, defaults: ImportDefaults): TrajectoryDraft;
}

/** What the person importing says about records that do not say it themselves. */
export type ImportDefaults = {
  environment: string | null;
  source: "expert" | "agent";
  model: string | null;
  /** Records without a reward: leave the outcome unknown, or take them as solved (AgentTraj-L holds successes only). */
  withoutReward: "unknown" | "solved";
};

export { datasetSplits as splits, type DatasetSplit as Split } from "./dataset-split";

/** One line of an export, and what of the trimmed example is in it. */
export type ExportRow = {
  /** The row as it is written: JSON. */
  value: unknown;
  /** For each message of the trimmed example, its index among the row's messages; null where this row does not hold it. */
  positions: (number | null)[];
  /** Which messages of the trimmed example the loss covers in this row, ascending; empty where `shape` has no mask. */
  trained: number[];
  /** Replies the loss is about for better or worse, in the order of the row, where `shape` has no mask. */
  judged?: JudgedReply[];
  /** What the sidecar says of this row beyond its turns: what a pair or a label rests on. */
  because?: Record<string, unknown>;
};

/** A reply to be drawn to (`good`) or away from. `position`: its index among the messages of the row, or the steps. */
export type JudgedReply = { message: MaskedMessage; position: number; good: boolean };

/** What rows may need besides the example: facts that never change, read once per trajectory. */
export type ExportContext = {
  /** The expert trajectory of the example as chat messages; null unless the exporter `needs` it. */
  trajectory: RenderedTrajectory | null;
  /** The dataset's examples of the same trajectory in this split, this one among them; empty unless the exporter `needs` them. */
  siblings: readonly Example[];
  /**
   * Whether some example of the subtask in this split, of whichever trajectory, trains the last of these actions after the
   * others: what one example trains is not bad in another. Never so unless the exporter `needs` the trajectory.
   */
  trains(actions: readonly string[]): boolean;
  /** True the first time it is asked for a key while rows of one trajectory are made: several examples may share an action. */
  first(key: string): boolean;
};

/** One split that has rows. */
export type KitSplit = {
  split: DatasetSplit;
  /** The data file in the folder. */ file: string;
  rows: number;
};

/** What the files beside the data are written from, known once the data has been written. */
export type Kit = {
  /** The dataset's name as a file name: letters, digits, `.`, `_` and `-`. */
  name: string;
  /** Those with rows, train first. */
  splits: KitSplit[];
  /** Characters of the longest row: what a trainer's default would cut. */
  longestRow: number;
  /** Whether any row calls tools. */
  hasTools: boolean;
  /** What a training asks of the trainer, where the folder is written for one. */
  settings: TrainingSettings | null;
};

/** A text file of the folder; `path` is relative to it. */
export type KitFile = { path: string; text: string };

/**
 * Which training run a file is (formats.md 2.4): one row with a flag per turn; one row per trained turn with what came
 * before as context; pairs of a better and a worse action; rows with a label; or nothing to train on.
 */
export type ExportShape = "masked" | "exploded" | "pairs" | "labels" | "table" | "view";

/** What a trainer does by default to rows that are too long, and the setting that changes it (formats.md R6). */
export type Truncation = {
  tokens: number;
  does: "cuts the end" | "cuts the start" | "drops the row" | "stops the run";
  setting: string;
};

/** A column of a table; a cell that is absent is null. */
export type ExportColumn = { name: string; type: "string" | "integer" | "number" | "boolean" | "json" };

/**
 * How rows become bytes: one JSON object per line; a file of its own per row, whose `value` is a list of lines; or a table
 * with these columns.
 */
export type Encoding =
  | { kind: "jsonl" }
  | { kind: "files" }
  | { kind: "csv"; columns: readonly ExportColumn[] }
  | { kind: "parquet"; columns: readonly ExportColumn[] };

/** One target of a download: turns examples into rows, and says how the trainer is told what to train on. */
export interface Exporter {
  readonly format: string;
  readonly title: string;
  /** Where it stands in the picker. */
  readonly family: "hosted" | "trainer" | "preference" | "view";
  readonly shape: ExportShape;
  /** How the trainer is told what to train on, in words. */
  readonly mask: string;
  readonly encoding: Encoding;
  /** What `rows` reads of its context: nothing, the examples beside this one, or those and the expert trajectory. */
  readonly needs: "example" | "siblings" | "trajectory";
  /** What its defaults do to long rows; null where nothing is known. */
  readonly truncation: Truncation | null;
  /** The command that trains with the folder, run inside it; null where there is none. */
  readonly command: string | null;
  /** How its check is run, where `python check.py` does not do. */
  readonly checkCommand?: string;
  /** Columns of its data for the Hub's card, in YAML, where the first rows do not have all of them. */
  readonly features?: readonly string[];
  /** Name of the data file, e.g. `train.jsonl`; of the folder where every row is a file of its own. */
  dataFile(split: DatasetSplit): string;
  /**
   * Rows of one example, already trimmed (R1-R5): no row without a trained turn, a flag on every assistant message, no
   * key the target refuses. The same example gives the same rows, whatever the order of its keys.
   */
  rows(example: Example, context: ExportContext): ExportRow[];
  /** A turn as the text this format writes it as, where it has no `tool_calls` of its own. */
  readonly asText?: (message: MaskedMessage) => string;
  /** Trainer configuration and scripts of the folder; data, sidecars, README and checksums are added to them. */
  files(kit: Kit): KitFile[];
}
