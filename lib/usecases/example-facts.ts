import { createHash } from "node:crypto";
import { newestCheckpoint } from "@/lib/core/campaign";
import type { CampaignExpert, EpisodeStart, IterationKey } from "@/lib/core/campaign-store";
import type { DatasetSource, FrozenFacts } from "@/lib/core/dataset-recipe";
import type { MinedFacts, RunRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Step, Trajectory } from "@/lib/core/trajectory";

/** Trajectories asked for at once; fewer come where they are long. */
const BATCH = 100;

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
  /** In the order given, as many at once as can be held together. */
  trajectories(trajectoryIds: number[]): AsyncIterable<StoredTrajectory[]>;
  driverOf(environmentId: number): Promise<string | null>;
  run(runId: number): Promise<RunRow>;
  /** Runs that looked at each of some trajectories, the newest first. */
  runsOf(trajectoryIds: number[]): Promise<Map<number, RunRow[]>>;
  /** Whether a run's verdicts are of an older checkpoint than its campaign's newest. */
  isStale(runId: number): Promise<boolean>;
  mined(runId: number, trajectoryIds: number[]): Promise<Map<number, MinedFacts>>;
  /** The steps of each of some rollouts. */
  stepsOf(rolloutIds: number[]): Promise<Map<number, Step[]>>;
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

  trajectories = (ids: number[]) => trajectoriesIn(this.store, ids);
  stepsOf = (rolloutIds: number[]) => stepsIn(this.store, rolloutIds);
  run = (runId: number) =>
    once(this.runs, runId, () =>
      this.asked(
        () => this.store.runs.get(runId),
        ({ alpha, minAttempts, ruleVersion, checkpoint }) => [alpha, minAttempts, ruleVersion, checkpoint],
      ),
    );
  isStale = (runId: number) =>
    once(this.stale, runId, () =>
      this.asked(async () => (await this.store.campaigns.staleness(runId)) !== null),
    );
  campaign = (at: IterationKey) =>
    once(this.campaigns, `${at.campaignId}/${at.iteration}`, () =>
      this.asked(
        () => this.readCampaign(at),
        ({ iterations, ...facts }) => [facts, iterations.map(({ iteration }) => iteration)],
      ),
    );

  async driverOf(environmentId: number): Promise<string | null> {
    const known = this.drivers.get(environmentId);
    if (known !== undefined) return known;
    const { driver } = await this.asked(
      () => this.store.environments.get(environmentId),
      (environment) => environment.driver,
    );
    this.drivers.set(environmentId, driver);
    return driver;
  }

  async runsOf(trajectoryIds: number[]): Promise<Map<number, RunRow[]>> {
    const ids = await this.asked(() => this.store.runs.idsOf(trajectoryIds));
    const of = new Map<number, RunRow[]>(trajectoryIds.map((trajectoryId) => [trajectoryId, []]));
    for (const { trajectoryId, runId } of ids) of.get(trajectoryId)?.push(await this.run(runId));
    return of;
  }

  async mined(runId: number, trajectoryIds: number[]): Promise<Map<number, MinedFacts>> {
    const read = () => this.store.facts(runId, trajectoryIds);
    const found = await this.asked(read, (facts) => [...facts].map(([id, of]) => [id, usedOf(of)]));
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

  /** Whether all that can change, and was read, is still as it was: read again, one after the other. */
  async areAsRead(): Promise<boolean> {
    for (const isAsRead of this.answers.splice(0)) if (!(await isAsRead())) return false;
    return true;
  }

  /** Reads, and remembers what was said: of an answer only what examples are made from. */
  private async asked<T>(read: () => Promise<T>, used: (answer: T) => unknown = (answer) => answer) {
    const said = (answer: T) =>
      createHash("sha256")
        .update(JSON.stringify(used(answer)))
        .digest("base64");
    const answer = await read();
    const then = said(answer);
    this.answers.push(async () => said(await read()) === then);
    return answer;
  }
  private readonly answers: (() => Promise<boolean>)[] = [];

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

/** Trajectories in batches, in the order given. */
export async function* trajectoriesIn(store: Store, ids: number[]): AsyncGenerator<StoredTrajectory[]> {
  for (let from = 0; from < ids.length;) {
    const batch = await store.trajectories.batch(ids.slice(from, from + BATCH));
    yield batch;
    from += batch.length;
  }
}

export async function stepsIn(store: Store, rolloutIds: number[]): Promise<Map<number, Step[]>> {
  if (rolloutIds.length === 0) return new Map();
  const rollouts = await store.rollouts.getMany(rolloutIds);
  return new Map(rollouts.map(({ rolloutId, steps }) => [rolloutId, steps]));
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
