import { AppError } from "@/lib/core/errors";
import type { CollectionRow as Collection, EpisodeRow as Episode } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { joinIteration } from "./campaign-links";
import { inTransaction, type Db, type Tx } from "./client";
import { CollectionRow, collectionColumns, EpisodeRow } from "./collection-rows";
import { collectionErrors, collectionProgress, lastEpisodes } from "./collection-progress";
import { pageOf, readIdCursor } from "./cursor";
import { claimEpisode, countCall, endEpisode, recordUsage, releaseEpisode } from "./episode-claims";
import {
  cancelCollection,
  failCollection,
  freePlaces,
  reapEpisodes,
  renewEpisodes,
  requeueEpisodes,
} from "./episode-leases";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { planEpisodes } from "./plan-episodes";
import { countChosen, subtaskCounts } from "./subtask-choice";
import { Id, read, readOne } from "./rows";
import { demandStorable } from "./text";

const fromCollections = Prisma.sql`select ${collectionColumns} from collection c
  join environment e on e.id = c.environment_id join person on person.id = c.person_id`;

/** Collections and their episodes: claimed by one worker at a time, every write of it fenced by the epoch it claimed. */
export function collectionsIn(db: Db): Store["collections"] {
  return {
    create: (collection) => create(db, collection),
    chosen: (environmentId, choice) => countChosen(db, environmentId, choice),
    subtaskCounts: (environmentId) => subtaskCounts(db, environmentId),
    get: (collectionId) => get(db, collectionId),
    list: (cursor, limit) => list(db, cursor, limit),
    progress: async (collectionId) => {
      demandId("collection", collectionId);
      return collectionProgress(db, [collectionId]).then((of) => of(collectionId));
    },
    lastEnds: (collectionId, limit) => lastEpisodes(db, collectionId, limit),
    fail: (collectionId, error) => failCollection(db, collectionId, error),
    errors: (collectionId) => collectionErrors(db, collectionId),
    episodes: (collectionId, cursor, limit) => episodes(db, collectionId, cursor, limit),
    cancel: (collectionId) => cancelCollection(db, collectionId),
    requeue: (collectionId, statuses, budget) => requeueEpisodes(db, collectionId, statuses, budget),
    claim: (collectionId, owner, leaseMs) => claimEpisode(db, collectionId, owner, leaseMs),
    startCall: (episodeId, epoch) => countCall(db, episodeId, epoch),
    recordUsage: (episodeId, epoch, usage) => recordUsage(db, episodeId, epoch, usage),
    end: (episodeId, epoch, how) => endEpisode(db, episodeId, epoch, how),
    release: (episodeId, epoch) => releaseEpisode(db, episodeId, epoch),
    renew: (owner, leaseMs, episodeIds) => renewEpisodes(db, owner, leaseMs, episodeIds),
    reap: (maxClaims) => reapEpisodes(db, maxClaims),
    waiting: (limit) => freePlaces(db, limit),
  };
}

async function create(
  db: Db,
  collection: Parameters<Store["collections"]["create"]>[0],
): Promise<Collection> {
  demandStorable(collection, "the collection");
  const { name, environmentId, policyId, checkpoint, source, config, budget, personId } = collection;
  const { iteration } = collection;
  const created = inTransaction(db, async (tx) => {
    const [row] = await read(
      tx,
      Id,
      Prisma.sql`insert into collection
          (name, environment_id, policy_id, checkpoint, source, config, max_calls, max_tokens, person_id)
        values (${name}, ${environmentId}::int, ${policyId}::int, ${checkpoint}, ${source},
          ${JSON.stringify(config)}::jsonb, ${budget.maxCalls}::int, ${budget.maxTokens}::bigint, ${personId}::int)
        returning id`,
    );
    if (!row) throw new AppError("internal", "the collection was stored and is not there");
    if (iteration) await joinIteration(tx, iteration, "collection", row.id);
    await planEpisodes(tx, row.id, environmentId, config);
    return get(tx, row.id);
  });
  return referring("the collection", created);
}

async function get(tx: Tx, collectionId: number): Promise<Collection> {
  const what = demandId("collection", collectionId);
  return readOne(tx, CollectionRow, Prisma.sql`${fromCollections} where c.id = ${collectionId}::int`, what);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where c.id < ${after}::int`;
  const sql = Prisma.sql`${fromCollections} ${before} order by c.id desc limit ${limit + 1}::int`;
  const page = pageOf(await read(db, CollectionRow, sql), limit, (row) => row.collectionId);
  const of = await collectionProgress(
    db,
    page.rows.map((row) => row.collectionId),
  );
  return { ...page, rows: page.rows.map((row) => ({ ...row, progress: of(row.collectionId) })) };
}

async function episodes(db: Db, collectionId: number, cursor: string | null, limit: number) {
  await get(db, collectionId);
  const after = readIdCursor(cursor) ?? -1;
  const rows = await read(
    db,
    EpisodeRow,
    Prisma.sql`select n.id as "episodeId", n.position, s.subtask_key as "subtaskKey",
        coalesce(t.instruction, s.instruction) as instruction, s.task_type as "taskType", n.attempt, n.status,
        n.trajectory_id as "trajectoryId", n.duplicate, t.reward, t.success, t.step_count as "stepCount",
        n.calls_started as calls, n.error_code as "errorCode", n.error_message as "errorMessage"
      from collection_episode n join subtask s on s.id = n.subtask_id
      left join trajectory t on t.id = n.trajectory_id
      where n.collection_id = ${collectionId}::int and n.position > ${after}::int
      order by n.position limit ${limit + 1}::int`,
  );
  const page = pageOf(rows, limit, ({ position }) => position);
  const shown: Episode[] = page.rows.map(({ position: _, ...row }) => row);
  return { ...page, rows: shown };
}
