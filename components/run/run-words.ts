import type { RunProgress, RunRow } from "@/lib/core/rows";
import type { RunState } from "@/lib/core/run";
import type { Tone } from "@/components/ui/badge";
import type { ProgressPart } from "@/components/ui/progress-bar";
import type { Mix } from "@/components/trajectory/verdict-mix";

const states: Record<RunState, { word: string; tone: Tone }> = {
  queued: { word: "queued", tone: "neutral" },
  running: { word: "running", tone: "accent" },
  paused: { word: "paused", tone: "warn" },
  cancelling: { word: "stopping", tone: "warn" },
  cancelled: { word: "cancelled", tone: "warn" },
  done: { word: "done", tone: "good" },
  failed: { word: "failed", tone: "bad" },
};

/** A run's state as people read it. */
export function stateWords(state: RunState): { word: string; tone: Tone } {
  return states[state];
}

/** Whether a run is not over: it changes by itself, or goes on when someone says so. */
export function isLive(state: RunState): boolean {
  return state === "queued" || state === "running" || state === "paused" || state === "cancelling";
}

/** All rollouts a run planned. */
export function rolloutTotal({ rollouts }: Pick<RunProgress, "rollouts">): number {
  const { queued, running, completed, errored, cancelled } = rollouts;
  return queued + running + completed + errored + cancelled;
}

/** What is behind it, what broke, what is under way. */
export function rolloutParts({ rollouts }: Pick<RunProgress, "rollouts">): ProgressPart[] {
  const parts: ProgressPart[] = [
    { count: rollouts.completed, tone: "good", word: "done" },
    { count: rollouts.errored, tone: "bad", word: "errored" },
    { count: rollouts.cancelled, tone: "neutral", word: "cancelled" },
    { count: rollouts.running, tone: "accent", word: "running" },
  ];
  return parts.filter((part) => part.count > 0);
}

/** Verdict counts of a run in the shape the verdict bar draws. */
export function mixOf({ verdicts }: Pick<RunProgress, "verdicts">): Mix {
  const { beneficial, harmful, redundant, undecided } = verdicts;
  return { beneficial, harmful, redundant, undecided, deadEnd: verdicts.dead_end };
}

/** The set-up of a run in a few words: `paper preset: 6 states, 1 rollout each`. */
export function configWords({ origin, config }: Pick<RunRow, "origin" | "config">): string {
  if (origin === "imported") return "imported evidence";
  const each = `${config.attempts} ${config.attempts === 1 ? "rollout" : "rollouts"} each`;
  const name = config.preset === "paper" ? "paper preset" : "uniform";
  return `${name}: up to ${config.states + 1} states, ${each}, at most ${config.maxSteps} steps`;
}

/** Milliseconds until a live run is through at its pace so far; null while there is too little to tell. */
export function remainingMs(run: Pick<RunRow, "startedAt">, progress: RunProgress, now: Date): number | null {
  const { completed, errored, queued, running } = progress.rollouts;
  const behind = completed + errored;
  if (run.startedAt === null || behind < 5) return null;
  return ((now.getTime() - run.startedAt.getTime()) / behind) * (queued + running);
}
