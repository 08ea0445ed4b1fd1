/** `ExpertOutcomes`: how much expert failure is there, per environment. */
import type { Overview } from "@/lib/core/rows";
import { formatPercent, plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import type { BarSeries } from "./bar-rows";
import { BarLegend } from "./bar-legend";
import { largest } from "./environment-rows";

const series: BarSeries[] = [
  { key: "failed", word: "failed", color: "var(--harmful-fill)" },
  { key: "solved", word: "solved", color: "var(--beneficial-fill)" },
  { key: "unknown", word: "outcome unknown", color: "var(--redundant-fill)" },
];

export function ExpertOutcomes({ environments }: Pick<Overview, "environments">) {
  const total = environments.reduce((sum, e) => sum + e.expertFailed + e.expertSolved + e.expertUnknown, 0);
  const { rows, more } = largest(environments, (e) => {
    const known = e.expertFailed + e.expertSolved;
    return {
      detail:
        known === 0 ? "none with an outcome" : `${formatPercent(e.expertFailed / known)} of ${known} failed`,
      values: { failed: e.expertFailed, solved: e.expertSolved, unknown: e.expertUnknown },
    };
  });
  return (
    <BarFigure
      title="How much expert failure is there?"
      n={`n = ${plural(total, "expert trajectory", "expert trajectories")}${more}`}
      unit="trajectories"
      rows={rows}
      series={series}
      legend={<BarLegend series={series} />}
    />
  );
}
