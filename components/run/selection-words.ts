import type { TrajectoryFilter } from "@/lib/core/rows";
import { coverageWords } from "@/components/coverage/coverage-words";

type Names = {
  environments: { environmentId: number; name: string }[];
  runs: { runId: number; name: string }[];
};

/** A filter in words, as after "all": `failed expert trajectories in webshop, with harmful actions`. */
export function filterWords(filter: TrajectoryFilter, names: Names): string {
  const environment = names.environments.find((e) => e.environmentId === filter.environmentId);
  const run = names.runs.find((r) => r.runId === filter.runId);
  const outcome = filter.success === null ? "" : filter.success ? "solved " : "failed ";
  const parts = [
    `${outcome}${filter.source === null ? "" : `${filter.source} `}trajectories`,
    environment ? `in ${environment.name}` : "",
    filter.subtaskId === null ? "" : `of task ${filter.subtaskId}`,
    filter.coverage === null ? "" : `of tasks ${coverageWords[filter.coverage]}`,
    filter.model === null ? "" : `by ${filter.model}`,
    filter.runId === null ? "" : `in run “${run?.name ?? filter.runId}”`,
    filter.minReward === null ? "" : `with reward from ${filter.minReward}`,
    filter.maxReward === null ? "" : `with reward up to ${filter.maxReward}`,
    filter.verdict === null ? "" : `with ${filter.verdict.replace("_", " ")} actions`,
    filter.review === null ? "" : `with review “${filter.review}”`,
    filter.text === null ? "" : `that mention “${filter.text}”`,
  ];
  return parts.filter((part) => part !== "").join(" ");
}
