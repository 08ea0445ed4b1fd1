import { randomUUID } from "node:crypto";
import { z } from "zod";
import { settleVotes, sideOf, type Outcome } from "@/lib/core/queue";
import { recordedDecisions } from "@/lib/core/review";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { votesIn } from "./queue-reads";
import { recountReviews, type Recount } from "./review-counts";
import { read } from "./rows";
import { lockEntries } from "./run-totals";

type Item = { queueId: number; trajectoryId: number; reviewers: number };

/**
 * Completes an item of a locked queue where everybody asked for is done, and settles its votes into reviews unless it is
 * gold. A decision that was taken outside the queue since it was made, and that the votes contradict, makes it a dispute:
 * nobody's word is overwritten unseen.
 * @returns null when it was not settled
 */
export async function settleItem(
  tx: Tx,
  { queueId, trajectoryId, reviewers }: Item,
): Promise<Recount | null> {
  const [completed] = await read(
    tx,
    z.object({ gold: z.boolean(), runId: z.number() }),
    Prisma.sql`update review_queue_item i set complete = true
      where i.queue_id = ${queueId}::int and i.trajectory_id = ${trajectoryId}::int and not i.complete
        and ${reviewers}::int = (select count(*) from review_assignment a
          where a.queue_id = i.queue_id and a.trajectory_id = i.trajectory_id and a.state = 'done')
      returning i.gold is not null as gold, i.run_id as "runId"`,
  );
  if (!completed || completed.gold) return null;
  const { runId } = completed;
  const votes = await votesIn(tx, queueId, trajectoryId);
  const names = new Map(votes.map((v) => [v.personId, v.reviewer]));
  // Decisions on one trajectory are taken one after the other, as everywhere.
  await lockEntries(tx, runId, [trajectoryId]);
  for (const outcome of settleVotes(votes, reviewers)) {
    const agreeing = votes.filter(
      (v) => v.target === outcome.target && v.targetIndex === outcome.targetIndex,
    );
    await append(
      tx,
      { queueId, runId, trajectoryId },
      outcome,
      agreeing.map((v) => names.get(v.personId) ?? ""),
    );
  }
  return recountReviews(tx, runId, [trajectoryId]);
}

type At = { queueId: number; runId: number; trajectoryId: number };

async function append(tx: Tx, at: At, outcome: Outcome, names: string[]): Promise<void> {
  const { target, targetIndex } = outcome;
  const [newest] = await read(
    tx,
    z.object({ version: z.number(), decision: z.enum(recordedDecisions), since: z.boolean() }),
    Prisma.sql`select r.version, r.decision, r.at > q.created_at as since
      from review r join review_queue q on q.id = ${at.queueId}::int
      where r.run_id = ${at.runId}::int and r.trajectory_id = ${at.trajectoryId}::int and r.target = ${target}
        and r.target_index = ${targetIndex}::int order by r.version desc limit 1`,
  );
  const theirs = newest?.since ? sideOf(newest.decision) : null;
  const contradicted = theirs !== null && theirs !== sideOf(outcome.decision);
  const decision = contradicted ? "dispute" : outcome.decision;
  const agreed = decision !== "dispute" && names.length > 1 ? [`${names.toSorted().join(", ")} agree`] : [];
  const note = [...agreed, ...(outcome.note === null ? [] : [outcome.note])].join("\n") || null;
  await tx.$executeRaw`insert into review (run_id, trajectory_id, target, target_index, decision, reason, note,
      verdict_seen, version, client_id, person_id, queue_id)
    values (${at.runId}::int, ${at.trajectoryId}::int, ${target}, ${targetIndex}::int, ${decision},
      ${decision === "dispute" ? null : outcome.reason}, ${note}, ${outcome.verdictSeen},
      ${(newest?.version ?? 0) + 1}::int, ${randomUUID()}, ${outcome.personId}::int, ${at.queueId}::int)`;
}
