import { z } from "zod";
import type { CampaignConfig, IterationFacts } from "./campaign";
import type { SubtaskChoice } from "./collection";
import type { Prices } from "./ports";
import type { Start } from "./repository";
import type { Page } from "./rows";

export type CampaignRow = {
  campaignId: number;
  name: string;
  environmentId: number;
  environment: string;
  /** Whose trajectories are the expert's; null: anyone's. */
  model: string | null;
  /** Its training subtasks; null: every one. */
  choice: SubtaskChoice | null;
  /** Expert trajectories stored later take no part, so that figures of iterations compare. */
  lastTrajectoryId: number;
  config: CampaignConfig;
  createdBy: string;
  createdAt: Date;
};

export const IterationKey = z.strictObject({
  campaignId: z.number().int().positive(),
  iteration: z.number().int().min(0),
});
export type IterationKey = z.infer<typeof IterationKey>;
export type IterationRow = IterationKey & {
  policyId: number;
  policy: string;
  checkpoint: string;
  prices: Prices | null;
  collectionId: number | null;
  runId: number | null;
  datasetId: number | null;
  createdAt: Date;
};

/** An expert trajectory that takes part in a campaign. */
export type CampaignExpert = {
  trajectoryId: number;
  subtaskId: number;
  success: boolean | null;
  stepCount: number;
};

/** An agent's successful episode from the start of a subtask. */
export type EpisodeStart = Start & { trajectoryId: number };

/** A campaign whose newest checkpoint is not the one that a run's verdicts are of. */
export type Staleness = Pick<CampaignRow, "campaignId" | "name"> & { checkpoint: string };

/** Campaigns, and what is derived of their iterations. */
export interface CampaignStore {
  /** Takes in the expert trajectories that are there now. */
  create(
    campaign: Pick<CampaignRow, "name" | "environmentId" | "model" | "choice" | "config"> & {
      personId: number;
    },
  ): Promise<CampaignRow>;
  get(campaignId: number): Promise<CampaignRow>;
  list(cursor: string | null, limit: number): Promise<Page<CampaignRow & { iterations: IterationRow[] }>>;
  /** In the order of trajectory ids. @param among these, as a dataset took them, whatever the choice of subtasks comes to now */
  experts(campaignId: number, among?: number[]): Promise<CampaignExpert[]>;
  /** Ascending from 0. */
  iterations(campaignId: number): Promise<IterationRow[]>;
  /**
   * Begins an iteration; one that has begun with the same checkpoint is left as it is.
   * @throws AppError conflict when it began with another, or when the one before has not begun
   */
  begin(
    at: IterationKey,
    policy: Pick<IterationRow, "policyId" | "checkpoint" | "prices">,
  ): Promise<IterationRow>;
  /** What each iteration came to, ascending. */
  facts(campaignId: number): Promise<IterationFacts[]>;
  /** Successful episodes of the collections of iterations up to this one. */
  starts(at: IterationKey): Promise<EpisodeStart[]>;
  /** Null where a run's verdicts are of the newest checkpoint of its campaign, or it is in none. */
  staleness(runId: number): Promise<Staleness | null>;
}
