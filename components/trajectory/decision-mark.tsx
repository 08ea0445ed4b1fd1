/**
 * `DecisionMark`: what a person decided, as a filled mark beside the verdict; it never changes the verdict's colour.
 * `DecisionDot` is the mark alone, for rows and the rail; give it its words through the surrounding element.
 */
import { ArrowUp, Check, Scale, X, type LucideIcon } from "lucide-react";
import type { Decided, DecisionState } from "@/lib/core/review";
import { cx } from "@/components/ui/class-names";
import { exactTime } from "@/components/ui/time";

const marks: Record<Exclude<DecisionState, "pending">, LucideIcon> = {
  approved: Check,
  vetoed: X,
  promoted: ArrowUp,
  disputed: Scale,
};

export function DecisionDot({ state, className }: { state: DecisionState; className?: string }) {
  if (state === "pending")
    return (
      <span aria-hidden className={cx("block size-4 rounded-full border border-line-control", className)} />
    );
  const Icon = marks[state];
  return (
    <span
      aria-hidden
      className={cx("grid size-4 place-items-center rounded-full bg-ink text-canvas", className)}
    >
      <Icon className="size-2.5" strokeWidth={3.5} />
    </span>
  );
}

export function DecisionMark({ decision }: { decision: Decided }) {
  if (decision.state === "pending") return null;
  const who = decision.state === "disputed" ? "" : (decision.reviewer ?? "");
  return (
    <span
      className="inline-flex items-center gap-1.5 text-xs font-medium whitespace-nowrap text-ink"
      title={
        decision.at ? `${decision.state}${who && ` by ${who}`}, ${exactTime(decision.at)}` : decision.state
      }
    >
      <DecisionDot state={decision.state} />
      {decision.state}
      {who ? <span className="max-w-[16ch] truncate font-normal text-ink-3">{who}</span> : null}
    </span>
  );
}
