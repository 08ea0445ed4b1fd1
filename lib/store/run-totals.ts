import type { Tx } from "./client";
import { Prisma } from "./generated/client";

/**
 * Counts the rollouts of trajectories anew, after they were planned, queued again or closed. While a trajectory is being
 * worked on it need not be: `totalsOf` adds up the rollouts of those.
 */
export async function recount(tx: Tx, runId: number, trajectoryIds: number[]): Promise<void> {
  if (trajectoryIds.length === 0) return;
  await lockEntries(tx, runId, trajectoryIds);
  await tx.$executeRaw`select recount_rollouts(${runId}::int, ${trajectoryIds}::int[])`;
}

/**
 * Takes the locks of a run's entries, in one order. Lock order everywhere: rollout, then its run_trajectory, then run.
 * Whoever holds a run before waiting for a run_trajectory has an open rollout of it in hand, and who holds a
 * run_trajectory asks for its run only when none is open.
 */
export async function lockEntries(tx: Tx, runId: number, ids: number[]): Promise<number> {
  return tx.$executeRaw`select from run_trajectory where run_id = ${runId}::int and trajectory_id = any(${ids}::int[])
    order by trajectory_id for no key update`;
}

/**
 * A lateral table with the sums over the rollouts of the run with that id: what was counted when trajectories were last
 * closed or planned, without those that are being worked on, and what the rollouts of these are at the moment. One
 * statement, so that both are of one moment.
 */
export const totalsOf = (runId: Prisma.Sql): Prisma.Sql => Prisma.sql`lateral (
  select coalesce(sum(queued), 0)::float8 as queued, coalesce(sum(running), 0)::float8 as running,
    coalesce(sum(completed), 0)::float8 as completed, coalesce(sum(errored), 0)::float8 as errored,
    coalesce(sum(cancelled), 0)::float8 as cancelled, coalesce(sum(succeeded), 0)::float8 as succeeded,
    coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(reserved), 0)::float8 as reserved,
    coalesce(sum(prompt_tokens), 0)::float8 as prompt_tokens,
    coalesce(sum(completion_tokens), 0)::float8 as completion_tokens, max(largest_tokens) as largest_tokens
  from (
    select queued, 0 as running, completed, errored, cancelled, succeeded, calls, 0 as reserved, prompt_tokens,
      completion_tokens, largest_tokens
    from run_total where run_id = ${runId}
    union all
    select -t.queued, 0, -t.completed, -t.errored, -t.cancelled, -t.succeeded, -t.calls, 0, -t.prompt_tokens,
      -t.completion_tokens, null
    from run_trajectory rt join run_trajectory_total t using (run_id, trajectory_id)
    where rt.run_id = ${runId} and rt.state = 'running'
    union all
    select live.* from run_trajectory rt cross join lateral (
      select count(*) filter (where status = 'queued'), count(*) filter (where status = 'running'),
        count(*) filter (where status = 'completed'), count(*) filter (where status = 'errored'),
        count(*) filter (where status = 'cancelled'), count(*) filter (where success), sum(calls_started),
        sum(calls_reserved) filter (where status = 'running'), sum(prompt_tokens), sum(completion_tokens),
        max(prompt_tokens + completion_tokens) filter (where status in ('completed', 'errored'))
      from rollout r where r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id
    ) live
    where rt.run_id = ${runId} and rt.state = 'running'
  ) part
) total`;
