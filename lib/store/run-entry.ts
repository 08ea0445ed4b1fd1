import type { ReviewOutcome } from "@/lib/core/judge";
import type { RunTrajectoryRow } from "@/lib/core/rows";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { storable } from "./text";

export type EntryChange = Partial<Omit<RunTrajectoryRow, "runId" | "trajectoryId"> & ReviewOutcome>;

/**
 * Writes what is known of a trajectory in a run, and makes the run the trajectory's newest when there is evidence. A
 * trajectory that is finished is not marked running again, and one with open rollouts not finished: late marks of a slow
 * worker change the rest only.
 * @returns false when the run does not have the trajectory
 */
export async function writeEntry(
  tx: Tx,
  runId: number,
  trajectoryId: number,
  change: EntryChange,
): Promise<boolean> {
  const at = Prisma.sql`run_id = ${runId}::int and trajectory_id = ${trajectoryId}::int`;
  const changed =
    await tx.$executeRaw`update run_trajectory set ${Prisma.join(assignments(change, at), ", ")} where ${at}`;
  if (changed === 0) return false;
  const newest = await tx.$executeRaw`update trajectory set latest_run_id = ${runId}::int
    where id = ${trajectoryId}::int and (latest_run_id is null or latest_run_id < ${runId}::int) and exists (
      select from run_trajectory where ${at} and (state in ('done', 'errored')
        or exists (select from rollout where ${at} and status = 'completed')))`;
  if (newest > 0)
    await tx.$executeRaw`update run_trajectory set latest = (run_id = ${runId}::int)
      where trajectory_id = ${trajectoryId}::int and latest <> (run_id = ${runId}::int)`;
  return true;
}

function assignments(change: EntryChange, at: Prisma.Sql): Prisma.Sql[] {
  const { state, replay, divergence, errorCode, errorMessage, review } = change;
  const open = Prisma.sql`exists (select from rollout where ${at} and status in ('queued', 'running'))`;
  const counts = {
    beneficial: change.beneficial,
    harmful: change.harmful,
    redundant: change.redundant,
    dead_end: change.deadEnd,
    undecided: change.undecided,
    to_review: change.toReview,
    reviewed: change.reviewed,
    vetoed: change.vetoed,
  };
  return [
    Prisma.sql`solved = exists (select from rollout where ${at} and success)`,
    Prisma.sql`best_reward = (select max(reward) from rollout where ${at} and status = 'completed')`,
    ...(change.approved === undefined ? [] : [Prisma.sql`approved = ${change.approved}::bool`]),
    ...(state === undefined ? [] : [Prisma.sql`state = ${nextState(state, open)}`]),
    ...(replay === undefined ? [] : [Prisma.sql`replay = ${replay}`]),
    ...(divergence === undefined ? [] : [Prisma.sql`replay_detail = ${detailJson(divergence)}::jsonb`]),
    ...(errorCode === undefined ? [] : [Prisma.sql`error_code = ${errorCode}`]),
    ...(errorMessage === undefined ? [] : [Prisma.sql`error_message = ${storable(errorMessage)}`]),
    ...(review === undefined ? [] : [Prisma.sql`review = ${review}`]),
    ...Object.entries(counts).flatMap(([column, count]) =>
      count === undefined ? [] : [Prisma.sql`${Prisma.raw(column)} = ${count}::int`],
    ),
  ];
}

function nextState(state: RunTrajectoryRow["state"], open: Prisma.Sql): Prisma.Sql {
  if (state === "running") return Prisma.sql`case when ${open} then 'running' else state end`;
  if (state === "queued") return Prisma.sql`'queued'`;
  return Prisma.sql`case when ${open} then state else ${state} end`;
}

/** A difference between two observations as JSON, with what cannot be stored made visible. */
export function detailJson(detail: RunTrajectoryRow["divergence"]): string | null {
  if (detail === null) return null;
  const { stepIndex, recorded, replayed } = detail;
  return JSON.stringify({ stepIndex, recorded: storable(recorded), replayed: storable(replayed) });
}
