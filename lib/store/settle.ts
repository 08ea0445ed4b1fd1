import { z } from "zod";
import { summaryOf } from "@/lib/core/judge";
import { isAdaptive, nextProbes } from "@/lib/core/planner";
import type { MinedFacts, RunTrajectoryRow } from "@/lib/core/rows";
import { RunConfig } from "@/lib/core/run";
import type { Tx } from "./client";
import { addRollouts, lockRun, plannedStatus } from "./add-rollouts";
import { compareInRun } from "./disagreements";
import { factsOf, rolloutsOf } from "./facts";
import { Prisma } from "./generated/client";
import { Id, read, RuleColumns, ruleColumns } from "./rows";
import { writeEntry } from "./run-entry";
import { lockEntries, recount } from "./run-totals";

const AT_ONCE = 500;

const Closed = Id.extend({
  stepCount: z.number(),
  ...RuleColumns.shape,
  config: RunConfig,
  /** Whether it has a rollout that was not cancelled. */
  ran: z.boolean(),
});
type Closed = z.infer<typeof Closed>;

/**
 * Brings what is derived of trajectories in a run up to their rollouts. Once none is open any more, an adaptive run plans
 * the next ones; when there are none to plan either: state, verdict counts and the newest run. Part of the transaction
 * that ends a rollout, so that no crash can come between: a trajectory never waits for being planned. Run twice, it
 * changes nothing.
 * @returns how many of them have no open rollout, and none planned
 */
export async function settleTrajectories(tx: Tx, runId: number, trajectoryIds: number[]): Promise<number> {
  const ids = [...new Set(trajectoryIds)].sort((a, b) => a - b);
  let settled = 0;
  for (let i = 0; i < ids.length; i += AT_ONCE)
    settled += await settleBatch(tx, runId, ids.slice(i, i + AT_ONCE));
  return settled;
}

/**
 * Cancels every queued rollout of a run and brings what is derived up to it.
 * @returns of how many trajectories
 */
export async function dropQueued(tx: Tx, runId: number): Promise<number> {
  const cancelled = await read(
    tx,
    Id,
    Prisma.sql`with cancelled as (
        update rollout set status = 'cancelled' where run_id = ${runId}::int and status = 'queued'
        returning trajectory_id
      )
      select distinct trajectory_id as id from cancelled`,
  );
  await settleTrajectories(
    tx,
    runId,
    cancelled.map(({ id }) => id),
  );
  return cancelled.length;
}

async function settleBatch(tx: Tx, runId: number, ids: number[]): Promise<number> {
  await lockEntries(tx, runId, ids);
  // Only now: what others ended before the lock was had is seen.
  const ended = await read(
    tx,
    Closed,
    Prisma.sql`select t.id, t.step_count as "stepCount", run.config, ${ruleColumns}, exists (
        select from rollout r where r.run_id = ${runId}::int and r.trajectory_id = t.id and r.status <> 'cancelled'
      ) as ran
      from trajectory t join run on run.id = ${runId}::int
      where t.id = any(${ids}::int[]) and not exists (
        select from rollout r where r.run_id = ${runId}::int and r.trajectory_id = t.id
          and r.status in ('queued', 'running'))`,
  );
  if (ended.length === 0) return 0;
  const goOn = await planNext(tx, runId, ended);
  const closed = ended.filter(({ id }) => !goOn.has(id));
  const untouched = closed.filter(({ ran }) => !ran).map(({ id }) => id);
  await tx.$executeRaw`update run_trajectory set state = 'cancelled'
    where run_id = ${runId}::int and trajectory_id = any(${untouched}::int[])`;
  const ran = closed.filter((each) => each.ran);
  const facts = await factsOf(
    tx,
    runId,
    ran.map(({ id }) => id),
  );
  for (const { id, stepCount, ...rule } of ran) {
    const of = facts.get(id);
    if (of) await writeEntry(tx, runId, id, { ...summaryOf(stepCount, of, rule), ...outcomeOf(of) });
  }
  await compareInRun(tx, runId, facts);
  // Ahead of the run's totals: who plans holds the run and then writes these.
  await lockRun(tx, runId);
  const counted = ended.map(({ id }) => id);
  await recount(tx, runId, counted);
  return closed.length;
}

/**
 * Plans what an adaptive run simulates next in trajectories without an open rollout. The run's lock comes first: in a run
 * being cancelled the rollouts are cancelled from the start, so that a resumed run goes on with them.
 * @returns the trajectories that have queued rollouts now
 */
async function planNext(tx: Tx, runId: number, ended: Closed[]): Promise<Set<number>> {
  const config = ended[0]?.config;
  if (!config || !isAdaptive(config.preset)) return new Set();
  const rollouts = await rolloutsOf(
    tx,
    runId,
    ended.map(({ id }) => id),
  );
  const planned = ended.flatMap(({ id, stepCount }) => {
    const of = rollouts.filter(({ trajectoryId }) => trajectoryId === id);
    const next = nextProbes(stepCount, config, of);
    return next.state === "probe" ? [{ trajectoryId: id, probes: next.probes }] : [];
  });
  if (planned.length === 0) return new Set();
  const status = plannedStatus(await lockRun(tx, runId));
  await addRollouts(tx, runId, planned, status);
  return new Set(status === "queued" ? planned.map(({ trajectoryId }) => trajectoryId) : []);
}

/** Errored when nothing was learned, because every rollout that ran broke. */
function outcomeOf({ rollouts }: MinedFacts): Pick<RunTrajectoryRow, "state" | "errorCode" | "errorMessage"> {
  const broken = rollouts.find((rollout) => rollout.status === "errored");
  const learned = rollouts.some((rollout) => rollout.status === "completed");
  return {
    state: learned ? "done" : "errored",
    errorCode: broken?.errorCode ?? null,
    errorMessage: broken?.errorMessage ?? null,
  };
}

/**
 * Ends a run whose trajectories are all finished: a running or paused one is done, one being cancelled is cancelled. The lock comes
 * first: of two that finish the last two trajectories at once, the second sees both.
 */
export async function finishRun(tx: Tx, runId: number): Promise<void> {
  await tx.$executeRaw`select from run where id = ${runId}::int for no key update`;
  await tx.$executeRaw`update run set finished_at = now(),
      state = case state when 'cancelling' then 'cancelled' else 'done' end
    where id = ${runId}::int and state in ('running', 'paused', 'cancelling') and not exists (
      select from run_trajectory where run_id = ${runId}::int and state in ('queued', 'running'))`;
}
