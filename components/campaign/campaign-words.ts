import type { Coverage, IterationFigures, Rate, Spent } from "@/lib/core/campaign";
import type { CampaignRow, IterationRow } from "@/lib/core/campaign-store";
import { formatCount, formatPercent, formatTokens } from "@/components/ui/numbers";

/** An iteration with its figures, as the page shows it. */
export type ShownIteration = IterationRow & { figures: IterationFigures };

/** A rate with n and its 95 % interval; in words where nothing was tried. */
export function rateWords({ attempts, successes, low, high }: Rate): string {
  if (attempts === 0) return "nothing yet";
  const bounds = `${Math.round(low * 100)}–${Math.round(high * 100)}`;
  return `${formatPercent(successes / attempts)} (${formatCount(successes)}/${formatCount(attempts)}, ${bounds})`;
}

/** How many of the subtasks the expert failed are solved, and how many of them since the iteration before. */
export function coverageWords({ failed, solvedBefore, newlySolved }: Coverage): string {
  const solved = solvedBefore + newlySolved;
  return `${formatCount(solved)} of ${formatCount(failed)}, ${formatCount(newlySolved)} new`;
}

/** What one newly solved subtask took; why that is not known, where it is not. */
export function perNewlySolvedWords({
  perNewlySolved,
  open,
  coverage,
}: Pick<IterationFigures, "perNewlySolved" | "open" | "coverage">): string {
  if (perNewlySolved === null)
    return open && coverage.newlySolved > 0 ? "undecided: still exploring" : "undecided: none newly solved";
  return spentWords(perNewlySolved);
}

function spentWords({ calls, tokens, cost }: Spent): string {
  const parts = [
    `${formatCount(calls)} calls`,
    tokens === 0 ? "" : `${formatTokens(Math.round(tokens))} tokens`,
    cost === null ? "" : `cost ${cost.toFixed(cost < 1 ? 4 : 2)}`,
  ];
  return parts.filter((part) => part !== "").join(", ");
}

/** What may be done next, and why not more. */
export function nextWords(iterations: ShownIteration[]): "start" | "explore" | "freeze" | "next" {
  const newest = iterations.at(-1);
  if (!newest) return "start";
  if (newest.figures.open) return "explore";
  return newest.datasetId === null ? "freeze" : "next";
}

/** How every iteration of a campaign explores, in a few words. */
export function exploreWords({ config }: Pick<CampaignRow, "config">): string {
  const mined = `mines with ${config.run.preset ?? "the paper’s"} settings`;
  return config.starts === null ? mined : `plays every training subtask from its start and ${mined}`;
}
