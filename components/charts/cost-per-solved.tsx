/** `CostPerSolved`: what one newly solved subtask took in model calls, per finished run; money where tokens have a price. */
import { perNewlySolved, type RunSpent } from "@/lib/core/coverage";
import { formatCount, formatMoney, plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import type { BarRow, BarSeries } from "./bar-rows";

const series: BarSeries[] = [{ key: "calls", word: "calls per newly solved", color: "var(--ink-2)" }];

/** What a run says of its cost, calls where tokens have no price; where it solved nothing new, what was spent is said. */
export function costWords(run: RunSpent): string {
  const each = perNewlySolved(run);
  if (each === null) return `none, ${formatCount(run.calls)} calls`;
  const spent = each.cost === null ? `${formatCount(each.calls)} calls` : formatMoney(each.cost);
  return `${spent} · n = ${run.newlySolved}`;
}

/** One name may be of several runs: the number tells them apart. */
const nameOf = ({ runId, name }: RunSpent) => `${runId}: ${name}`;

export function CostPerSolved({ runs }: { runs: RunSpent[] }) {
  const solved = runs.reduce((sum, run) => sum + run.newlySolved, 0);
  const rows = runs.map((run): BarRow => {
    const each = perNewlySolved(run);
    return {
      name: nameOf(run),
      detail: costWords(run),
      verdict: null,
      values: each === null ? {} : { calls: Math.round(each.calls) },
    };
  });
  return (
    <BarFigure
      title="What does one newly solved task cost?"
      n={`n = ${plural(solved, "newly solved task")} by the newest ${plural(runs.length, "finished run")}`}
      unit="calls"
      rows={rows}
      series={series}
      legend={null}
    />
  );
}
