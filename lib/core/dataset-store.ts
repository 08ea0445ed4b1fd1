import type { IterationKey } from "./campaign-store";
import type { DatasetSource, LeftOut, StoredRecipe } from "./dataset-recipe";
import type { DatasetSplit } from "./dataset-split";
import type { Example } from "./example";
import type { DatasetRow, Page, ReviewPolicy } from "./rows";

/** What a dataset is written from: its examples in order, and between them what they rest on and what was left out. */
export type FrozenRow =
  { example: Example; text: string; split: DatasetSplit } | { source: DatasetSource } | { leftOut: LeftOut };

/** What is said of a dataset as a whole. */
export type FrozenAbout = { selection: unknown; card: unknown; contentHash: string };

/** An example as it is stored: its text is what was frozen, to the byte. */
export type StoredExample = { exampleIndex: number; split: DatasetSplit; text: string };

/** What tells two examples of the same key apart. In the order of trajectories, states (none last) and kinds. */
export type ExampleMark = {
  exampleIndex: number;
  trajectoryId: number;
  importantState: number | null;
  kind: Example["kind"];
  split: DatasetSplit;
  /** Of its text. */
  hash: string;
};

/** Some of the examples of a dataset, in its order; `among`: of these indexes only. */
export type ExamplePart = {
  from: number;
  limit: number;
  split?: DatasetSplit;
  kind?: Example["kind"];
  among?: number[];
};

/** Datasets and what they hold: written once, never changed. */
export interface DatasetStore {
  /** The next version where its name is taken. */
  freeze(
    dataset: {
      name: string;
      reviewPolicy: ReviewPolicy;
      personId: number;
      /** The iteration it is D_k of. @throws AppError conflict when that has its dataset */
      iteration?: IterationKey;
    },
    rows: AsyncIterable<FrozenRow>,
    /** What is known once all rows were read; nothing is frozen where it throws. */
    about: () => Promise<FrozenAbout>,
  ): Promise<DatasetRow>;
  get(datasetId: number): Promise<DatasetRow>;
  list(cursor: string | null, limit: number): Promise<Page<DatasetRow>>;
  /** Every version of a name, the newest first, at most 100. */
  versions(name: string): Promise<DatasetRow[]>;
  recipe(datasetId: number): Promise<StoredRecipe>;
  /** Whose D_k it is; null for one outside campaigns. @throws AppError not_found */
  iteration(datasetId: number): Promise<IterationKey | null>;
  /** All examples in order, or those of one split in the same order, read in batches. */
  stream(datasetId: number, split?: DatasetSplit): AsyncIterable<Example>;
  /** The same, a few hundred kilobytes at a time; each batch can be gone through once, before the next is asked for. */
  batches(datasetId: number, split?: DatasetSplit): AsyncIterable<Iterable<Example>>;
  /** Stored texts in order; fewer than asked for where they are long, none only at the end. */
  texts(datasetId: number, part: ExamplePart): Promise<StoredExample[]>;
  /** The first 500 examples of a split whose trajectories are of the subtask of this one, itself among them. */
  ofSubtask(datasetId: number, split: DatasetSplit, trajectoryId: number): Promise<Example[]>;
  /** Every example's mark, by trajectory and state, read in batches. */
  marks(datasetId: number): AsyncIterable<ExampleMark>;
  /** What the examples of these trajectories rest on. */
  sourcesOf(datasetId: number, trajectoryIds: number[]): Promise<DatasetSource[]>;
  /** One source of each run. */
  sourceRuns(datasetId: number): Promise<DatasetSource[]>;
  /** What was left out of some trajectories. */
  leftOut(datasetId: number, trajectoryIds: number[]): Promise<LeftOut[]>;
}
