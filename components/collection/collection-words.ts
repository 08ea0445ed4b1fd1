import type { CollectionState, EndReason, SubtaskChoice } from "@/lib/core/collection";
import type { CollectionProgress, CollectionRow, EpisodeRow } from "@/lib/core/rows";
import type { Tone } from "@/components/ui/badge";
import { formatCount, formatTokens, plural } from "@/components/ui/numbers";
import type { ProgressPart } from "@/components/ui/progress-bar";

const states: Record<CollectionState, { word: string; tone: Tone }> = {
  queued: { word: "queued", tone: "neutral" },
  running: { word: "running", tone: "accent" },
  cancelling: { word: "stopping", tone: "warn" },
  cancelled: { word: "cancelled", tone: "warn" },
  done: { word: "done", tone: "good" },
  failed: { word: "stopped", tone: "bad" },
};

/** A collection's state as people read it; one that its budget ended is not simply done. */
export function stateWords({ state, endReason }: Pick<CollectionRow, "state" | "endReason">): {
  word: string;
  tone: Tone;
} {
  return endReason === null ? states[state] : { word: "budget used up", tone: "warn" };
}

/** Whether a collection still changes by itself. */
export function isLive(state: CollectionState): boolean {
  return state === "queued" || state === "running" || state === "cancelling";
}

const statuses: Record<EpisodeRow["status"], { word: string; tone: Tone }> = {
  queued: { word: "queued", tone: "neutral" },
  running: { word: "playing", tone: "accent" },
  completed: { word: "played", tone: "neutral" },
  errored: { word: "errored", tone: "bad" },
  cancelled: { word: "cancelled", tone: "warn" },
  skipped: { word: "skipped", tone: "neutral" },
};

/** How an episode stands, by its outcome once it has one. */
export function episodeWords({ status, success }: Pick<EpisodeRow, "status" | "success">): {
  word: string;
  tone: Tone;
} {
  if (success === null) return statuses[status];
  return success ? { word: "solved", tone: "good" } : { word: "failed", tone: "bad" };
}

/** All episodes a collection planned. */
export function episodeTotal({ episodes }: Pick<CollectionProgress, "episodes">): number {
  return Object.values(episodes).reduce((sum, count) => sum + count, 0);
}

/** What is behind it, what broke, what is under way. */
export function episodeParts({ episodes }: Pick<CollectionProgress, "episodes">): ProgressPart[] {
  const parts: ProgressPart[] = [
    { count: episodes.completed, tone: "good", word: "played" },
    { count: episodes.errored, tone: "bad", word: "errored" },
    { count: episodes.cancelled + episodes.skipped, tone: "neutral", word: "not played" },
    { count: episodes.running, tone: "accent", word: "playing" },
  ];
  return parts.filter((part) => part.count > 0);
}

/** What was chosen, in a few words: `100 train subtasks of boil from the 21st on`. */
export function choiceWords(choice: SubtaskChoice): string {
  if ("keys" in choice) return `${plural(new Set(choice.keys).size, "subtask")} by name`;
  const { split, taskType, first, count } = choice;
  const parts = [
    `up to ${formatCount(count)}${split === null ? "" : ` ${split}`} subtasks`,
    taskType === null ? "" : `of ${taskType}`,
    first === 0 ? "" : `after the first ${formatCount(first)}`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}

/** The set-up of a collection in a few words. */
export function configWords({ config }: Pick<CollectionRow, "config">): string {
  const { choice, attempts, maxSteps, concurrency } = config;
  const each = attempts === 1 ? "once" : `${attempts} times`;
  return `${choiceWords(choice)}, each played ${each}, at most ${maxSteps} steps, ${concurrency} at once`;
}

/** A budget in words; null where there is none. */
export function budgetWords({ budget }: Pick<CollectionRow, "budget">): string | null {
  const parts = [
    budget.maxCalls === null ? "" : plural(budget.maxCalls, "call"),
    budget.maxTokens === null ? "" : `${formatTokens(budget.maxTokens)} tokens`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? null : `at most ${parts.join(" and ")}`;
}

/** Why a collection ended before its last episode, and with what spent. */
export function endWords(
  reason: EndReason,
  { config, budget }: Pick<CollectionRow, "config" | "budget">,
  { calls, promptTokens, completionTokens }: CollectionProgress,
): string {
  if (reason === "call_budget")
    return `${formatCount(calls)} of ${plural(budget.maxCalls ?? 0, "call")} are spent, and one more episode may need ${config.maxSteps}.`;
  const spent = formatTokens(promptTokens + completionTokens);
  return `${spent} of ${formatTokens(budget.maxTokens ?? 0)} tokens are spent, and one more episode may need as many as the largest so far.`;
}

/** Milliseconds until a live collection is through at its pace so far; null while there is too little to tell. */
export function remainingMs(
  { startedAt }: Pick<CollectionRow, "startedAt">,
  { episodes }: Pick<CollectionProgress, "episodes">,
  now: Date,
): number | null {
  const behind = episodes.completed + episodes.errored;
  if (startedAt === null || behind < 5) return null;
  return ((now.getTime() - startedAt.getTime()) / behind) * (episodes.queued + episodes.running);
}
