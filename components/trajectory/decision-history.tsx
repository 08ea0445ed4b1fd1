/** `DecisionHistory`: who decided what, when, newest first. Decisions are facts: a changed mind is one more line. */
import type { Review } from "@/lib/core/review";
import { Time } from "@/components/ui/time";
import { VisibleText } from "./text-block";

const did = {
  approve: "approved",
  veto: "vetoed",
  promote: "promoted",
  withdraw: "took back the decision on",
  dispute: "Votes differ on",
} as const;

export function DecisionHistory({ history }: { history: Review[] }) {
  if (history.length === 0)
    return <p className="text-sm text-ink-3">Nobody has decided anything here yet.</p>;
  return (
    <ol className="flex flex-col">
      {history.map((review) => (
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
