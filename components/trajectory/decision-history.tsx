/**
 * `DecisionHistory`: who decided what, when, newest first. Decisions are facts: a changed mind is one more line. Shows the
 * newest 30; `allHref` leads to all of them.
 */
import Link from "next/link";
import type { Review } from "@/lib/core/review";
import { formatCount } from "@/components/ui/numbers";
import { Time } from "@/components/ui/time";
import { linkish, VisibleText } from "./text-block";

const did = {
  approve: "approved",
  veto: "vetoed",
  promote: "promoted",
  withdraw: "took back the decision on",
  dispute: "Votes differ on",
} as const;

const SHOWN = 30;

/** @param allHref where every decision on the trajectory is listed; none of votes, which are nobody else's yet */
export function DecisionHistory({ history, allHref }: { history: Review[]; allHref?: string }) {
  if (history.length === 0)
    return <p className="text-sm text-ink-3">Nobody has decided anything here yet.</p>;
  return (
    <>
      <ol className="flex flex-col">
        {history.slice(0, SHOWN).map((review) => (
          <li key={review.reviewId} className="border-b border-line py-1.5 text-sm last:border-b-0">
            {review.decision === "dispute" ? null : (
              <span className="font-medium text-ink">{review.reviewer} </span>
            )}
            <span className="text-ink-2">
              {did[review.decision]} {review.target === "step" ? "action" : "the solution of state"}{" "}
              {review.targetIndex}
              {review.reason ? `: ${reasonWords(review.reason)}` : ""}
              {adjudicates(review, history) ? ", ending the dispute" : ""}
            </span>{" "}
            <span className="text-xs text-ink-3">
              <Time at={review.at} />
            </span>
            {review.note ? (
              <p className="mt-0.5 [overflow-wrap:anywhere] whitespace-pre-wrap text-ink-2">
                <VisibleText text={review.note} />
              </p>
            ) : null}
          </li>
        ))}
      </ol>
      {allHref === undefined ? null : (
        <Link href={allHref} prefetch={false} className={linkish}>
          {history.length > SHOWN ? `All ${formatCount(history.length)} decisions` : "Among all decisions"}
        </Link>
      )}
    </>
  );
}

/** The first decision after a dispute of votes. */
function adjudicates({ target, targetIndex, version, decision }: Review, history: Review[]): boolean {
  const before = history.find(
    (r) => r.target === target && r.targetIndex === targetIndex && r.version === version - 1,
  );
  return before?.decision === "dispute" && decision !== "dispute" && decision !== "withdraw";
}

/** A stored reason as people read it: `bad_thought` is "bad thought". */
export function reasonWords(reason: string): string {
  return reason.replaceAll("_", " ");
}
