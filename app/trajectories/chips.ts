import type { ReplayState } from "@/lib/core/run";
import type { TrajectoryFilter } from "@/lib/core/rows";
import { pairWords, type StrategyPair } from "@/lib/core/strategies/disagree";
import { coverageWords } from "@/components/coverage/coverage-words";
import { verdictLook } from "@/components/trajectory/verdict-look";
import { formatReward } from "@/components/ui/numbers";
import { viewHref, type ListView } from "./filter";

export type Facets = {
  environments: { environmentId: number; name: string }[];
  models: string[];
  runs: { runId: number; name: string; checkpoint: string }[];
};

/** One active filter in words, and the address without it. */
export type Chip = { name: string; value: string; without: string };

export const reviewWords = {
  none: "nothing to review",
  pending: "not begun",
  partial: "begun",
  complete: "complete",
  unmined: "not mined",
  open: "left to do",
} as const;

export const replayWords: Record<ReplayState, string> = {
  verified: "verified",
  diverged: "diverged",
  not_replayable: "not replayable",
  unchecked: "unchecked",
};

export const disagreementWords = (pair: StrategyPair | "any"): string =>
  pair === "any" ? "any two" : pairWords(pair);

/** The filters a view adds to the default one. */
export function chipsOf(view: ListView, facets: Facets): Chip[] {
  const { filter } = view;
  const chips: Chip[] = [];
  const add = (name: string, value: string | null, off: Partial<TrajectoryFilter>) => {
    if (value === null) return;
    const without = viewHref("/trajectories", { filter: { ...filter, ...off }, sort: view.sort });
    chips.push({ name, value, without });
  };
  const environment = facets.environments.find((e) => e.environmentId === filter.environmentId);
  const run = facets.runs.find((r) => r.runId === filter.runId);
  add("source", filter.source === "expert" ? null : (filter.source ?? "any"), { source: "expert" });
  add("outcome", outcomeWords(filter.success), { success: false });
  add(
    "environment",
    filter.environmentId === null ? null : (environment?.name ?? String(filter.environmentId)),
    {
      environmentId: null,
    },
  );
  add("subtask", filter.subtaskId === null ? null : String(filter.subtaskId), { subtaskId: null });
  add("coverage", filter.coverage && coverageWords[filter.coverage], { coverage: null });
  add("model", filter.model, { model: null });
  add("reward", rewardWords(filter), { minReward: null, maxReward: null });
  add("run", filter.runId === null ? null : (run?.name ?? String(filter.runId)), { runId: null });
  add("with", filter.verdict && `${verdictLook(filter.verdict, false).word} actions`, { verdict: null });
  add("review", filter.review && reviewWords[filter.review], { review: null });
  add("replay", filter.replay && replayWords[filter.replay], { replay: null });
  add("strategies disagree", filter.disagreement && disagreementWords(filter.disagreement), {
    disagreement: null,
  });
  add("text", filter.text, { text: null });
  add("said in steps", filter.said, { said: null });
  return chips;
}

function outcomeWords(success: boolean | null): string | null {
  if (success === false) return null;
  return success === true ? "solved" : "any";
}

function rewardWords({ minReward, maxReward }: TrajectoryFilter): string | null {
  if (minReward === null && maxReward === null) return null;
  if (minReward === null) return `≤ ${formatReward(maxReward)}`;
  if (maxReward === null) return `≥ ${formatReward(minReward)}`;
  return `${formatReward(minReward)} – ${formatReward(maxReward)}`;
}
