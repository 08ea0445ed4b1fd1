"use client";
import { useQuery } from "@tanstack/react-query";
import type { StepRow } from "@/lib/core/review-rows";
import type { RolloutRow as Row } from "@/lib/core/rows";
import { RolloutRow } from "@/components/trajectory/rollout-row";
import { RolloutView } from "@/components/trajectory/rollout-view";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { Skeleton } from "@/components/ui/skeleton";
import { rolloutQuery } from "../../queries";

const SHOWN = 40;

/** Rollouts from the states that were compared, best first. */
export function comparedRollouts(rollouts: Row[], { segment }: Pick<StepRow, "segment">): Row[] {
  const states = [segment?.before?.stateIndex, segment?.after?.stateIndex];
  return byOutcome(rollouts.filter((r) => states.includes(r.stateIndex)));
}

/** What rollouts took together. */
export function costOf(rollouts: Row[]): { rollouts: number; steps: number; tokens: number } {
  const sum = (of: (row: Row) => number) => rollouts.reduce((all, row) => all + of(row), 0);
  return {
    rollouts: rollouts.length,
    steps: sum((row) => row.stepCount),
    tokens: sum((row) => row.promptTokens + row.completionTokens),
  };
}

/** Winning, then losing, then errored and unfinished; within each by state and attempt. */
export function byOutcome(rollouts: Row[]): Row[] {
  const rank = (r: Row) => (r.status === "completed" ? (r.success ? 0 : 1) : r.status === "errored" ? 2 : 3);
  return [...rollouts].sort(
    (a, b) => rank(a) - rank(b) || a.stateIndex - b.stateIndex || a.attempt - b.attempt,
  );
}

export function Rollouts(props: {
  rollouts: Row[];
  usedIds: (number | null)[];
  instruction: string;
  openId: number | null;
  onOpen: (rolloutId: number | null) => void;
}) {
  const { rollouts, usedIds, instruction, openId, onOpen } = props;
  if (rollouts.length === 0) return <p className="text-sm text-ink-3">No rollouts from these states.</p>;
  return (
    <ul className="flex flex-col">
      {rollouts.slice(0, SHOWN).map((rollout) => (
        <RolloutRow
          key={rollout.rolloutId}
          rollout={rollout}
          used={usedIds.includes(rollout.rolloutId)}
          open={openId === rollout.rolloutId}
          onToggle={() => onOpen(openId === rollout.rolloutId ? null : rollout.rolloutId)}
        >
          <OpenRollout rolloutId={rollout.rolloutId} instruction={instruction} />
        </RolloutRow>
      ))}
      {rollouts.length > SHOWN ? (
        <li className="py-1 text-xs text-ink-3">and {rollouts.length - SHOWN} more</li>
      ) : null}
    </ul>
  );
}

function OpenRollout({ rolloutId, instruction }: { rolloutId: number; instruction: string }) {
  const query = useQuery(rolloutQuery(rolloutId));
  if (query.isPending)
    return (
      <div className="flex flex-col gap-2 py-2 pl-4">
        <Skeleton className="h-16 w-full" />
        <Skeleton className="h-5 w-1/2" />
      </div>
    );
  if (query.isError)
    return (
      <ErrorNote message={`This rollout could not be loaded. ${query.error.message}`}>
        <Button size="sm" onClick={() => void query.refetch()}>
          Try again
        </Button>
      </ErrorNote>
    );
  return <RolloutView rollout={query.data} instruction={instruction} />;
}
