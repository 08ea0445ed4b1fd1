import { z } from "zod";
import { inTransaction, type Db, type Tx } from "./client";
import { owned } from "./claims";
import { Prisma } from "./generated/client";
import { lockRun } from "./add-rollouts";
import { Id, read } from "./rows";
import { dropQueued, finishRun, settleTrajectories } from "./settle";

const At = z.object({ runId: z.number(), trajectoryId: z.number() });
type At = z.infer<typeof At>;

/**
 * Gives a rollout back: queued again with its steps, or cancelled where its run is. A claim that was given back does not
 * count towards poison. Does nothing when it is no longer ours.
 */
export async function release(db: Db, rolloutId: number, epoch: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    const ours = Prisma.sql`select run_id as id from rollout where ${owned(rolloutId, epoch)}`;
    const [run] = await read(tx, Id, ours);
    if (!run) return;
    const state = await lockRun(tx, run.id);
    const status = state === "cancelling" || state === "cancelled" ? "cancelled" : "queued";
    const given = await read(
      tx,
      At,
      Prisma.sql`update rollout set status = ${status}, owner = null, lease_until = null,
          claims = greatest(claims - 1, 0)
        where ${owned(rolloutId, epoch)} returning run_id as "runId", trajectory_id as "trajectoryId"`,
    );
    if (status === "cancelled") await settle(tx, given);
  });
}

/** Renews leases of an owner on the database's clock, notes that it was heard of, and says which of the runs are to be let go. */
export async function renew(
  db: Db,
  owner: string,
  leaseMs: number,
  rolloutIds: number[],
): Promise<{ stoppingRuns: number[] }> {
  const stopping = await read(
    db,
    Id,
    Prisma.sql`with renewed as (
        update rollout set lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        where id = any(${rolloutIds}::int[]) and owner = ${owner} and status = 'running' returning run_id
      ), seen as (
        insert into run_worker (run_id, owner, seen_at)
        select run_id, ${owner}, clock_timestamp() from renewed group by run_id
        on conflict (run_id, owner) do update set seen_at = excluded.seen_at
      )
      select id from run where id in (select run_id from renewed)
        and state in ('paused', 'cancelling', 'cancelled', 'failed')
      order by id`,
  );
  return { stoppingRuns: stopping.map(({ id }) => id) };
}

/**
 * Takes back rollouts whose lease ran out: queued again, cancelled where their run is, or errored `poison` when claimed
 * `maxClaims` times. Any process may do this at any time; what another one holds at this moment is left to the next.
 * @returns the trajectories with rollouts queued again
 */
export async function reap(db: Db, maxClaims: number): Promise<At[]> {
  const expired = Prisma.sql`status = 'running' and lease_until < now()`;
  const due = Prisma.sql`select distinct run_id as id from rollout where ${expired} order by 1`;
  const runIds = (await read(db, Id, due)).map(({ id }) => id);
  if (runIds.length === 0) return [];
  return inTransaction(db, async (tx) => {
    await tx.$executeRaw`select from run where id = any(${runIds}::int[]) order by id for no key update`;
    const taken = await read(
      tx,
      At.extend({ status: z.string() }),
      Prisma.sql`with lost as (
          select id, run_id, owner, lease_until from rollout
          where ${expired} and run_id = any(${runIds}::int[]) for update skip locked
        ), counted as (
          insert into run_worker (run_id, owner, seen_at, lost_leases)
          select run_id, owner, max(lease_until), count(*) from lost group by 1, 2
          on conflict (run_id, owner)
            do update set lost_leases = run_worker.lost_leases + excluded.lost_leases
        )
        update rollout set owner = null, lease_until = null,
          status = case when claims >= ${maxClaims}::int then 'errored'
            when run.state in ('cancelling', 'cancelled') then 'cancelled' else 'queued' end,
          error_code = case when claims >= ${maxClaims}::int then 'poison' end,
          error_message = case when claims >= ${maxClaims}::int
            then format('%s workers in a row were lost while they ran it', claims) end,
          finished_at = case when claims >= ${maxClaims}::int then now() end,
          ended_by = case when claims >= ${maxClaims}::int then lost.owner end
        from run, lost
        where run.id = rollout.run_id and rollout.id = lost.id
        returning rollout.run_id as "runId", trajectory_id as "trajectoryId", status`,
    );
    await settle(
      tx,
      taken.filter(({ status }) => status !== "queued"),
    );
    return distinct(taken.filter(({ status }) => status === "queued"));
  });
}

/**
 * Trajectories with queued rollouts in live runs, oldest run first. A run being cancelled has some only when whoever
 * cancelled it died over it; the job of any of them ends it.
 */
export async function waiting(db: Db, limit: number): Promise<At[]> {
  return read(
    db,
    At,
    Prisma.sql`select rt.run_id as "runId", rt.trajectory_id as "trajectoryId"
      from run join run_trajectory rt on rt.run_id = run.id and rt.state in ('queued', 'running')
      where run.state in ('queued', 'running', 'cancelling') and exists (
        select from rollout r
        where r.run_id = rt.run_id and r.trajectory_id = rt.trajectory_id and r.status = 'queued')
      order by rt.run_id, rt.trajectory_id limit ${limit}::int`,
  );
}

/**
 * Cancels what is queued in a run, and ends a run being cancelled when nothing of it runs any more.
 * @throws AppError not_found
 */
export async function cancelQueued(db: Db, runId: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    await lockRun(tx, runId);
    await dropQueued(tx, runId);
    await finishRun(tx, runId);
  });
}

async function settle(tx: Tx, ended: At[]): Promise<void> {
  const runIds = [...new Set(ended.map(({ runId }) => runId))].sort((a, b) => a - b);
  for (const runId of runIds) {
    const ids = ended.filter((at) => at.runId === runId).map(({ trajectoryId }) => trajectoryId);
    if ((await settleTrajectories(tx, runId, ids)) > 0) await finishRun(tx, runId);
  }
}

function distinct(at: At[]): At[] {
  const once = new Map(
    at.map(({ runId, trajectoryId }) => [`${runId}:${trajectoryId}`, { runId, trajectoryId }]),
  );
  return [...once.values()];
}
