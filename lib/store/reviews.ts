import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Review as ReviewFact } from "@/lib/core/review";
import type { Store } from "@/lib/core/store";
import { inTransaction, type Db, type Tx } from "./client";
import { reviewsOf } from "./facts";
import { Prisma } from "./generated/client";
import { demandId, possibleIds, referring } from "./ids";
import { openDispute } from "./queue-dispute";
import { afterRecount, recountReviews } from "./review-counts";
import { reviewHistoryIn } from "./review-history";
import { read, readOne, Review, reviewColumns } from "./rows";
import { demandStorable } from "./text";

type Draft = Parameters<Store["reviews"]["append"]>[0];

/** Decisions of people; appended, never changed. */
export function reviewsIn(db: Db): Store["reviews"] {
  return {
    append: (draft) => append(db, draft),
    list: async (runId, trajectoryId) =>
      (await reviewsOf(db, runId, [trajectoryId])).map(({ trajectoryId: _, ...review }) => review),
    recount: async (runId, trajectoryIds) =>
      afterRecount(
        db,
        await inTransaction(db, (tx) => recountReviews(tx, runId, possibleIds(trajectoryIds))),
      ),
    ...reviewHistoryIn(db),
  };
}

const fromReviews = Prisma.sql`select ${reviewColumns} from review join person on person.id = review.person_id`;

/** Decisions on one trajectory are taken one after the other, so versions have no gaps. */
async function append(db: Db, draft: Draft): Promise<ReviewFact> {
  const { runId, trajectoryId } = draft;
  demandStorable(draft, "the review");
  const what = `${demandId("trajectory", trajectoryId)} in ${demandId("run", runId)}`;
  const appending = inTransaction(db, async (tx) => {
    const entry = await tx.$executeRaw`select from run_trajectory
      where run_id = ${runId}::int and trajectory_id = ${trajectoryId}::int for no key update`;
    if (entry === 0) throw new AppError("not_found", `there is no ${what}`);
    const sent = await sentBefore(tx, draft);
    if (sent) return { review: sent, recount: null };
    const newest = await newestOn(tx, draft);
    if ((newest?.version ?? 0) !== draft.expectedVersion) throw outrun(draft, newest);
    const review = await insert(tx, draft, await disputing(tx, draft));
    return { review, recount: await recountReviews(tx, runId, [trajectoryId]) };
  });
  const { review, recount } = await referring("the review", appending);
  if (recount) await afterRecount(db, recount);
  return review;
}

/** The decision that was stored under this client id. @throws AppError conflict when it is not the one sent now */
async function sentBefore(tx: Tx, draft: Draft): Promise<ReviewFact | null> {
  const { runId, trajectoryId, target, targetIndex, decision, clientId, personId } = draft;
  const same = Prisma.sql`(run_id, trajectory_id, target, target_index, decision, person_id)
    = (${runId}::int, ${trajectoryId}::int, ${target}, ${targetIndex}::int, ${decision}, ${personId}::int)`;
  const [found] = await read(
    tx,
    Review.extend({ same: z.boolean() }),
    Prisma.sql`select ${reviewColumns}, ${same} as same from review join person on person.id = review.person_id
      where client_id = ${clientId}`,
  );
  if (!found) return null;
  const { same: isSame, ...review } = found;
  if (!isSame) throw new AppError("conflict", `the client id ${clientId} belongs to another decision`);
  return review;
}

async function newestOn(tx: Tx, { runId, trajectoryId, target, targetIndex }: Draft) {
  const [newest] = await read(
    tx,
    Review,
    Prisma.sql`${fromReviews} where run_id = ${runId}::int and trajectory_id = ${trajectoryId}::int
      and target = ${target} and target_index = ${targetIndex}::int order by version desc limit 1`,
  );
  return newest;
}

/** The queue whose votes differ on this target: a decision that follows such a dispute adjudicates it. */
async function disputing(tx: Tx, { runId, trajectoryId, target, targetIndex }: Draft) {
  const [open] = await read(
    tx,
    z.object({ queueId: z.number() }),
    Prisma.sql`select r.queue_id as "queueId" from review r where r.run_id = ${runId}::int
      and r.trajectory_id = ${trajectoryId}::int and r.target = ${target} and r.target_index = ${targetIndex}::int
      and ${openDispute} order by r.version desc limit 1`,
  );
  return open?.queueId ?? null;
}

function insert(tx: Tx, draft: Draft, queueId: number | null): Promise<ReviewFact> {
  return readOne(
    tx,
    Review,
    Prisma.sql`with review as (
        insert into review (run_id, trajectory_id, target, target_index, decision, reason, note, verdict_seen, version,
          client_id, person_id, queue_id)
        values (${draft.runId}::int, ${draft.trajectoryId}::int, ${draft.target}, ${draft.targetIndex}::int,
          ${draft.decision}, ${draft.reason}, ${draft.note}, ${draft.verdictSeen}, ${draft.expectedVersion + 1}::int,
          ${draft.clientId}, ${draft.personId}::int, ${queueId}::int)
        returning *)
      select ${reviewColumns} from review join person on person.id = review.person_id`,
    `person ${draft.personId}`,
  );
}

const past = {
  approve: "approved",
  veto: "vetoed",
  promote: "promoted",
  withdraw: "withdrawn",
  dispute: "disputed",
} as const;

function outrun({ target, targetIndex, expectedVersion }: Draft, newest: ReviewFact | undefined): AppError {
  const what = target === "step" ? `step ${targetIndex}` : `the solution of state ${targetIndex}`;
  if (!newest)
    return new AppError("conflict", `${what} has no decision ${expectedVersion} to follow`, {
      fix: "load the page again, then decide",
    });
  const { decision, reviewer, at } = newest;
  const message = `${what} was ${past[decision]} by ${reviewer} at ${at.toISOString()} in the meantime`;
  return new AppError("conflict", message, { fix: "look at that decision, then decide again" });
}
