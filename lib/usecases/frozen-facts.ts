import type { IterationKey } from "@/lib/core/campaign-store";
import type { DatasetSource, FrozenFacts } from "@/lib/core/dataset-recipe";
import type { MinedFacts, RolloutRow, RunRow } from "@/lib/core/rows";
import { ruleVersions } from "@/lib/core/rule";
import type { Store } from "@/lib/core/store";
import { stepsIn, trajectoriesIn, type CampaignFacts, type ExampleFacts } from "./example-facts";

/** At most so many changes are told; more than a person reads. */
const TOLD = 50;

/**
 * The facts as they were when a dataset was frozen: what came later is left out, and rules, checkpoints and drivers are
 * those of then. What cannot be had back is told in `changes`.
 */
export class FactsThen implements ExampleFacts {
  readonly changes: string[] = [];

  constructor(
    private readonly store: Store,
    private readonly datasetId: number,
    private readonly frozen: FrozenFacts,
  ) {}

  trajectories = (ids: number[]) => trajectoriesIn(this.store, ids);
  stepsOf = (rolloutIds: number[]) => stepsIn(this.store, rolloutIds);

  async driverOf(environmentId: number): Promise<string | null> {
    const then = this.frozen.drivers[environmentId];
    return then === undefined ? (await this.store.environments.get(environmentId)).driver : then;
  }

  async run(runId: number): Promise<RunRow> {
    const [source] = (await this.sources()).filter((each) => each.runId === runId);
    const run = await this.runNow(runId);
    return source ? this.asThen(run, source) : run;
  }

  async runsOf(trajectoryIds: number[]): Promise<Map<number, RunRow[]>> {
    const of = new Map<number, RunRow[]>(trajectoryIds.map((trajectoryId) => [trajectoryId, []]));
    for (const source of (await this.sourcesOf(trajectoryIds)).toSorted((a, b) => b.runId - a.runId))
      of.get(source.trajectoryId)?.push(this.asThen(await this.runNow(source.runId), source));
    return of;
  }

  async isStale(runId: number): Promise<boolean> {
    return (await this.sources()).some((source) => source.runId === runId && source.stale);
  }

  async mined(runId: number, trajectoryIds: number[]): Promise<Map<number, MinedFacts>> {
    const now = await this.store.facts(runId, trajectoryIds);
    const sources = (await this.sourcesOf(trajectoryIds)).filter((each) => each.runId === runId);
    const known = new Map(sources.map((source) => [source.trajectoryId, source]));
    const then = new Map<number, MinedFacts>();
    for (const [trajectoryId, facts] of now) {
      const source = known.get(trajectoryId);
      if (source) then.set(trajectoryId, this.cutAt(source, facts));
    }
    return then;
  }

  async campaign({ campaignId, iteration }: IterationKey): Promise<CampaignFacts> {
    const { campaigns } = this.store;
    const { environmentId } = await campaigns.get(campaignId);
    const of = this.frozen.campaign;
    const { recipe } = await this.store.datasets.recipe(this.datasetId);
    const rows = (await campaigns.iterations(campaignId)).filter((each) =>
      of?.iterations.includes(each.iteration),
    );
    const iterations = await Promise.all(
      rows
        .reverse()
        .flatMap(({ runId, ...each }) =>
          runId === null ? [] : [this.run(runId).then((run) => ({ iteration: each.iteration, run }))],
        ),
    );
    const taken = new Set(of?.starts);
    const starts = (await campaigns.starts({ campaignId, iteration })).filter((each) =>
      taken.has(each.trajectoryId),
    );
    if (starts.length < taken.size)
      this.tell(`${taken.size - starts.length} episodes of the campaign are gone`);
    return {
      environmentId,
      newest: of?.newest ?? "",
      iterations,
      starts,
      experts: await campaigns.experts(campaignId, recipe.trajectoryIds),
    };
  }

  private asThen(run: RunRow, source: DatasetSource): RunRow {
    const ruleVersion = ruleVersions.find((version) => version === source.ruleVersion) ?? run.ruleVersion;
    if (ruleVersion !== source.ruleVersion) this.tell(`rule ${source.ruleVersion} is not known any more`);
    const { alpha, minAttempts, checkpoint } = source;
    return { ...run, alpha, minAttempts, ruleVersion, checkpoint };
  }

  private cutAt(source: DatasetSource, { rollouts, reviews, entry }: MinedFacts): MinedFacts {
    const completed = new Set(source.completed);
    const open = new Set(source.open);
    const then = rollouts.flatMap((rollout): RolloutRow[] => {
      if (completed.has(rollout.rolloutId)) return [rollout];
      return open.has(rollout.rolloutId) ? [{ ...rollout, status: "errored", success: null }] : [];
    });
    const found = then.filter(({ rolloutId, status }) => completed.has(rolloutId) && status === "completed");
    if (found.length < completed.size)
      this.tell(
        `${completed.size - found.length} rollouts of trajectory ${source.trajectoryId} in run ${source.runId} are not as they were`,
      );
    return {
      entry,
      rollouts: then,
      reviews: reviews.filter(({ reviewId }) => reviewId <= source.lastReviewId),
    };
  }

  /** The same trajectories are asked for several times in a row, and never again. */
  private sourcesOf(trajectoryIds: number[]): Promise<DatasetSource[]> {
    const asked = trajectoryIds.join(",");
    if (this.last?.asked !== asked)
      this.last = { asked, sources: this.store.datasets.sourcesOf(this.datasetId, trajectoryIds) };
    return this.last.sources;
  }
  private last: { asked: string; sources: Promise<DatasetSource[]> } | null = null;

  private runNow(runId: number): Promise<RunRow> {
    const known = this.runs.get(runId) ?? this.store.runs.get(runId);
    this.runs.set(runId, known);
    return known;
  }
  private readonly runs = new Map<number, Promise<RunRow>>();

  private async sources(): Promise<DatasetSource[]> {
    return (this.perRun ??= this.store.datasets.sourceRuns(this.datasetId));
  }
  private perRun: Promise<DatasetSource[]> | null = null;

  private tell(change: string): void {
    if (this.changes.length < TOLD && !this.changes.includes(change)) this.changes.push(change);
  }
}
