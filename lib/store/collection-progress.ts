import { z } from "zod";
import { episodeStatuses, type EpisodeStatus } from "@/lib/core/collection";
import type { CollectionProgress } from "@/lib/core/rows";
import type { Ending } from "@/lib/core/streak";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";

const ERRORS_SHOWN = 50;

const Count = z.number();
const Group = z.object({
  collectionId: Count,
  status: z.enum(episodeStatuses),
  episodes: Count,
  succeeded: Count,
  duplicates: Count,
  meanReward: Count.nullable(),
  calls: Count,
  promptTokens: Count,
  completionTokens: Count,
});
type Group = z.infer<typeof Group>;

/** How far collections are, in one grouped query for all of them. */
export async function collectionProgress(
  db: Db,
  collectionIds: number[],
): Promise<(collectionId: number) => CollectionProgress> {
  const groups = await read(
    db,
    Group,
    Prisma.sql`select n.collection_id as "collectionId", n.status, count(*)::float8 as episodes,
        count(*) filter (where t.success)::float8 as succeeded,
        count(*) filter (where n.duplicate)::float8 as duplicates, avg(t.reward)::float8 as "meanReward",
        sum(n.calls_started)::float8 as calls, sum(n.prompt_tokens)::float8 as "promptTokens",
        sum(n.completion_tokens)::float8 as "completionTokens"
      from collection_episode n left join trajectory t on t.id = n.trajectory_id
      where n.collection_id = any(${collectionIds}::int[]) group by 1, 2`,
  );
  return (collectionId) => summed(groups.filter((group) => group.collectionId === collectionId));
}

function summed(groups: Group[]): CollectionProgress {
  const sum = (of: (group: Group) => number) => groups.reduce((n, group) => n + of(group), 0);
  const inStatus = (status: EpisodeStatus) => sum((group) => (group.status === status ? group.episodes : 0));
  return {
    episodes: {
      queued: inStatus("queued"),
      running: inStatus("running"),
      completed: inStatus("completed"),
      errored: inStatus("errored"),
      cancelled: inStatus("cancelled"),
      skipped: inStatus("skipped"),
    },
    succeeded: sum((group) => group.succeeded),
    duplicates: sum((group) => group.duplicates),
    meanReward: groups.find(({ status }) => status === "completed")?.meanReward ?? null,
    calls: sum((group) => group.calls),
    promptTokens: sum((group) => group.promptTokens),
    completionTokens: sum((group) => group.completionTokens),
  };
}

const Broken = z.object({
  code: z.string(),
  message: z.string(),
  episodes: z.number(),
  subtaskKey: z.string(),
});

/** What broke in a collection, the most frequent first, each with one subtask to look at. */
export async function collectionErrors(db: Db, collectionId: number) {
  demandId("collection", collectionId);
  return read(
    db,
    Broken,
    Prisma.sql`select n.error_code as code, coalesce(n.error_message, '') as message, count(*)::int as episodes,
        min(s.subtask_key) as "subtaskKey"
      from collection_episode n join subtask s on s.id = n.subtask_id
      where n.collection_id = ${collectionId}::int and n.status = 'errored'
      group by n.error_code, n.error_message order by count(*) desc, min(n.position) limit ${ERRORS_SHOWN}::int`,
  );
}

const Ended = z.object({ code: z.string().nullable(), place: Count });

/** How the last episodes of a collection ended, newest first. */
export function lastEpisodes(db: Db, collectionId: number, limit: number): Promise<Ending[]> {
  return read(
    db,
    Ended,
    Prisma.sql`select error_code as code, subtask_id as place from collection_episode
      where collection_id = ${collectionId}::int and finished_at is not null
      order by finished_at desc, id desc limit ${limit}::int`,
  );
}
