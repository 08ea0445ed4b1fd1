import { newestCheckpoint } from "@/lib/core/campaign";
import type { CampaignExpert, EpisodeStart, IterationKey } from "@/lib/core/campaign-store";
import type { DatasetSource, FrozenFacts } from "@/lib/core/dataset-recipe";
import type { MinedFacts, RunRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Step, Trajectory } from "@/lib/core/trajectory";

export type StoredTrajectory = Trajectory & { environmentName: string };

export type CampaignFacts = {
  environmentId: number;
  /** Its newest checkpoint. */
  newest: string;
  /** Its iterations with a run up to the one asked for, the newest first. */
  iterations: { iteration: number; run: RunRow }[];
  starts: EpisodeStart[];
  experts: CampaignExpert[];
};

/** All that examples are made from: as it is now, or as it was when a dataset was frozen. */
export interface ExampleFacts {
  trajectory(trajectoryId: number): Promise<StoredTrajectory>;
  driverOf(environmentId: number): Promise<string | null>;
  run(runId: number): Promise<RunRow>;
  /** Runs that looked at a trajectory, the newest first. */
  runsOf(trajectoryId: number): Promise<RunRow[]>;
  /** Whether a run's verdicts are of an older checkpoint than its campaign's newest. */
  isStale(runId: number): Promise<boolean>;
  mined(runId: number, trajectoryIds: number[]): Promise<Map<number, MinedFacts>>;
  stepsOf(rolloutId: number): Promise<Step[]>;
  campaign(at: IterationKey): Promise<CampaignFacts>;
}

/** What was read of it, to be kept with the dataset. */
export interface FactsRead {
  /** Evidence and decisions that were read since this was asked last. */
  take(): DatasetSource[];
  frozen(): FrozenFacts;
}

/** The facts as they are now. Runs, drivers and campaigns are read once, so that one reading is of one state of them. */
export class FactsNow implements ExampleFacts, FactsRead {
  private sources: DatasetSource[] = [];
  private readonly runs = new Map<number, Promise<RunRow>>();
  private readonly stale = new Map<number, Promise<boolean>>();
  private readonly drivers = new Map<number, string | null>();
  private readonly campaigns = new Map<string, Promise<CampaignFacts>>();
  private campaignFacts: FrozenFacts["campaign"] = null;

  constructor(private readonly store: Store) {}

  trajectory = (trajectoryId: number) => this.store.trajectories.get(trajectoryId);
  stepsOf = async (rolloutId: number) => (await this.store.rollouts.get(rolloutId)).steps;
  run = (runId: number) => once(this.runs, runId, () => this.store.runs.get(runId));
  isStale = (runId: number) =>
    once(this.stale, runId, async () => (await this.store.campaigns.staleness(runId)) !== null);
  campaign = (at: IterationKey) =>
    once(this.campaigns, `${at.campaignId}/${at.iteration}`, () => this.readCampaign(at));

  async driverOf(environmentId: number): Promise<string | null> {
    const known = this.drivers.get(environmentId);
    if (known !== undefined) return known;
    const { driver } = await this.store.environments.get(environmentId);
    this.drivers.set(environmentId, driver);
    return driver;
  }

  async runsOf(trajectoryId: number): Promise<RunRow[]> {
    const runs = await this.store.runs.of(trajectoryId);
    return Promise.all(runs.map((run) => once(this.runs, run.runId, () => Promise.resolve(run))));
  }

  async mined(runId: number, trajectoryIds: number[]): Promise<Map<number, MinedFacts>> {
    const found = await this.store.facts(runId, trajectoryIds);
    if (found.size === 0) return found;
    const { alpha, minAttempts, ruleVersion, checkpoint } = await this.run(runId);
    const of = { runId, alpha, minAttempts, ruleVersion, checkpoint, stale: await this.isStale(runId) };
    for (const [trajectoryId, facts] of found) this.sources.push({ trajectoryId, ...of, ...usedOf(facts) });
    return found;
  }

  take(): DatasetSource[] {
    const taken = this.sources;
    this.sources = [];
    return taken;
  }

  frozen(): FrozenFacts {
    return { drivers: Object.fromEntries(this.drivers), campaign: this.campaignFacts };
  }

  private async readCampaign(at: IterationKey): Promise<CampaignFacts> {
    const { campaigns } = this.store;
    const { environmentId } = await campaigns.get(at.campaignId);
    const all = await campaigns.iterations(at.campaignId);
    const newest = newestCheckpoint(all) ?? "";
    const asked = all.flatMap(({ iteration, runId }) =>
      iteration <= at.iteration && runId !== null ? [{ iteration, runId }] : [],
    );
    const iterations = await Promise.all(
      asked.reverse().map(async ({ iteration, runId }) => ({ iteration, run: await this.run(runId) })),
    );
    const starts = await campaigns.starts(at);
    this.campaignFacts = {
      newest,
      iterations: iterations.map(({ iteration }) => iteration),
      starts: starts.map(({ trajectoryId }) => trajectoryId),
    };
    return { environmentId, newest, iterations, starts, experts: await campaigns.experts(at.campaignId) };
  }
}

function usedOf({ rollouts, reviews }: MinedFacts) {
  const idsOf = (wanted: boolean) =>
    rollouts
      .filter(({ status }) => status !== "cancelled" && (status === "completed") === wanted)
      .map(({ rolloutId }) => rolloutId);
  const lastReviewId = Math.max(0, ...reviews.map(({ reviewId }) => reviewId));
  return { completed: idsOf(true), open: idsOf(false), lastReviewId };
}

function once<K, V>(kept: Map<K, Promise<V>>, key: K, read: () => Promise<V>): Promise<V> {
  const known = kept.get(key);
  if (known) return known;
  const reading = read();
  kept.set(key, reading);
  return reading;
}
