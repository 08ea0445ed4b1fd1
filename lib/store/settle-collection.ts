import { z } from "zod";
import { Budget, CollectionConfig, collectionStates, overBudget } from "@/lib/core/collection";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read, readOne } from "./rows";

const Locked = z.object({
  collectionId: z.number(),
  state: z.enum(collectionStates),
  config: CollectionConfig,
  budget: Budget,
  callsCommitted: z.number(),
  tokensSpent: z.number(),
  largestTokens: z.number().nullable(),
});
/** A collection whose row this transaction holds. */
export type LockedCollection = z.infer<typeof Locked>;

const lockedColumns = Prisma.sql`id as "collectionId", state, config,
  json_build_object('maxCalls', max_calls, 'maxTokens', max_tokens) as budget, calls_committed as "callsCommitted",
  tokens_spent::float8 as "tokensSpent", largest_tokens as "largestTokens"`;

/**
 * Takes a collection's lock, so that nothing is claimed or ended in it meanwhile. Lock order everywhere: a running episode
 * before its collection; who holds a collection takes only episodes that nobody holds.
 * @throws AppError not_found
 */
export async function lockCollection(tx: Tx, collectionId: number): Promise<LockedCollection> {
  const what = demandId("collection", collectionId);
  const sql = Prisma.sql`select ${lockedColumns} from collection where id = ${collectionId}::int for no key update`;
  return readOne(tx, Locked, sql, what);
}

/**
 * Gives back the calls that an episode was allowed and did not make, and takes the collection's lock with it.
 * @param tokens what the whole episode took, when it ended; null when it will be played again
 */
export async function giveBack(
  tx: Tx,
  collectionId: number,
  claimCalls: number,
  tokens: number | null,
): Promise<LockedCollection> {
  const largest =
    tokens === null ? Prisma.empty : Prisma.sql`, largest_tokens = greatest(largest_tokens, ${tokens}::int)`;
  return readOne(
    tx,
    Locked,
    Prisma.sql`update collection
      set calls_committed = calls_committed - (config->>'maxSteps')::int + ${claimCalls}::int ${largest}
      where id = ${collectionId}::int returning ${lockedColumns}`,
    `collection ${collectionId}`,
  );
}

const Open = z.object({ queued: z.boolean(), running: z.number() });

/** What of a locked collection is still to be played, and how much is being played. */
export async function openEpisodes(tx: Tx, collectionId: number): Promise<z.infer<typeof Open>> {
  const of = Prisma.sql`from collection_episode where collection_id = ${collectionId}::int`;
  const sql = Prisma.sql`select exists (select ${of} and status = 'queued') as queued,
    (select count(*)::int ${of} and status = 'running') as running`;
  return readOne(tx, Open, sql, `collection ${collectionId}`);
}

/**
 * Ends a locked collection when nothing of it is open any more: a running one is done, one being cancelled is cancelled.
 * One that failed waits with what is queued in it, and is done when nothing is.
 * When nothing runs and the budget does not allow one more episode, the rest is skipped and it is done as well.
 */
export async function settleCollection(tx: Tx, collection: LockedCollection): Promise<void> {
  const { collectionId, state, config, budget } = collection;
  if (state === "done" || state === "cancelled") return;
  const { queued, running } = await openEpisodes(tx, collectionId);
  if (running > 0) return;
  if (queued && state === "failed") return;
  const reason = queued ? overBudget(budget, { ...collection, running }, config.maxSteps) : null;
  if (queued && reason === null) return;
  if (queued)
    await tx.$executeRaw`update collection_episode set status = 'skipped'
      where collection_id = ${collectionId}::int and status = 'queued'`;
  await tx.$executeRaw`update collection set finished_at = now(), end_reason = ${reason}, error = null,
      state = case state when 'cancelling' then 'cancelled' else 'done' end
    where id = ${collectionId}::int`;
}

/** Locks several collections in the one order. */
export async function lockCollections(tx: Tx, collectionIds: number[]): Promise<LockedCollection[]> {
  return read(
    tx,
    Locked,
    Prisma.sql`select ${lockedColumns} from collection where id = any(${collectionIds}::int[])
      order by id for no key update`,
  );
}
