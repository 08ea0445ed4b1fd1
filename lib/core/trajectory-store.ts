import type { StepText } from "./review-rows";
import type { CappedCount, Page, TrajectoryFilter, TrajectoryListRow, trajectorySorts } from "./rows";
import type { Trajectory, TrajectoryDraft } from "./trajectory";
import type { FoundPassage } from "./words";

/** A trajectory of a subtask, as one chooses among them. */
export type AttemptRow = Pick<
  TrajectoryListRow,
  "trajectoryId" | "source" | "model" | "reward" | "success" | "stepCount"
>;

/** A trajectory without the text of its steps. */
export type TrajectoryAbout = Omit<Trajectory, "steps"> & {
  environmentName: string;
  bestReward: number | null;
  stepCount: number;
};

/** How much of a trajectory its recording tells, to compare a replay with. */
export type Recorded = { recorded: { observations: number; rewards: number } };

/** Stored episodes. */
export interface TrajectoryStore {
  /** Stores a batch in one transaction; content already present is counted, not stored again. */
  add(
    drafts: TrajectoryDraft[],
    importId: number | null,
  ): Promise<{ stored: number; duplicates: number; trajectoryIds: number[] }>;
  /** @throws AppError not_found */
  get(trajectoryId: number): Promise<Trajectory & { environmentName: string; bestReward: number | null }>;
  /**
   * The first of some trajectories, in their order: as many as can be held together, at least one.
   * @throws AppError not_found
   */
  batch(
    trajectoryIds: number[],
  ): Promise<(Trajectory & { environmentName: string; bestReward: number | null })[]>;
  /** Without the text of its steps, however many there are. @throws AppError not_found */
  about(trajectoryId: number): Promise<TrajectoryAbout & Recorded>;
  /** The text of steps from `from` on: at most `count`, and of these as many as fit `maxChars`, at least one. */
  texts(trajectoryId: number, from: number, count: number, maxChars: number): Promise<StepText[]>;
  /** The steps that hold a text in what was seen, thought or done, whatever its case, ascending. */
  find(trajectoryId: number, text: string, limit: number): Promise<number[]>;
  /** The trajectories of the same subtask, itself among them, newest first. @throws AppError not_found */
  attempts(trajectoryId: number, limit: number): Promise<AttemptRow[]>;
  /**
   * Where each of some trajectories says the words a filter looks for; one that does not is left out.
   * @throws AppError invalid_input for too many words
   */
  passages(trajectoryIds: number[], said: string): Promise<FoundPassage[]>;
  list(
    filter: TrajectoryFilter,
    sort: (typeof trajectorySorts)[number],
    cursor: string | null,
    limit: number,
  ): Promise<Page<TrajectoryListRow>>;
  count(filter: TrajectoryFilter, cap: number): Promise<CappedCount>;
  /** Ids in id order, for a run or a dataset over everything a filter matches. */
  ids(filter: TrajectoryFilter, limit: number): Promise<number[]>;
  /** What planning a run or a dataset needs to know of many trajectories, in id order; unknown ids are left out. */
  briefs(
    trajectoryIds: number[],
  ): Promise<Pick<TrajectoryListRow, "trajectoryId" | "source" | "success" | "reward" | "stepCount">[]>;
  models(): Promise<string[]>;
  /** By content hash, external id, or `environment/externalId`. Several matches are an error naming them. */
  resolve(reference: string): Promise<{ trajectoryId: number; stepCount: number }>;
  /** The trajectory after and before this one in the list's order, for walking through it. */
  neighbours(
    trajectoryId: number,
    filter: TrajectoryFilter,
    sort: (typeof trajectorySorts)[number],
  ): Promise<{ previous: number | null; next: number | null }>;
}
