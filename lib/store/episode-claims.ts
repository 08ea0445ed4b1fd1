import { z } from "zod";
import { overBudget } from "@/lib/core/collection";
import type { Usage } from "@/lib/core/ports";
import type { EpisodeClaim, EpisodeEnd } from "@/lib/core/rows";
import { Subtask } from "@/lib/core/trajectory";
import { hashedDraft, storeDrafts } from "./add-trajectories";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { Id, read } from "./rows";
import { giveBack, lockCollection, openEpisodes, settleCollection } from "./settle-collection";
import { storable } from "./text";

const Taken = Subtask.extend({ episodeId: z.number(), epoch: z.number(), attempt: z.number() });

/**
 * Takes the next queued episode of a collection. The collection's row is held meanwhile: no two claims meet, so that
 * neither too many episodes run at once nor the budget is promised twice. The lease runs on the database's clock.
 * @throws AppError not_found when there is no such collection
 */
export async function claimEpisode(
  db: Db,
  collectionId: number,
  owner: string,
  leaseMs: number,
): Promise<EpisodeClaim | null> {
  return inTransaction(db, async (tx) => {
    const collection = await lockCollection(tx, collectionId);
    const { state, config, budget } = collection;
    if (state !== "queued" && state !== "running") return null;
    const { queued, running } = await openEpisodes(tx, collectionId);
    if (!queued || running >= config.concurrency) return null;
    if (overBudget(budget, { ...collection, running }, config.maxSteps) !== null) {
      await settleCollection(tx, collection);
      return null;
    }
    const [taken] = await read(tx, Taken, take(collectionId, owner, leaseMs, config.maxSteps));
    if (!taken) return null;
    const { episodeId, epoch, attempt, ...subtask } = taken;
    return { episodeId, epoch, attempt, subtask };
  });
}

function take(collectionId: number, owner: string, leaseMs: number, maxSteps: number): Prisma.Sql {
  return Prisma.sql`with taken as (
      update collection_episode set status = 'running', owner = ${owner}, epoch = epoch + 1, claims = claims + 1,
        claim_calls = 0, lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
      where id = (
        select id from collection_episode where collection_id = ${collectionId}::int and status = 'queued'
        order by position limit 1 for update skip locked)
      returning id, subtask_id, epoch, attempt
    ), promised as (
      update collection set state = 'running', started_at = coalesce(started_at, now()),
        calls_committed = calls_committed + ${maxSteps}::int
      where id = ${collectionId}::int and exists (select from taken)
    )
    select taken.id as "episodeId", epoch, attempt, subtask_key as "subtaskKey", instruction,
      best_reward as "bestReward", task_type as "taskType", split
    from taken join subtask on subtask.id = taken.subtask_id`;
}

/** The condition of every write of a worker: the episode is still the one it claimed. */
const owned = (episodeId: number, epoch: number): Prisma.Sql =>
  Prisma.sql`id = ${episodeId}::int and epoch = ${epoch}::int and status = 'running'`;

const Counted = z.object({ counted: z.boolean() });

/** Counts a model call before it is made, unless the collection's tokens are used up. */
export async function countCall(
  db: Db,
  episodeId: number,
  epoch: number,
): Promise<"counted" | "spent" | "lost"> {
  const [row] = await read(
    db,
    Counted,
    Prisma.sql`with ours as materialized (
        select n.id, coalesce(c.tokens_spent < c.max_tokens, true) as allowed
        from collection_episode n join collection c on c.id = n.collection_id
        where n.id = ${episodeId}::int and n.epoch = ${epoch}::int and n.status = 'running' for no key update of n
      ), counted as (
        update collection_episode set calls_started = calls_started + 1, claim_calls = claim_calls + 1
        from ours where collection_episode.id = ours.id and allowed returning collection_episode.id
      )
      select exists (select from counted) as counted from ours`,
  );
  if (!row) return "lost";
  return row.counted ? "counted" : "spent";
}

/** Adds what a call cost to its episode and its collection. @returns false when the episode is no longer ours */
export async function recordUsage(
  db: Db,
  episodeId: number,
  epoch: number,
  { promptTokens, completionTokens }: Usage,
): Promise<boolean> {
  const added = await db.$executeRaw`with ours as (
      update collection_episode set prompt_tokens = prompt_tokens + ${promptTokens}::int,
        completion_tokens = completion_tokens + ${completionTokens}::int
      where ${owned(episodeId, epoch)} returning collection_id
    )
    update collection set tokens_spent = tokens_spent + ${promptTokens + completionTokens}::bigint
    from ours where id = ours.collection_id`;
  return added > 0;
}

const Ours = Id.extend({ collectionId: z.number(), claimCalls: z.number(), tokens: z.number() });

async function lockEpisode(tx: Tx, episodeId: number, epoch: number) {
  const [ours] = await read(
    tx,
    Ours,
    Prisma.sql`select id, collection_id as "collectionId", claim_calls as "claimCalls",
        prompt_tokens + completion_tokens as tokens
      from collection_episode where ${owned(episodeId, epoch)} for no key update`,
  );
  return ours ?? null;
}

/**
 * Ends an episode, stores what it gave, and with the last one ends the collection, in one transaction: no crash can come
 * between a trajectory and the episode it belongs to.
 * @throws AppError invalid_input for a trajectory that cannot be stored
 */
export async function endEpisode(
  db: Db,
  episodeId: number,
  epoch: number,
  how: EpisodeEnd,
): Promise<boolean> {
  const hashed = how.status === "completed" ? hashedDraft(how.draft, episodeId) : null;
  return inTransaction(db, async (tx) => {
    const ours = await lockEpisode(tx, episodeId, epoch);
    if (!ours) return false;
    const added = hashed === null ? null : await storeDrafts(tx, [hashed], null);
    const broken = how.status === "errored" ? how : null;
    const promptVersion = how.status === "completed" ? how.promptVersion : null;
    await tx.$executeRaw`update collection_episode set status = ${how.status}, owner = null, lease_until = null,
        finished_at = now(), trajectory_id = ${added?.trajectoryIds[0] ?? null}::int,
        duplicate = ${(added?.duplicates ?? 0) > 0}::bool, error_code = ${broken?.code ?? null},
        error_message = ${storable(broken?.message ?? null)}, prompt_version = ${promptVersion}
      where id = ${episodeId}::int`;
    await settleCollection(tx, await giveBack(tx, ours.collectionId, ours.claimCalls, ours.tokens));
    return true;
  });
}

/**
 * Gives an episode back: queued again, or cancelled where its collection is. A claim that was given back does not count
 * towards poison. Does nothing when it is no longer ours.
 */
export async function releaseEpisode(db: Db, episodeId: number, epoch: number): Promise<void> {
  await inTransaction(db, async (tx) => {
    const ours = await lockEpisode(tx, episodeId, epoch);
    if (!ours) return;
    const collection = await giveBack(tx, ours.collectionId, ours.claimCalls, null);
    const status = collection.state === "cancelling" ? "cancelled" : "queued";
    await tx.$executeRaw`update collection_episode set status = ${status}, owner = null, lease_until = null,
        claims = greatest(claims - 1, 0)
      where id = ${episodeId}::int`;
    await settleCollection(tx, collection);
  });
}
