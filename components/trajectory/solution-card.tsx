/**
 * `SolutionCard`: how one important state is solved: its sentence, whether it is confirmed, what a person decided.
 * `children` are the decision's buttons.
 */
import type { ReactNode } from "react";
import type { SolutionRow } from "@/lib/core/review-rows";
import { Badge } from "@/components/ui/badge";
import { DecisionMark } from "./decision-mark";

export function SolutionCard({ solution, children }: { solution: SolutionRow; children: ReactNode }) {
  return (
    <li className="flex flex-col gap-1.5 border-b border-line py-2 last:border-b-0">
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-sm font-medium text-ink">State {solution.stateIndex}</span>
        {solution.recovery ? <Badge>recovery</Badge> : null}
        {solution.rolloutFrom === null ? <Badge>unsolved</Badge> : null}
        {solution.confirmed ? null : (
          <Badge tone="warn" title="Its expert part is undecided: it is never exported">
            not confirmed
          </Badge>
        )}
        <DecisionMark decision={solution.decision} />
        <div className="ml-auto flex gap-1">{children}</div>
      </div>
      <p className="text-sm text-ink-2">{solution.sentence}</p>
    </li>
  );
}
