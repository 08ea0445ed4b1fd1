import { AppError } from "@/lib/core/errors";
import type { RunState } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import { addRollouts, lockRun, plannedStatus } from "./add-rollouts";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { referring } from "./ids";
import { Id, read } from "./rows";
import { recount } from "./run-totals";

/**
 * Plans rollouts. What is there is left alone; in a run that was cancelled meanwhile they are cancelled from the start,
 * and a run that was done goes on.
 * @throws AppError not_found
 */
export async function planRollouts(
  db: Db,
  runId: number,
  trajectories: Parameters<Store["runs"]["plan"]>[1],
): Promise<void> {
  const ids = trajectories.map(({ trajectoryId }) => trajectoryId);
  const planned = inTransaction(db, async (tx) => {
    const state = await lockRun(tx, runId);
    const status = plannedStatus(state);
    await tx.$executeRaw`insert into run_trajectory (run_id, trajectory_id, state)
      select ${runId}::int, id, ${status} from unnest(${ids}::int[]) as given(id) on conflict do nothing`;
    const added = await addRollouts(tx, runId, trajectories, status);
    const reopened = [...new Set(added)];
    if (status === "queued" && reopened.length > 0) await reopen(tx, runId, reopened, ["done"]);
    await recount(tx, runId, reopened);
  });
  await referring(`the plan of run ${runId}`, planned);
}

async function reopen(tx: Tx, runId: number, trajectoryIds: number[], from: RunState[]): Promise<void> {
  await tx.$executeRaw`update run_trajectory set state = 'queued', error_code = null, error_message = null
    where run_id = ${runId}::int and trajectory_id = any(${trajectoryIds}::int[])
      and state in ('done', 'errored', 'cancelled')`;
  await tx.$executeRaw`update run set state = 'queued', error = null, finished_at = null, end_reason = null
    where id = ${runId}::int and state = any(${from}::text[])`;
}

/**
 * Queues rollouts of a run again, those of a failed run that still wait included. What an errored one recorded is dropped, what it spent stays counted; a cancelled one
 * goes on where it was.
 * @returns the trajectories concerned, ascending; with none the run stays as it is
 * @throws AppError not_found, conflict while the run is still being cancelled
 */
export async function requeueRollouts(
  db: Db,
  runId: number,
  statuses: ("errored" | "cancelled")[],
): Promise<number[]> {
  return inTransaction(db, async (tx) => {
    const state = await lockRun(tx, runId);
    if (state === "cancelling")
      throw new AppError("conflict", `run ${runId} is still being cancelled`, {
        fix: "wait until its workers have let go, some seconds, then try again",
        retryable: true,
      });
    const matching = Prisma.sql`run_id = ${runId}::int and status = any(${statuses}::text[])`;
    await tx.$executeRaw`delete from rollout_step
      where rollout_id in (select id from rollout where ${matching} and status = 'errored')`;
    const queued = await read(
      tx,
      Id,
      Prisma.sql`update rollout set step_count = case status when 'errored' then 0 else step_count end,
          status = 'queued', claims = 0, error_code = null, error_message = null, error_detail = null,
          prompt_version = null, finished_at = null, ended_by = null
        where ${matching} returning trajectory_id as id`,
    );
    // A run that failed left in the queue what it did not come to.
    const left = Prisma.sql`select distinct trajectory_id as id from rollout
      where run_id = ${runId}::int and status = 'queued' and ${state === "failed"}`;
    queued.push(...(await read(tx, Id, left)));
    const trajectoryIds = [...new Set(queued.map(({ id }) => id))].sort((a, b) => a - b);
    if (trajectoryIds.length > 0) await reopen(tx, runId, trajectoryIds, ["done", "cancelled", "failed"]);
    await recount(tx, runId, trajectoryIds);
    return trajectoryIds;
  });
}
