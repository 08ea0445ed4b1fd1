import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { assignmentStates } from "@/lib/core/queue";
import type { QueueItem, QueueStore } from "@/lib/core/queue-store";
import type { Review as ReviewFact } from "@/lib/core/review";
import { inTransaction, type Db, type Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { settleItem } from "./queue-settle";
import { afterRecount, type Recount } from "./review-counts";
import { Id, read, readOne, Review } from "./rows";
import { demandStorable } from "./text";

type Work = Pick<
  QueueStore,
  "claim" | "item" | "renew" | "skip" | "unskip" | "skipped" | "vote" | "own" | "finish"
>;
/** One person on one item. */
type At = { queueId: number; trajectoryId: number; personId: number };

/** Time for one vote to be stored after a lock ran out. */
const GRACE_MS = 60_000;

/** What people do with the items of a queue. Who has which item is settled one after the other, per queue. */
export function queueWork(db: Db): Work {
  const at = (queueId: number, trajectoryId: number, personId: number) => ({
    queueId,
    trajectoryId,
    personId,
  });
  return {
    claim: (queueId, personId, lockMs) =>
      referring(
        "the review queue",
        inTransaction(db, (tx) => claim(tx, queueId, personId, lockMs)),
      ),
    item: (...ids) => itemAt(db, at(...ids)),
    renew: (queueId, trajectoryId, personId, lockMs) =>
      inTransaction(db, async (tx) => {
        await lockQueue(tx, queueId);
        return hold(tx, at(queueId, trajectoryId, personId), lockMs);
      }),
    skip: (...ids) => inTransaction(db, (tx) => skip(tx, at(...ids))),
    unskip: (queueId, trajectoryId, personId, lockMs) =>
      inTransaction(db, (tx) => unskip(tx, at(queueId, trajectoryId, personId), lockMs)),
    skipped: (...ids) => skipped(db, ...ids),
    vote: (draft) => inTransaction(db, (tx) => vote(tx, draft)),
    own: (...ids) => ownVotes(db, at(...ids)),
    finish: async (...ids) => {
      const recount = await inTransaction(db, (tx) => finish(tx, at(...ids)));
      if (recount) await afterRecount(db, recount);
    },
  };
}

/** Everything that decides who has what waits here. @throws AppError not_found */
async function lockQueue(tx: Tx, queueId: number): Promise<{ reviewers: number }> {
  const what = demandId("review queue", queueId);
  const Locked = z.object({ reviewers: z.number() });
  return readOne(
    tx,
    Locked,
    Prisma.sql`select reviewers from review_queue where id = ${queueId}::int for no key update`,
    what,
  );
}

/** Whether one more person may be on an item `i` of a locked queue `q`, beside all others than this one. */
const free = (personId: number) => Prisma.sql`(select count(*) from review_assignment o
  where o.queue_id = i.queue_id and o.trajectory_id = i.trajectory_id and o.person_id <> ${personId}::int
    and (o.state = 'done' or (o.state = 'holding' and o.lock_until > now()))) < q.reviewers`;

const until = (lockMs: number) => Prisma.sql`now() + ${lockMs}::float8 * interval '1 millisecond'`;

async function claim(tx: Tx, queueId: number, personId: number, lockMs: number): Promise<QueueItem | null> {
  await lockQueue(tx, queueId);
  await demandMember(tx, queueId, personId);
  const next = (await own(tx, queueId, personId)) ?? (await unseen(tx, queueId, personId));
  if (!next) return null;
  await tx.$executeRaw`insert into review_assignment (queue_id, trajectory_id, person_id, lock_until)
    values (${queueId}::int, ${next.id}::int, ${personId}::int, ${until(lockMs)})
    on conflict (queue_id, trajectory_id, person_id) do update set lock_until = excluded.lock_until`;
  return itemAt(tx, { queueId, trajectoryId: next.id, personId });
}

async function demandMember(tx: Tx, queueId: number, personId: number): Promise<void> {
  const [outside] = await read(
    tx,
    z.object({ names: z.string() }),
    Prisma.sql`select string_agg(person.name, ', ' order by person.name) as names
      from review_queue_person qp join person on person.id = qp.person_id where qp.queue_id = ${queueId}::int
      having count(*) > 0 and not bool_or(qp.person_id = ${personId}::int)`,
  );
  if (outside)
    throw new AppError("forbidden", `this queue is for ${outside.names}`, {
      fix: "work as one of them, or make a queue of your own",
    });
}

/** What the person began and nobody took over. */
async function own(tx: Tx, queueId: number, personId: number) {
  const [found] = await read(
    tx,
    Id,
    Prisma.sql`select i.trajectory_id as id from review_assignment a
      join review_queue_item i using (queue_id, trajectory_id) join review_queue q on q.id = i.queue_id
      where a.queue_id = ${queueId}::int and a.person_id = ${personId}::int and a.state = 'holding'
        and not i.complete and ${free(personId)} order by i.position limit 1`,
  );
  return found;
}

/** The first that is free and was never theirs; as a value, not a join, which would be planned over every assignment. */
async function unseen(tx: Tx, queueId: number, personId: number) {
  const [found] = await read(
    tx,
    Id,
    Prisma.sql`select i.trajectory_id as id from review_queue_item i join review_queue q on q.id = i.queue_id
      where i.queue_id = ${queueId}::int and not i.complete
        and (select mine.state from review_assignment mine where mine.queue_id = i.queue_id
          and mine.trajectory_id = i.trajectory_id and mine.person_id = ${personId}::int) is null
        and ${free(personId)}
      order by i.position limit 1`,
  );
  return found;
}

const Item = z.object({
  queueId: z.number(),
  trajectoryId: z.number(),
  runId: z.number(),
  position: z.number(),
  blind: z.boolean(),
  complete: z.boolean(),
  state: z.enum(assignmentStates).nullable(),
}) satisfies z.ZodType<QueueItem>;

async function itemAt(tx: Tx, { queueId, trajectoryId, personId }: At): Promise<QueueItem> {
  const what = `${demandId("trajectory", trajectoryId)} in ${demandId("review queue", queueId)}`;
  return readOne(
    tx,
    Item,
    Prisma.sql`select i.queue_id as "queueId", i.trajectory_id as "trajectoryId", i.run_id as "runId", i.position,
        i.blind, i.complete, a.state
      from review_queue_item i left join review_assignment a on a.queue_id = i.queue_id
        and a.trajectory_id = i.trajectory_id and a.person_id = ${personId}::int
      where i.queue_id = ${queueId}::int and i.trajectory_id = ${trajectoryId}::int`,
    what,
  );
}

/** Prolongs a lock of a locked queue where the item is still theirs, or was theirs and nobody took it. */
async function hold(tx: Tx, { queueId, trajectoryId, personId }: At, lockMs: number): Promise<boolean> {
  const held =
    await tx.$executeRaw`update review_assignment a set lock_until = greatest(a.lock_until, ${until(lockMs)})
    from review_queue_item i join review_queue q on q.id = i.queue_id
    where a.queue_id = ${queueId}::int and a.trajectory_id = ${trajectoryId}::int and a.person_id = ${personId}::int
      and i.queue_id = a.queue_id and i.trajectory_id = a.trajectory_id
      and a.state = 'holding' and not i.complete and ${free(personId)}`;
  return held === 1;
}

/** Of a locked queue. @throws AppError conflict when the item is not theirs any more */
async function demandHeld(tx: Tx, at: At): Promise<void> {
  if (await hold(tx, at, GRACE_MS)) return;
  const { state } = await itemAt(tx, at);
  throw new AppError("conflict", refusals[state ?? "holding"], { fix: "go on with the next one" });
}

const refusals = {
  done: "you are done with this trajectory: your votes stand",
  skipped: "you have skipped this trajectory",
  holding: "this trajectory is not yours: the lock on it ran out, and others have taken it",
} as const;

async function skip(tx: Tx, at: At): Promise<void> {
  await lockQueue(tx, at.queueId);
  await itemAt(tx, at);
  await tx.$executeRaw`update review_assignment set state = 'skipped', lock_until = null, ended_at = now()
    where queue_id = ${at.queueId}::int and trajectory_id = ${at.trajectoryId}::int
      and person_id = ${at.personId}::int and state = 'holding'`;
}

/** A skipped assignment `a` that is open to its person still. */
const skippedOpen = (queueId: number, personId: number) => Prisma.sql`a.queue_id = ${queueId}::int
  and a.person_id = ${personId}::int and a.state = 'skipped' and not i.complete and ${free(personId)}`;

async function unskip(tx: Tx, at: At, lockMs: number): Promise<void> {
  await lockQueue(tx, at.queueId);
  const taken =
    await tx.$executeRaw`update review_assignment a set state = 'holding', lock_until = ${until(lockMs)}, ended_at = null
    from review_queue_item i join review_queue q on q.id = i.queue_id
    where i.queue_id = a.queue_id and i.trajectory_id = a.trajectory_id
      and a.trajectory_id = ${at.trajectoryId}::int and ${skippedOpen(at.queueId, at.personId)}`;
  if (taken === 1 || (await itemAt(tx, at)).state === "holding") return;
  throw new AppError("conflict", "this trajectory cannot be taken back: others have it by now", {
    fix: "go on with the next one",
  });
}

async function skipped(db: Db, queueId: number, personId: number): Promise<number | null> {
  const [found] = await read(
    db,
    Id,
    Prisma.sql`select a.trajectory_id as id from review_assignment a
      join review_queue_item i using (queue_id, trajectory_id) join review_queue q on q.id = i.queue_id
      where ${skippedOpen(queueId, personId)} order by a.ended_at desc, i.position desc limit 1`,
  );
  return found?.id ?? null;
}

async function vote(tx: Tx, draft: Parameters<QueueStore["vote"]>[0]): Promise<void> {
  demandStorable(draft, "the vote");
  await lockQueue(tx, draft.queueId);
  const [sent] = await read(
    tx,
    Id,
    Prisma.sql`select id from review_vote where client_id = ${draft.clientId}`,
  );
  if (sent) return;
  await demandHeld(tx, draft);
  const added =
    await tx.$executeRaw`insert into review_vote (queue_id, trajectory_id, person_id, target, target_index,
      decision, reason, note, verdict, verdict_seen, version, client_id)
    select ${draft.queueId}::int, ${draft.trajectoryId}::int, ${draft.personId}::int, ${draft.target},
      ${draft.targetIndex}::int, ${draft.decision}, ${draft.reason}, ${draft.note}, ${draft.verdict},
      ${draft.verdictSeen}, ${draft.expectedVersion + 1}::int, ${draft.clientId}
    where ${draft.expectedVersion}::int = (select count(*) from review_vote v
      where v.queue_id = ${draft.queueId}::int and v.trajectory_id = ${draft.trajectoryId}::int
        and v.person_id = ${draft.personId}::int and v.target = ${draft.target}
        and v.target_index = ${draft.targetIndex}::int)`;
  if (added === 0)
    throw new AppError("conflict", "you have voted on this in another window in the meantime", {
      fix: "load the page again, then decide",
    });
}

function ownVotes(tx: Tx, { queueId, trajectoryId, personId }: At): Promise<ReviewFact[]> {
  return read(
    tx,
    Review,
    Prisma.sql`select v.id as "reviewId", v.target, v.target_index as "targetIndex", v.decision, v.reason, v.note,
        v.verdict_seen as "verdictSeen", v.version, person.name as reviewer, v.at
      from review_vote v join person on person.id = v.person_id
      where v.queue_id = ${queueId}::int and v.trajectory_id = ${trajectoryId}::int
        and v.person_id = ${personId}::int order by v.id`,
  );
}

async function finish(tx: Tx, at: At): Promise<Recount | null> {
  const { reviewers } = await lockQueue(tx, at.queueId);
  const { state } = await itemAt(tx, at);
  if (state === "done") return null;
  await demandHeld(tx, at);
  await tx.$executeRaw`update review_assignment set state = 'done', lock_until = null, ended_at = now()
    where queue_id = ${at.queueId}::int and trajectory_id = ${at.trajectoryId}::int and person_id = ${at.personId}::int`;
  return settleItem(tx, { ...at, reviewers });
}
