import { z } from "zod";
import type { Budget } from "@/lib/core/collection";
import { AppError } from "@/lib/core/errors";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { Id, read, readOne } from "./rows";
import {
  lockCollection,
  lockCollections,
  settleCollection,
  type LockedCollection,
} from "./settle-collection";
import { storable } from "./text";

/** More workers than this need not be asked for at once. */
const FREE_AT_MOST = 32;

/** Renews leases of an owner on the database's clock, and says which of the collections are to be let go. */
export async function renewEpisodes(
  db: Db,
  owner: string,
  leaseMs: number,
  episodeIds: number[],
): Promise<{ stopping: number[] }> {
  const stopping = await read(
    db,
    Id,
    Prisma.sql`with renewed as (
        update collection_episode set lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        where id = any(${episodeIds}::int[]) and owner = ${owner} and status = 'running' returning collection_id
      )
      select id from collection where id in (select collection_id from renewed) 
        and state in ('cancelling', 'failed') order by id`,
  );
  return { stopping: stopping.map(({ id }) => id) };
}

/**
 * Takes back episodes whose lease ran out: queued again, cancelled where their collection is, or errored `poison` when
 * claimed `maxClaims` times. Calls they were allowed and did not begin are given back.
 * @returns how many were taken back
 */
export async function reapEpisodes(db: Db, maxClaims: number): Promise<number> {
  const expired = Prisma.sql`status = 'running' and lease_until < now()`;
  const due = Prisma.sql`select distinct collection_id as id from collection_episode where ${expired}`;
  const collectionIds = (await read(db, Id, due)).map(({ id }) => id);
  if (collectionIds.length === 0) return 0;
  return inTransaction(db, async (tx) => {
    await lockCollections(tx, collectionIds);
    const taken = await read(
      tx,
      Id,
      Prisma.sql`with taken as (
          update collection_episode n set owner = null, lease_until = null,
            status = case when claims >= ${maxClaims}::int then 'errored'
              when c.state = 'cancelling' then 'cancelled' else 'queued' end,
            error_code = case when claims >= ${maxClaims}::int then 'poison' end,
            error_message = case when claims >= ${maxClaims}::int
              then format('%s workers in a row were lost while they played it', claims) end,
            finished_at = case when claims >= ${maxClaims}::int then now() end
          from collection c
          where c.id = n.collection_id and n.id in (
            select id from collection_episode where ${expired} and collection_id = any(${collectionIds}::int[])
            for update skip locked)
          returning n.id, n.collection_id, n.claim_calls
        ), given_back as (
          update collection c set calls_committed = calls_committed - unspent.calls
          from (
            select collection_id, sum((config->>'maxSteps')::int - claim_calls) as calls
            from taken join collection on collection.id = collection_id group by 1
          ) unspent
          where c.id = unspent.collection_id
        )
        select id from taken`,
    );
    // Locked again to be read as they are now.
    for (const collection of await lockCollections(tx, collectionIds)) await settleCollection(tx, collection);
    return taken.length;
  });
}

const Free = z.object({ collectionId: z.number(), free: z.number() });

/** Live collections with queued episodes and room for more at once, oldest first. */
export function freePlaces(db: Db, limit: number): Promise<z.infer<typeof Free>[]> {
  return read(
    db,
    Free,
    Prisma.sql`select c.id as "collectionId", least(room.free, ${FREE_AT_MOST}::int)::int as free
      from collection c cross join lateral (
        select (c.config->>'concurrency')::int - count(*) as free from collection_episode
        where collection_id = c.id and status = 'running'
      ) room
      where c.state in ('queued', 'running') and room.free > 0 and exists (
        select from collection_episode where collection_id = c.id and status = 'queued')
      order by c.id limit ${limit}::int`,
  );
}

/** @throws AppError not_found */
export async function cancelCollection(db: Db, collectionId: number): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const collection = await lockCollection(tx, collectionId);
    if (collection.state !== "queued" && collection.state !== "running") return false;
    await tx.$executeRaw`update collection set state = 'cancelling' where id = ${collectionId}::int`;
    await tx.$executeRaw`update collection_episode set status = 'cancelled'
      where collection_id = ${collectionId}::int and status = 'queued'`;
    await settleCollection(tx, { ...collection, state: "cancelling" });
    return true;
  });
}

/**
 * Stops a collection, unless nothing of it would be left to go on with.
 * @throws AppError not_found
 */
export async function failCollection(db: Db, collectionId: number, error: string): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { state } = await lockCollection(tx, collectionId);
    if (state !== "queued" && state !== "running") return false;
    await tx.$executeRaw`update collection set state = 'failed', error = ${storable(error)}, finished_at = now()
      where id = ${collectionId}::int`;
    return true;
  });
}

/**
 * Queues episodes of a collection again, those that a failed one left waiting included. What they spent stays spent.
 * @throws AppError not_found, conflict while the collection is still being cancelled, invalid_input for a budget that
 * allows nothing more
 */
export async function requeueEpisodes(
  db: Db,
  collectionId: number,
  statuses: ("errored" | "cancelled" | "skipped")[],
  budget?: Budget,
): Promise<number> {
  return inTransaction(db, async (tx) => {
    const collection = await lockCollection(tx, collectionId);
    if (collection.state === "cancelling")
      throw new AppError("conflict", `collection ${collectionId} is still being cancelled`, {
        fix: "wait until its workers have let go, some seconds, then try again",
        retryable: true,
      });
    if (budget) await changeBudget(tx, collection, budget);
    const left = collection.state === "failed" ? await waitingIn(tx, collectionId) : 0;
    const queued =
      left +
      (await tx.$executeRaw`update collection_episode set status = 'queued', claims = 0, error_code = null,
        error_message = null, finished_at = null
      where collection_id = ${collectionId}::int and status = any(${statuses}::text[])`);
    if (queued > 0)
      await tx.$executeRaw`update collection set state = 'queued', end_reason = null, error = null,
          finished_at = null
        where id = ${collectionId}::int and state in ('done', 'cancelled', 'failed')`;
    return queued;
  });
}

async function waitingIn(tx: Tx, collectionId: number): Promise<number> {
  const sql = Prisma.sql`select count(*)::int as id from collection_episode
    where collection_id = ${collectionId}::int and status = 'queued'`;
  return (await readOne(tx, Id, sql, `collection ${collectionId}`)).id;
}

async function changeBudget(tx: Tx, collection: LockedCollection, budget: Budget): Promise<void> {
  const { collectionId, callsCommitted, tokensSpent, config } = collection;
  const { maxCalls, maxTokens } = budget;
  if (maxCalls !== null && maxCalls < callsCommitted + config.maxSteps)
    throw new AppError("invalid_input", `a budget of ${maxCalls} calls does not allow one more episode`, {
      fix: `${callsCommitted} are spent and an episode may need ${config.maxSteps}: allow at least ${callsCommitted + config.maxSteps}`,
    });
  if (maxTokens !== null && maxTokens <= tokensSpent)
    throw new AppError("invalid_input", `a budget of ${maxTokens} tokens does not allow one more episode`, {
      fix: `${tokensSpent} are spent: allow more than that`,
    });
  await tx.$executeRaw`update collection set max_calls = ${maxCalls}::int, max_tokens = ${maxTokens}::bigint
    where id = ${collectionId}::int`;
}
