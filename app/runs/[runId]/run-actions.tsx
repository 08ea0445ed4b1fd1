"use client";
import { useQueryClient } from "@tanstack/react-query";
import { isLive } from "@/components/run/run-words";
import { Button } from "@/components/ui/button";
import { useAct } from "../../use-act";
import { cancelRun, pauseRun, raiseRunBudget, resumeRun, retryErrored, unpauseRun } from "../actions";
import type { RunView } from "../queries";

/** What can be done with a run, one thing at a time; the page is read again afterwards. */
export function useRunActions(runId: number) {
  const client = useQueryClient();
  const { pending, failure, act } = useAct();
  const again = () => void client.invalidateQueries({ queryKey: ["run", runId] });
  return {
    pending,
    failure,
    pause: () => act(() => pauseRun({ runId }), again),
    unpause: () => act(() => unpauseRun({ runId }), again),
    cancel: () => act(() => cancelRun({ runId }), again),
    resume: () => act(() => resumeRun({ runId }), again),
    retry: () => act(() => retryErrored({ runId }), again),
    raise: (budget: Parameters<typeof raiseRunBudget>[0]["budget"]) =>
      act(() => raiseRunBudget({ runId, budget }), again),
  };
}
export type RunActions = ReturnType<typeof useRunActions>;

type Props = Pick<RunView, "run" | "progress"> & { actions: RunActions };

/** Pause, go on or stop, whichever the run allows. */
export function RunSteering({ run, progress, actions }: Props) {
  const { pending } = actions;
  if (run.state === "queued" || run.state === "running" || run.state === "paused")
    return (
      <>
        {run.state === "paused" ? (
          <Button size="sm" disabled={pending} onClick={actions.unpause}>
            Go on
          </Button>
        ) : (
          <Button size="sm" disabled={pending} onClick={actions.pause}>
            Pause
          </Button>
        )}
        <Button size="sm" variant="danger" disabled={pending} onClick={actions.cancel}>
          Stop
        </Button>
      </>
    );
  // What its budget ended goes on under a larger one.
  const over = run.origin === "mined" && !isLive(run.state) && run.endReason === null;
  if (!over || run.state === "failed" || progress.rollouts.cancelled === 0) return null;
  return (
    <Button size="sm" disabled={pending} onClick={actions.resume}>
      Go on
    </Button>
  );
}
