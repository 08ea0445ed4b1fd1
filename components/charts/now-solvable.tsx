/** `NowSolvable`: of the subtasks an expert failed, how many the agent has now solved at least once (proved by a rollout). */
import type { Overview } from "@/lib/core/rows";
import { plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import type { BarSeries } from "./bar-rows";
import { BarLegend } from "./bar-legend";
import { largest } from "./environment-rows";

const series: BarSeries[] = [
  { key: "solved", word: "now solved", color: "var(--beneficial-fill)" },
  { key: "open", word: "not solved yet", color: "var(--redundant-fill)" },
];

export function NowSolvable({ environments }: Pick<Overview, "environments">) {
  const failing = environments.filter((e) => e.expertFailed > 0);
  const total = failing.reduce((sum, e) => sum + e.expertFailed, 0);
  const { rows, more } = largest(failing, (e) => ({
    detail: `${e.nowSolved} of ${e.expertFailed}`,
    values: { solved: e.nowSolved, open: Math.max(0, e.expertFailed - e.nowSolved) },
  }));
  return (
    <BarFigure
      title="How much of it became solvable?"
      n={`n = ${plural(total, "failed expert trajectory", "failed expert trajectories")}${more}`}
      unit="failures"
      rows={rows}
      series={series}
      legend={<BarLegend series={series} />}
    />
  );
}
