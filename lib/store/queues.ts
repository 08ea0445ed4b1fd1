import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { arrange, draw, mostItems, sideOf } from "@/lib/core/queue";
import type { GoldDecision } from "@/lib/core/queue-report";
import type { QueueRow, QueueStore } from "@/lib/core/queue-store";
import { recordedDecisions, reviewTargets } from "@/lib/core/review";
import { trajectorySorts, type Page, type TrajectoryFilter, type TrajectorySort } from "@/lib/core/rows";
import { inTransaction, type Db, type Tx } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { peopleIn } from "./people";
import { openDispute } from "./queue-dispute";
import { countedIn, disputesIn, queuePeople, votesIn } from "./queue-reads";
import { queueWork } from "./queue-work";
import { Id, read, readOne } from "./rows";
import { demandName, demandStorable } from "./text";
import { lookedAt, matchingOf } from "./trajectory-filter";
import { isByVerdict, phasesOf, walk } from "./trajectory-walk";

type Draft = Parameters<QueueStore["create"]>[0];

/** Review queues on this database. */
export function queuesIn(db: Db): QueueStore {
  return {
    create: (draft) => create(db, draft),
    get: (queueId) => get(db, queueId),
    list: (cursor, limit) => list(db, cursor, limit),
    people: (queueId) => queuePeople(db, queueId),
    votes: (queueId, trajectoryId) => votesIn(db, queueId, trajectoryId),
    disputes: (queueId, limit) => disputesIn(db, queueId, limit),
    counted: (queueId) => countedIn(db, queueId),
    ...queueWork(db),
  };
}

const Queue = z.object({
  queueId: z.number(),
  name: z.string(),
  // As it was stored: what a filter can say grows with the product.
  filter: z.custom<TrajectoryFilter>((value) => typeof value === "object" && value !== null),
  sort: z.enum(trajectorySorts),
  reviewers: z.number(),
  blindShare: z.number(),
  seed: z.number(),
  createdBy: z.string(),
  createdAt: z.date(),
  people: z.array(z.string()),
  items: z.number(),
  goldItems: z.number(),
  blindItems: z.number(),
  complete: z.number(),
  disputed: z.number(),
}) satisfies z.ZodType<QueueRow>;

const queues = (
  where: Prisma.Sql,
) => Prisma.sql`select q.id as "queueId", q.name, q.filter, q.sort, q.reviewers,
    q.blind_share as "blindShare", q.seed, person.name as "createdBy", q.created_at as "createdAt",
    array(select p.name from review_queue_person qp join person p on p.id = qp.person_id
      where qp.queue_id = q.id order by p.name) as people,
    items.*, (select count(distinct r.trajectory_id)::int from review r where r.queue_id = q.id and ${openDispute})
      as disputed
  from review_queue q join person on person.id = q.person_id
  cross join lateral (select count(*)::int as items, count(gold)::int as "goldItems",
    (count(*) filter (where blind))::int as "blindItems", (count(*) filter (where complete))::int as complete
    from review_queue_item where queue_id = q.id) items
  where ${where}`;

async function get(db: Db, queueId: number): Promise<QueueRow> {
  const what = demandId("review queue", queueId);
  return readOne(db, Queue, queues(Prisma.sql`q.id = ${queueId}::int`), what);
}

async function list(db: Db, cursor: string | null, limit: number): Promise<Page<QueueRow>> {
  const before = readIdCursor(cursor);
  const where = before === null ? Prisma.sql`true` : Prisma.sql`q.id < ${before}::int`;
  const rows = await read(db, Queue, Prisma.sql`${queues(where)} order by q.id desc limit ${limit + 1}::int`);
  return pageOf(rows, limit, ({ queueId }) => queueId);
}

async function create(db: Db, draft: Draft): Promise<QueueRow> {
  demandStorable(draft, "the review queue");
  demandName(draft.name, "the queue's name");
  const chosen = await matched(db, draft.filter, draft.sort);
  if (chosen.length > mostItems)
    throw new AppError("invalid_input", `more than ${mostItems.toLocaleString("en")} trajectories match`, {
      fix: "narrow the filter: a queue holds what people can get through",
    });
  const gold = await goldOf(db, draft);
  const runs = await runsOf(db, [...chosen, ...gold.keys()], draft.filter.runId);
  const ids = arrange(chosen, [...gold.keys()], draft.seed).filter((id) => runs.has(id));
  if (ids.length === 0)
    throw new AppError("invalid_input", "no trajectory that a run has looked at matches the filter", {
      fix: "mine some trajectories first, or loosen the filter",
    });
  const items = ids.map((id, position) => {
    const blind = draw(draft.seed, id) < draft.blindShare;
    return { trajectory_id: id, run_id: runs.get(id), position, blind, gold: gold.get(id) ?? null };
  });
  const people = await Promise.all([...new Set(draft.people)].map((name) => peopleIn(db).ensure(name)));
  const created = inTransaction(db, async (tx) => {
    const queueId = await insertQueue(tx, draft);
    await tx.$executeRaw`insert into review_queue_item (queue_id, trajectory_id, run_id, position, blind, gold)
      select ${queueId}::int, item.* from jsonb_to_recordset(${JSON.stringify(items)}::jsonb)
        as item(trajectory_id int, run_id int, position int, blind boolean, gold jsonb)`;
    await tx.$executeRaw`insert into review_queue_person (queue_id, person_id)
      select ${queueId}::int, unnest(${people.map((p) => p.personId)}::int[])`;
    return queueId;
  });
  return get(db, await referring("the review queue", created));
}

async function insertQueue(tx: Tx, draft: Draft): Promise<number> {
  const { id } = await readOne(
    tx,
    Id,
    Prisma.sql`insert into review_queue (name, filter, sort, reviewers, blind_share, seed, person_id)
      values (${draft.name}, ${JSON.stringify(draft.filter)}::jsonb, ${draft.sort}, ${draft.reviewers}::int,
        ${draft.blindShare}::float8, ${draft.seed}::int, ${draft.personId}::int) returning id`,
    "review queue",
  );
  return id;
}

/** One more than a queue holds where more match. */
async function matched(db: Db, filter: TrajectoryFilter, sort: TrajectorySort): Promise<number[]> {
  const matching = await matchingOf(db, filter, isByVerdict(sort));
  const phases = phasesOf(matching, sort);
  const asked = { phases, from: null, limit: mostItems + 1, backward: false };
  const { positions } = await walk(db, matching, asked);
  return positions.map(({ id }) => id);
}

/** The run by which each is judged: the one asked for, else its newest; those that none has looked at are left out. */
async function runsOf(db: Db, ids: number[], runId: number | null): Promise<Map<number, number>> {
  const run = runId === null ? Prisma.sql`t.latest_run_id` : Prisma.sql`${runId}::int`;
  const rows = await read(
    db,
    z.object({ id: z.number(), runId: z.number() }),
    Prisma.sql`select t.id, rt.run_id as "runId" from trajectory t
      join run_trajectory rt on rt.trajectory_id = t.id and rt.run_id = ${run} and ${lookedAt}
      where t.id = any(${ids}::int[])`,
  );
  return new Map(rows.map(({ id, runId: of }) => [id, of]));
}

const Known = z.object({
  trajectoryId: z.number(),
  target: z.enum(reviewTargets),
  targetIndex: z.number(),
  decision: z.enum(recordedDecisions),
});

/** Drawn from what is completely reviewed; what was decided there is what is right. */
async function goldOf(db: Db, draft: Draft): Promise<Map<number, GoldDecision[]>> {
  const gold = new Map<number, GoldDecision[]>();
  if (draft.gold === 0) return gold;
  const reviewed = await matched(db, { ...draft.filter, review: "complete" }, "newest");
  const drawn = reviewed.sort((a, b) => draw(~draft.seed, a) - draw(~draft.seed, b)).slice(0, draft.gold);
  const runs = await runsOf(db, drawn, draft.filter.runId);
  const known = await read(
    db,
    Known,
    Prisma.sql`select distinct on (r.trajectory_id, r.target, r.target_index) r.trajectory_id as "trajectoryId",
        r.target, r.target_index as "targetIndex", r.decision
      from unnest(${[...runs.keys()]}::int[], ${[...runs.values()]}::int[]) of(trajectory_id, run_id)
      join review r on r.run_id = of.run_id and r.trajectory_id = of.trajectory_id
      order by r.trajectory_id, r.target, r.target_index, r.version desc`,
  );
  for (const { trajectoryId, target, targetIndex, decision } of known) {
    const side = sideOf(decision);
    if (side === null) continue;
    gold.set(trajectoryId, [...(gold.get(trajectoryId) ?? []), { target, targetIndex, side }]);
  }
  return gold;
}
