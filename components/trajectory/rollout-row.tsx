"use client";
/**
 * `RolloutRow`: one rollout of the agent as a line that opens (state, outcome, reward, length, tokens). What it opens to is
 * `children`, so that the caller decides when its steps are loaded.
 */
import { Check, ChevronRight, CircleAlert, CircleDashed, X, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import type { RolloutRow as Row } from "@/lib/core/rows";
import { cx } from "@/components/ui/class-names";
import { formatReward, plural } from "@/components/ui/numbers";

type Outcome = { word: string; icon: LucideIcon; tone: string };

export function rolloutOutcome(rollout: Pick<Row, "status" | "success" | "errorCode">): Outcome {
  if (rollout.status === "completed")
    return rollout.success
      ? { word: "solved", icon: Check, tone: "text-beneficial" }
      : { word: "not solved", icon: X, tone: "text-ink-2" };
  if (rollout.status === "errored")
    return { word: `errored: ${rollout.errorCode ?? "unknown"}`, icon: CircleAlert, tone: "text-undecided" };
  return { word: rollout.status, icon: CircleDashed, tone: "text-ink-3" };
}

export function RolloutRow(props: {
  rollout: Row;
  used: boolean;
  open: boolean;
  onToggle: () => void;
  children: ReactNode;
}) {
  const { rollout, used, open, onToggle, children } = props;
  const outcome = rolloutOutcome(rollout);
  const Icon = outcome.icon;
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={onToggle}
        className="flex h-8 w-full items-center gap-2 px-1 text-left text-sm hover:bg-hover"
      >
        <ChevronRight aria-hidden className={cx("size-3.5 shrink-0 text-ink-3", open && "rotate-90")} />
        <span className="min-w-14 shrink-0 whitespace-nowrap text-ink-2">state {rollout.stateIndex}</span>
        <span className="w-9 shrink-0 text-ink-3">try {rollout.attempt}</span>
        <span className={cx("flex min-w-0 items-center gap-1 font-medium", outcome.tone)}>
          <Icon aria-hidden className="size-3.5 shrink-0" strokeWidth={2.5} />
          <span className="truncate">{outcome.word}</span>
        </span>
        {used ? (
          <span className="shrink-0 rounded-sm border border-line-strong px-1 text-xs text-ink-2">used</span>
        ) : null}
        <span className="ml-auto shrink-0 text-xs text-ink-3">
          {rollout.reward === null ? null : `reward ${formatReward(rollout.reward)} · `}
          {plural(rollout.stepCount, "step")}
        </span>
      </button>
      {open ? children : null}
    </li>
  );
}
