import { z } from "zod";
import type { TrajectoryFilter } from "@/lib/core/rows";
import type { ReplayState } from "@/lib/core/run";
import type { Verdict } from "@/lib/core/verdict";
import type { Db } from "./client";
import { coverageConditions, subtasksAskedFor } from "./coverage-filter";
import { Prisma } from "./generated/client";
import { fewIds, NARROW } from "./few-ids";
import { read, replayState } from "./rows";
import { demandStorable } from "./text";
import { lookUp, textConditions, type Text } from "./trajectory-text";
import { saidCondition, sayingOf, type Saying } from "./trajectory-said";

/**
 * How a list stands to the runs: `with` rows of the run asked for (or each trajectory's newest), `without` such a row,
 * or `any`.
 */
export type Mined = "with" | "without" | "any";

/** A filter ready to be put into SQL; trajectories are `t`, the run's rows `rt`. */
export type Matching = {
  filter: TrajectoryFilter;
  mined: Mined;
  text: Text | null;
  /** Words looked for in steps. */
  saying: Saying | null;
  /** The mined trajectories it may match, where they are few; `minedWhole`: nothing else is asked of their runs. */
  minedIds: number[] | null;
  minedWhole: boolean;
  /** The replayed trajectories it may match, where they are few. */
  replayedIds: number[] | null;
  /** The subtasks asked for, by themselves or by what became of them, where they are few. */
  askedSubtaskIds: number[] | null;
  /** Whether strategies are known to disagree on few trajectories only, where that is asked for. */
  fewDisagreed: boolean;
};

/**
 * Looks up what a filter's text matches, and settles which runs the filter speaks of.
 * @param byVerdict whether the list is sorted by what a run found
 */
export async function matchingOf(db: Db, filter: TrajectoryFilter, byVerdict = false): Promise<Matching> {
  demandStorable(filter, "the filter");
  const mined = minedOf(filter);
  const asked = subtasksAskedFor(filter);
  const [text, saying, few, replayedIds, fewDisagreed, askedSubtaskIds] = await Promise.all([
    filter.text ? lookUp(db, filter.text) : null,
    filter.said === null ? null : sayingOf(db, filter.said),
    mined === "with" || (byVerdict && mined === "any") ? fewMined(db, filter) : noneFew,
    filter.replay === "verified" || filter.replay === "diverged" ? fewReplayed(db, filter.replay) : null,
    filter.disagreement ? areFewDisagreed(db, filter) : false,
    asked && fewIds(db, asked),
  ]);
  return { filter, mined, text, saying, ...few, replayedIds, askedSubtaskIds, fewDisagreed };
}

type FewMined = Pick<Matching, "minedIds" | "minedWhole">;
const noneFew: FewMined = { minedIds: null, minedWhole: false };

/**
 * Indexes of a run's rows know nothing of environments and models, those of trajectories nothing of verdicts and reviews:
 * where hardly any row fits, all would be walked for nothing.
 */
async function fewMined(db: Db, filter: TrajectoryFilter): Promise<FewMined> {
  const byRun = foundByRun(filter);
  const whole = byRun && (await fewIds(db, byRun));
  if (whole) return { minedIds: whole, minedWhole: true };
  const byOwn = foundByOwn(filter);
  return byOwn ? { minedIds: await fewIds(db, byOwn), minedWhole: false } : noneFew;
}

function foundByRun(filter: TrajectoryFilter): Prisma.Sql | null {
  if (filter.verdict === null && filter.review === null) return null;
  const conditions = Prisma.join(minedConditions(filter, "with"), " and ");
  return Prisma.sql`select rt.trajectory_id as id from run_trajectory rt where ${conditions}`;
}

/**
 * Only for each one's newest run: not every trajectory of a run asked for is mined, and a run's are few enough. Failures of
 * experts are what is mined: of others it is few at most.
 */
function foundByOwn(filter: TrajectoryFilter): Prisma.Sql | null {
  const { runId, environmentId, model, source, success } = filter;
  const rarelyMined = success === true || (source !== null && source !== "expert");
  if (runId !== null || (environmentId === null && model === null && !rarelyMined)) return null;
  const conditions = [
    Prisma.sql`t.latest_run_id is not null`,
    ...outcomeConditions(filter),
    ...ownConditions(filter),
  ];
  return Prisma.sql`select t.id from trajectory t where ${Prisma.join(conditions, " and ")}`;
}

const fewReplayed = (db: Db, state: ReplayState): Promise<number[] | null> =>
  fewIds(db, Prisma.sql`select trajectory_id as id from replay_check where state = ${state}`);

/** Of the run asked for, else of any: whether it is the newest is looked up in few rows. */
async function areFewDisagreed(db: Db, { runId, disagreement }: TrajectoryFilter): Promise<boolean> {
  const run = runId === null ? Prisma.sql`true` : Prisma.sql`d.run_id = ${runId}::int`;
  const [found] = await read(
    db,
    z.object({ few: z.boolean() }),
    Prisma.sql`select count(*) <= ${NARROW}::int as few from (
      select from strategy_disagreement d where ${run} and ${pairCondition(disagreement)}
      limit ${NARROW + 1}::int) found`,
  );
  return found?.few ?? false;
}

const pairCondition = (pair: TrajectoryFilter["disagreement"]): Prisma.Sql =>
  pair === null || pair === "any" ? Prisma.sql`true` : Prisma.sql`d.pair = ${pair}`;

function minedOf({ runId, verdict, review }: TrajectoryFilter): Mined {
  if (review === "unmined") return "without";
  return runId !== null || verdict !== null || review !== null ? "with" : "any";
}

/**
 * The tables a list reads. A list of what strategies disagree on begins with the disagreements, in the order of
 * trajectories: these may be anywhere among all others.
 * @param byDisagreement whether it may, as a list that is sorted by something else walks an index of that instead; or must
 */
export function fromTables(
  { filter }: Matching,
  mined: Mined,
  byDisagreement: boolean | "in order",
): Prisma.Sql {
  if (byDisagreement === "in order")
    // An offset of none keeps them apart: each disagreement is looked up in turn, until the page is full.
    return Prisma.sql`strategy_disagreement d
      cross join lateral (select * from trajectory t where t.id = d.trajectory_id offset 0) t
      ${mined === "with" ? Prisma.sql`cross join lateral (select * from run_trajectory rt where rt.trajectory_id = t.id offset 0) rt` : Prisma.empty}`;
  if (byDisagreement && filter.disagreement !== null)
    return Prisma.sql`strategy_disagreement d join trajectory t on t.id = d.trajectory_id
      ${mined === "with" ? Prisma.sql`join run_trajectory rt on rt.trajectory_id = t.id` : Prisma.empty}`;
  return mined === "with"
    ? Prisma.sql`run_trajectory rt join trajectory t on t.id = rt.trajectory_id`
    : Prisma.sql`trajectory t`;
}

/** A run's row says something once a worker began with it; one that is to be mined again still does. */
export const lookedAt = Prisma.sql`(rt.state <> 'queued' or rt.latest)`;

const verdictColumn: Record<Verdict, Prisma.Sql> = {
  beneficial: Prisma.sql`rt.beneficial`,
  harmful: Prisma.sql`rt.harmful`,
  redundant: Prisma.sql`rt.redundant`,
  dead_end: Prisma.sql`rt.dead_end`,
  undecided: Prisma.sql`rt.undecided`,
};

/**
 * Every condition of a filter but source and success, which decide the index that is walked; of tables as `fromTables`.
 * @param lookedUp whether rows of the run are looked up by trajectory, as something else is walked
 */
export function conditionsOf(
  { filter, text, saying, minedIds, replayedIds, askedSubtaskIds }: Matching,
  mined: Mined,
  byDisagreement: boolean,
  lookedUp = false,
): Prisma.Sql[] {
  const walked = mined === "with" && !lookedUp ? Prisma.sql`rt.trajectory_id` : Prisma.sql`t.id`;
  return [
    ...ownConditions(filter, mined === "with" && !lookedUp),
    ...textConditions(text),
    ...coverageConditions(filter, askedSubtaskIds),
    ...(saying ? [saidCondition(saying, walked)] : []),
    ...minedConditions(filter, mined, lookedUp),
    ...(replayedIds ? [Prisma.sql`t.id = any(${replayedIds}::int[])`] : []),
    ...disagreementConditions(filter, mined, byDisagreement),
    ...(mined === "with" && minedIds ? [Prisma.sql`rt.trajectory_id = any(${minedIds}::int[])`] : []),
  ];
}

/** @param byRun whether an index of the run's rows is walked: what these know too is held against them first */
function ownConditions(
  { environmentId, model, minReward, maxReward, replay }: TrajectoryFilter,
  byRun = false,
): Prisma.Sql[] {
  const row = byRun ? Prisma.sql`rt` : Prisma.sql`t`;
  return [
    ...(environmentId === null ? [] : [Prisma.sql`${row}.environment_id = ${environmentId}::bigint`]),
    ...(model === null ? [] : [Prisma.sql`t.model = ${model}`]),
    ...(minReward === null ? [] : [Prisma.sql`${row}.reward >= ${minReward}::float8`]),
    ...(maxReward === null ? [] : [Prisma.sql`${row}.reward <= ${maxReward}::float8`]),
    ...(replay === null ? [] : [replayCondition(replay)]),
  ];
}

/** As values, not joins: a page looks at few trajectories. */
function replayCondition(replay: ReplayState): Prisma.Sql {
  return Prisma.sql`(select ${replayState} from environment e left join replay_check c on c.trajectory_id = t.id
    where e.id = t.environment_id) = ${replay}`;
}

/**
 * In the run asked for, or as the newest run of the trajectory has it; as things stand without a run where there is none.
 * Where disagreements are walked, each trajectory is met with the first pair only; else as a value, not a join. All of it
 * as truth values, as coverage is.
 */
function disagreementConditions(
  { runId, disagreement }: TrajectoryFilter,
  mined: Mined,
  walked: boolean,
): Prisma.Sql[] {
  if (disagreement === null) return [];
  const run = runId === null ? Prisma.sql`t.latest_run_id` : Prisma.sql`${runId}::int`;
  const inRun =
    runId === null
      ? Prisma.sql`case when d.run_id is not distinct from t.latest_run_id then true end`
      : Prisma.sql`d.run_id = ${runId}::int`;
  const none = mined === "without" && runId === null ? Prisma.sql`d.run_id is null and` : Prisma.empty;
  const here = Prisma.sql`${none} ${inRun} and ${pairCondition(disagreement)}`;
  if (!walked)
    return [
      Prisma.sql`(select true from strategy_disagreement d where d.trajectory_id = t.id and ${here} limit 1)`,
    ];
  if (disagreement !== "any") return [here];
  return [
    here,
    Prisma.sql`(select d.pair = min(pair) from strategy_disagreement e
      where e.trajectory_id = d.trajectory_id and e.run_id is not distinct from ${run})`,
  ];
}

/** Source and success as plain conditions. */
export function outcomeConditions({ source, success }: TrajectoryFilter): Prisma.Sql[] {
  return [
    ...(source === null ? [] : [Prisma.sql`t.source = ${source}`]),
    ...(success === null ? [] : [Prisma.sql`t.success = ${success}::bool`]),
  ];
}

/** In a row that is looked up no index of verdicts is to be used: it would be searched once per trajectory. */
function minedConditions(
  { runId, verdict, review }: TrajectoryFilter,
  mined: Mined,
  lookedUp = false,
): Prisma.Sql[] {
  if (mined === "any") return [];
  if (mined === "without") {
    if (verdict !== null) return [Prisma.sql`false`];
    if (runId === null) return [Prisma.sql`t.latest_run_id is null`];
    return [
      Prisma.sql`not exists (select from run_trajectory rt
        where rt.run_id = ${runId}::bigint and rt.trajectory_id = t.id and ${lookedAt})`,
    ];
  }
  return [
    runId === null ? Prisma.sql`rt.latest` : Prisma.sql`rt.run_id = ${runId}::bigint`,
    // No index of a verdict holds the state: none of them seems enough to look at.
    ...(lookedUp ? [Prisma.sql`rt.state <> ''`] : []),
    ...(verdict === null
      ? []
      : [Prisma.sql`(${verdictColumn[verdict]} > 0) ${lookedUp ? Prisma.sql`is true` : Prisma.empty}`]),
    ...(review === null || review === "unmined" ? [] : [reviewCondition(review), lookedAt]),
  ];
}

function reviewCondition(review: Exclude<TrajectoryFilter["review"], "unmined" | null>): Prisma.Sql {
  return review === "open"
    ? Prisma.sql`rt.review in ('pending', 'partial')`
    : Prisma.sql`rt.review = ${review}`;
}
