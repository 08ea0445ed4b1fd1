import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Review as ReviewFact } from "@/lib/core/review";
import type { Store } from "@/lib/core/store";
import { inTransaction, type Db, type Tx } from "./client";
import { reviewsOf } from "./facts";
import { Prisma } from "./generated/client";
import { demandId, possibleIds, referring } from "./ids";
import { openDispute } from "./queue-dispute";
import { afterRecount, countReviews, judgedIn, recountReviews, type Judged } from "./review-counts";
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

/** Decisions on one trajectory are taken one after the other, so versions have no gaps. */
async function append(db: Db, draft: Draft): Promise<ReviewFact> {
  const { runId, trajectoryId } = draft;
  demandStorable(draft, "the review");
  const what = `${demandId("trajectory", trajectoryId)} in ${demandId("run", runId)}`;
  const appending = inTransaction(db, async (tx) => {
    const entry = await tx.$executeRaw`select from run_trajectory
      where run_id = ${runId}::int and trajectory_id = ${trajectoryId}::int for no key update`;
    if (entry === 0) throw new AppError("not_found", `there is no ${what}`);
    const { sent, newest, disputedIn } = await standing(tx, draft);
    if (sent) return { review: sent, recount: null };
    if ((newest?.version ?? 0) !== draft.expectedVersion) throw outrun(draft, newest);
    const judged = await judgedIn(tx, runId, [trajectoryId]);
    const review = await insert(tx, draft, wordOf(draft, judged), disputedIn);
    return { review, recount: await countReviews(tx, runId, judged) };
  });
  const { review, recount } = await referring("the review", appending);
  if (recount) await afterRecount(db, recount);
  return review;
}

function wordOf({ verdictSeen }: Draft, [judged]: Judged[]): string | null {
  if (typeof verdictSeen !== "function") return verdictSeen;
  return judged ? verdictSeen(judged.judgement) : null;
}

const Standing = Review.extend({ sent: z.boolean(), same: z.boolean(), disputedIn: z.number().nullable() });

/**
 * How it stands with what is decided: the decision that was stored under this client id, else the newest, and the queue
 * whose votes differ on it, which a decision that follows such a dispute adjudicates.
 * @throws AppError conflict when the client id is that of another decision
 */
async function standing(tx: Tx, draft: Draft) {
  const { runId, trajectoryId, target, targetIndex, decision, clientId, personId } = draft;
  const at = (review: Prisma.Sql) => Prisma.sql`${review}.run_id = ${runId}::int
    and ${review}.trajectory_id = ${trajectoryId}::int and ${review}.target = ${target}
    and ${review}.target_index = ${targetIndex}::int`;
  const columns = Prisma.sql`${reviewColumns}, review.client_id = ${clientId} as sent,
    ${at(Prisma.sql`review`)} and (review.decision, review.person_id) = (${decision}, ${personId}::int) as same`;
  const rows = await read(
    tx,
    Standing,
    Prisma.sql`select ${columns}, null::int as "disputedIn"
        from review join person on person.id = review.person_id where review.client_id = ${clientId}
      union all
      (select ${columns}, (select r.queue_id from review r where ${at(Prisma.sql`r`)} and ${openDispute}
          order by r.version desc limit 1)
        from review join person on person.id = review.person_id where ${at(Prisma.sql`review`)}
        order by review.version desc limit 1)`,
  );
  const strip = ({ sent: _sent, same: _same, disputedIn: _in, ...review }: z.infer<typeof Standing>) =>
    review;
  const found = rows.find(({ sent }) => sent);
  if (found && !found.same)
    throw new AppError("conflict", `the client id ${clientId} belongs to another decision`);
  const newest = found ? undefined : rows[0];
  return {
    sent: found && strip(found),
    newest: newest && strip(newest),
    disputedIn: newest?.disputedIn ?? null,
  };
}

function insert(tx: Tx, draft: Draft, seen: string | null, queueId: number | null): Promise<ReviewFact> {
  return readOne(
    tx,
    Review,
    Prisma.sql`with review as (
        insert into review (run_id, trajectory_id, target, target_index, decision, reason, note, verdict_seen, version,
          client_id, person_id, queue_id)
        values (${draft.runId}::int, ${draft.trajectoryId}::int, ${draft.target}, ${draft.targetIndex}::int,
          ${draft.decision}, ${draft.reason}, ${draft.note}, ${seen}, ${draft.expectedVersion + 1}::int,
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
