"use client";
import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { forkAt, forkStateOf, forkStates, type Fork } from "@/lib/core/fork";
import type { RolloutRow } from "@/lib/core/rows";
import { AlignedSteps, type Side } from "@/components/trajectory/aligned-steps";
import { UnreadSteps, type Unread } from "@/components/trajectory/unread-steps";
import { VerdictBadge } from "@/components/trajectory/verdict-badge";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { Kbd } from "@/components/ui/kbd";
import { formatReward, plural } from "@/components/ui/numbers";
import { rolloutQuery } from "../../queries";
import type { DeskRows } from "./decisions";
import { useStepIndex, type Selection } from "./use-selection";
import { useStepTexts } from "./use-step-texts";
import type { StepsView } from "./use-steps-view";

/** How the expert and the agent went on from the probed state that the selected step belongs to. */
export function ForkPart(props: { rows: DeskRows; selection: Selection; view: StepsView }) {
  const { rows, selection, view } = props;
  const { length } = rows.steps;
  // Imported evidence may speak of the state after the last step, from where the expert did not go on.
  const states = useMemo(
    () => forkStates(rows.rollouts).filter((state) => state < length),
    [rows.rollouts, length],
  );
  const stepIndex = useDeferredValue(useStepIndex(selection));
  const state = forkStateOf(states, stepIndex);
  const at = state === null ? -1 : states.indexOf(state);
  const go = (to: number | undefined) => (to === undefined ? undefined : selection.select(to));
  return (
    <div className="flex min-h-0 min-w-0 flex-col pl-4">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-b border-line py-1 pr-4 text-xs text-ink-2">
        <Button
          size="sm"
          variant="quiet"
          aria-label="Previous probed state"
          disabled={at <= 0}
          onClick={() => go(states[at - 1])}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <span className="text-sm font-medium text-ink">
          {state === null ? "No fork" : `Fork at state ${state}`}
        </span>
        <Button
          size="sm"
          variant="quiet"
          aria-label="Next probed state"
          disabled={at < 0 || at === states.length - 1}
          onClick={() => go(states[at + 1])}
        >
          <ChevronRight aria-hidden />
        </Button>
        <div className="ml-auto flex shrink-0">
          <Button size="sm" variant="quiet" aria-pressed={view.thoughts} onClick={view.toggleThoughts}>
            Thoughts <Kbd>t</Kbd>
          </Button>
          <Button size="sm" onClick={() => selection.showFork(false)}>
            Back to the steps <Kbd>f</Kbd>
          </Button>
        </div>
      </div>
      {state === null ? (
        <div className="py-4 pr-4">
          <EmptyState
            title="Nothing was probed here"
            text="A fork shows how the agent went on from a state of the expert. Mine this trajectory to have some."
          />
        </div>
      ) : (
        <ForkAt
          key={state}
          rows={rows}
          fork={forkAt(rows.rollouts, state)}
          selection={selection}
          thoughts={view.thoughts}
        />
      )}
    </div>
  );
}

function ForkAt(props: { rows: DeskRows; fork: Fork<RolloutRow>; selection: Selection; thoughts: boolean }) {
  const { rows, fork, selection, thoughts } = props;
  const { stateIndex, winner, loser } = fork;
  const expert = useExpert(rows, stateIndex);
  const solved = useRollout(winner, stateIndex);
  const unsolved = useRollout(loser, stateIndex);
  const current = useStepIndex(selection) - stateIndex;
  const reveal = useMemo(
    () => ({
      get: () => Math.max(0, selection.get().stepIndex - stateIndex),
      subscribe: selection.subscribe,
    }),
    [selection, stateIndex],
  );
  const failure = expert.failure ?? solved.failure ?? unsolved.failure;
  const sides: Side[] = [
    expert.side,
    { ...solved.side, name: "Best solved rollout", about: winnerWords(fork) },
    { ...unsolved.side, name: "Best unsolved rollout", about: loserWords(fork) },
  ];
  return (
    <>
      <UnreadSteps failure={failure} />
      <AlignedSteps
        sides={sides}
        thoughts={thoughts}
        current={current}
        reveal={reveal}
        revealAgain={solved.loaded && unsolved.loaded}
        onSight={expert.onSight}
      />
    </>
  );
}

type Way = Omit<Side, "name" | "about">;

function useExpert(rows: DeskRows, stateIndex: number) {
  const { trajectory, steps } = rows;
  const [sight, setSight] = useState({ from: stateIndex, to: stateIndex + 1 });
  const { texts, failure, retry } = useStepTexts(trajectory.trajectoryId, [], sight, steps.length);
  const { reward, model } = trajectory;
  const count = steps.length - stateIndex;
  const side: Side = {
    name: "Expert",
    about: `${model ?? "unknown model"} · ${outcomeWords(trajectory.success)} · reward ${formatReward(reward)} · ${plural(count, "step")} from here`,
    from: stateIndex,
    count,
    step: (row) => texts.get(stateIndex + row),
    head: (row) => {
      const step = steps[stateIndex + row];
      return step ? <VerdictBadge verdict={step.verdict} recovery={step.recovery} /> : null;
    },
    ending: trajectory.finalObservation,
  };
  return {
    side,
    failure: failure === null ? null : { message: failure, retry },
    onSight: (from: number, to: number) =>
      setSight({ from: stateIndex + from, to: Math.min(steps.length, stateIndex + to) }),
  };
}

function useRollout(rollout: RolloutRow | null, stateIndex: number) {
  const { data, error, refetch } = useQuery({
    ...rolloutQuery(rollout?.rolloutId ?? 0),
    enabled: rollout !== null,
  });
  const side: Way = {
    from: stateIndex,
    // Imported rollouts may count steps that were not recorded.
    count: data?.steps.length ?? rollout?.stepCount ?? 0,
    step: (row) => data?.steps[row],
    head: () => null,
    ending: data?.finalObservation ?? null,
  };
  const failure: Unread | null = error ? { message: error.message, retry: () => void refetch() } : null;
  return { side, failure, loaded: rollout === null || data !== undefined };
}

function outcomeWords(success: boolean | null): string {
  return success === null ? "outcome unknown" : success ? "solved" : "failed";
}

function spent({ reward, stepCount, attempt }: RolloutRow): string {
  const steps = stepCount === 0 ? "its steps were not recorded" : plural(stepCount, "step");
  return `try ${attempt} · reward ${formatReward(reward)} · ${steps}`;
}

function winnerWords({ winner, attempts, stateIndex }: Fork<RolloutRow>): string {
  if (winner) return spent(winner);
  if (attempts === 0) return `None: no rollout from state ${stateIndex} was completed.`;
  return `None: not solved in ${plural(attempts, "try", "tries")} from state ${stateIndex}.`;
}

function loserWords({ loser, attempts, stateIndex }: Fork<RolloutRow>): string {
  if (loser) return spent(loser);
  if (attempts === 0) return `None: no rollout from state ${stateIndex} was completed.`;
  return `None: all ${plural(attempts, "try", "tries")} from state ${stateIndex} solved it.`;
}
