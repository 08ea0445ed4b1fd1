import { projectCost } from "@/lib/core/project";
import type { RunActivity, RunFault, RunProgress, RunRow } from "@/lib/core/rows";
import type { RunState } from "@/lib/core/run";
import type { Tone } from "@/components/ui/badge";
import { formatMoney, formatTokens, plural } from "@/components/ui/numbers";
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

/** A run's state as people read it; one that its budget ended is not simply done, one that waits not simply running. */
export function stateWords(
  { state, endReason }: Pick<RunRow, "state" | "endReason">,
  waiting: boolean,
): { word: string; tone: Tone } {
  if (endReason !== null) return { word: "budget used up", tone: "warn" };
  return waiting ? { word: "waiting", tone: "warn" } : states[state];
}

/** A budget in words; null where there is none. */
export function budgetWords({ budget }: Pick<RunRow, "budget">): string | null {
  const { maxCalls, maxTokens, maxCost } = budget;
  const parts = [
    maxCalls === null ? "" : plural(maxCalls, "call"),
    maxTokens === null ? "" : `${formatTokens(maxTokens)} tokens`,
    maxCost === null ? "" : `${formatMoney(maxCost)} money`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : `at most ${parts.join(" and ")}`;
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
  const states = `up to ${config.states + 1} states`;
  const steps = `at most ${config.maxSteps} steps`;
  if (config.careful) return `careful: ${states}, at most ${config.careful.budget} rollouts in all, ${steps}`;
  if (config.find) {
    const between = config.find.finest === null ? "" : " and between";
    return `find: ${states}${between}, at most ${config.find.budget} rollouts in all, ${steps}`;
  }
  const each = `${config.attempts} ${config.attempts === 1 ? "rollout" : "rollouts"} each`;
  const name = config.preset === "paper" ? "paper preset" : "uniform";
  return `${name}: ${states}, ${each}, ${steps}`;
}

/** Minutes that a pace is taken over. */
const PACE_MINUTES = 5;

/** Rollouts per minute over the last minutes, or since the run began if that is shorter; null before there are five. */
export function ratePerMinute(
  { startedAt }: Pick<RunRow, "startedAt">,
  { perMinute }: Pick<RunActivity, "perMinute">,
  now: Date,
): number | null {
  const ended = perMinute.slice(-PACE_MINUTES).reduce((sum, each) => sum + each, 0);
  if (startedAt === null || ended < 5) return null;
  const since = (now.getTime() - startedAt.getTime()) / 60_000;
  return ended / Math.min(PACE_MINUTES, Math.max(since, 1 / 60));
}

/**
 * Milliseconds until a run is through at this many rollouts per minute; null without a pace, and while too little has ended
 * to tell how many are left.
 */
export function remainingMs(
  run: Pick<RunRow, "config" | "budget" | "prices">,
  progress: RunProgress,
  rate: number | null,
): number | null {
  const ahead = rate === null ? null : projectCost(run, progress);
  return rate === null || ahead === null ? null : (ahead.rolloutsLeft / rate) * 60_000;
}

/** A worker's name without the part that only makes it unique: `worker:12:ab34cd56` is `worker:12`. */
export function workerWord(owner: string): string {
  return owner.replace(/:[0-9a-f-]{8,}$/, "");
}

/** Faults by class, in the order they come. */
export function faultClasses(faults: RunFault[]): { code: string; rollouts: number; faults: RunFault[] }[] {
  const classes = new Map<string, RunFault[]>();
  for (const fault of faults) classes.set(fault.code, [...(classes.get(fault.code) ?? []), fault]);
  return [...classes].map(([code, of]) => ({
    code,
    rollouts: of.reduce((sum, { rollouts }) => sum + rollouts, 0),
    faults: of,
  }));
}

/** Where a rollout is shown opened, in its trajectory as the run judges it. */
export function rolloutHref(runId: number, rollout: RunFault["examples"][number]): string {
  const { trajectoryId, rolloutId, stateIndex } = rollout;
  return `/trajectories/${trajectoryId}?run=${runId}&rollout=${rolloutId}#step-${stateIndex}`;
}
