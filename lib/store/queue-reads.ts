import { z } from "zod";
import { sides, type Vote } from "@/lib/core/queue";
import type { CountedVote, GoldItem } from "@/lib/core/queue-report";
import type { Dispute, PersonProgress, QueueStore } from "@/lib/core/queue-store";
import { decisions, reviewTargets } from "@/lib/core/review";
import type { Db, Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { openDispute } from "./queue-dispute";
import { PersonRow, read } from "./rows";

const Count = z.number().int();

const Progress = PersonRow.extend({ holding: Count, done: Count, skipped: Count });

/** Everybody named in a queue and everybody who worked on it, by name; a lock that ran out is not held. */
export function queuePeople(db: Db, queueId: number): Promise<PersonProgress[]> {
  demandId("review queue", queueId);
  return read(
    db,
    Progress,
    Prisma.sql`select person.id as "personId", person.name,
        (count(*) filter (where a.state = 'holding' and a.lock_until > now()))::int as holding,
        (count(*) filter (where a.state = 'done'))::int as done,
        (count(*) filter (where a.state = 'skipped'))::int as skipped
      from (select person_id from review_queue_person where queue_id = ${queueId}::int
        union select person_id from review_assignment where queue_id = ${queueId}::int) people
      join person on person.id = people.person_id
      left join review_assignment a on a.queue_id = ${queueId}::int and a.person_id = people.person_id
      group by person.id order by person.name`,
  );
}

const VoteColumns = z.object({
  personId: Count,
  target: z.enum(reviewTargets),
  targetIndex: Count,
  decision: z.enum(decisions),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  verdict: z.string(),
  verdictSeen: z.string().nullable(),
  version: Count,
  reviewer: z.string(),
});

/** Each person's newest vote `v` on each target in a queue, of items `i` the person is done with; not what was taken back. */
const standingVotes = (columns: Prisma.Sql, queueId: number, where: Prisma.Sql) => Prisma.sql`select * from (
    select distinct on (v.trajectory_id, v.person_id, v.target, v.target_index) v.id, v.person_id as "personId", v.target,
      v.target_index as "targetIndex", v.decision, v.verdict, ${columns}
    from review_vote v join person on person.id = v.person_id
    join review_assignment a using (queue_id, trajectory_id, person_id)
    join review_queue_item i using (queue_id, trajectory_id)
    where v.queue_id = ${queueId}::int and a.state = 'done' and ${where}
    order by v.trajectory_id, v.person_id, v.target, v.target_index, v.version desc) newest
  where decision <> 'withdraw'`;

/** Each person's newest vote on each target, of those done with the item; what was taken back is left out. */
export async function votesIn(
  tx: Tx,
  queueId: number,
  trajectoryId: number,
): Promise<(Vote & { reviewer: string })[]> {
  return read(
    tx,
    VoteColumns,
    Prisma.sql`${standingVotes(
      Prisma.sql`v.reason, v.note, v.verdict_seen as "verdictSeen", v.version, person.name as reviewer`,
      queueId,
      Prisma.sql`v.trajectory_id = ${trajectoryId}::int`,
    )} order by target, "targetIndex", id`,
  );
}

const Counted = VoteColumns.pick({
  personId: true,
  target: true,
  targetIndex: true,
  decision: true,
  verdict: true,
}).extend({ trajectoryId: Count, blind: z.boolean() }) satisfies z.ZodType<CountedVote>;

const Gold = z.object({
  trajectoryId: Count,
  decisions: z.array(z.object({ target: z.enum(reviewTargets), targetIndex: Count, side: z.enum(sides) })),
}) satisfies z.ZodType<GoldItem>;

/** What the report of a queue is made of: the standing votes of everybody who is done with their item, and the gold. */
export async function countedIn(db: Db, queueId: number): ReturnType<QueueStore["counted"]> {
  demandId("review queue", queueId);
  const [votes, gold] = await Promise.all([
    read(
      db,
      Counted,
      standingVotes(Prisma.sql`v.trajectory_id as "trajectoryId", i.blind`, queueId, Prisma.sql`true`),
    ),
    read(
      db,
      Gold,
      Prisma.sql`select trajectory_id as "trajectoryId", gold as decisions from review_queue_item
        where queue_id = ${queueId}::int and gold is not null`,
    ),
  ]);
  return { votes, gold };
}

const DisputeRow = z.object({
  trajectoryId: Count,
  runId: Count,
  subtaskKey: z.string(),
  instruction: z.string(),
  targets: z.array(z.object({ target: z.enum(reviewTargets), targetIndex: Count })),
  voters: z.array(PersonRow),
}) satisfies z.ZodType<Dispute>;

/** What waits for somebody to adjudicate, in the order of the queue. */
export async function disputesIn(db: Db, queueId: number, limit: number): Promise<Dispute[]> {
  demandId("review queue", queueId);
  return read(
    db,
    DisputeRow,
    Prisma.sql`select i.trajectory_id as "trajectoryId", i.run_id as "runId", s.subtask_key as "subtaskKey",
        coalesce(t.instruction, s.instruction) as instruction, disputed.targets,
        (select jsonb_agg(jsonb_build_object('personId', p.id, 'name', p.name) order by p.name)
          from review_assignment a join person p on p.id = a.person_id
          where a.queue_id = i.queue_id and a.trajectory_id = i.trajectory_id and a.state = 'done') as voters
      from (
        select r.trajectory_id, jsonb_agg(jsonb_build_object('target', r.target, 'targetIndex', r.target_index)
          order by r.target desc, r.target_index) as targets
        from review r where r.queue_id = ${queueId}::int and ${openDispute} group by 1
      ) disputed
      join review_queue_item i on i.queue_id = ${queueId}::int and i.trajectory_id = disputed.trajectory_id
      join trajectory t on t.id = i.trajectory_id join subtask s on s.id = t.subtask_id
      order by i.position limit ${limit}::int`,
  );
}
