"use client";
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
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
  // The one that the address opened is shown wherever it stands.
  const shown = rollouts.filter((rollout, i) => i < SHOWN || rollout.rolloutId === openId);
  if (rollouts.length === 0) return <p className="text-sm text-ink-3">No rollouts from these states.</p>;
  return (
    <ul className="flex flex-col">
      {shown.map((rollout) => (
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
      {rollouts.length > shown.length ? (
        <li className="py-1 text-xs text-ink-3">and {rollouts.length - shown.length} more</li>
      ) : null}
    </ul>
  );
}

function OpenRollout({ rolloutId, instruction }: { rolloutId: number; instruction: string }) {
  const query = useQuery(rolloutQuery(rolloutId));
  const target = useSyncExternalStore(subscribe, targetOf, () => null);
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
  return <RolloutView rollout={query.data} instruction={instruction} target={target} onLink={link} />;
}

const LINKED = "gleaner:rollout-step";

function subscribe(changed: () => void): () => void {
  const events = ["hashchange", LINKED];
  for (const name of events) window.addEventListener(name, changed);
  return () => events.forEach((name) => window.removeEventListener(name, changed));
}

/** The rollout's step that the address names (`?rollout=12#rollout-step-4`), or null. */
function targetOf(): number | null {
  const index = /^#rollout-step-(\d{1,6})$/.exec(window.location.hash)?.[1];
  return index === undefined ? null : Number(index);
}

/** Puts a step of a rollout into the address, to be shared, and stays where it is. */
function link(href: string) {
  window.history.replaceState(null, "", href);
  window.dispatchEvent(new Event(LINKED));
}
