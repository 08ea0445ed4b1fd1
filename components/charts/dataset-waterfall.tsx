/** `DatasetWaterfall`: the way from chosen trajectories to those the dataset learns from. */
import type { DatasetCard } from "@/lib/core/dataset";
import { formatPercent, plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import type { BarRow, BarSeries } from "./bar-rows";

const series: BarSeries[] = [{ key: "trajectories", word: "trajectories", color: "var(--ink-2)" }];

export function DatasetWaterfall({ card }: { card: Pick<DatasetCard, "waterfall" | "examples"> }) {
  const { chosen, failed, mined, withSolution, inDataset } = card.waterfall;
  const row = (name: string, count: number): BarRow => ({
    name,
    detail: chosen === 0 ? "0" : `${count} · ${formatPercent(count / chosen)}`,
    verdict: null,
    values: { trajectories: count },
  });
  const cloned = card.examples.bc > 0 ? " or cloned" : "";
  return (
    <BarFigure
      title="From chosen trajectories to training data"
      n={`n = ${plural(chosen, "trajectory chosen", "trajectories chosen")}`}
      unit="trajectories"
      rows={[
        row("chosen", chosen),
        row("expert failed", failed),
        row("mined", mined),
        row("with a solution", withSolution),
        row(`in the dataset${cloned}`, inDataset),
      ]}
      series={series}
      legend={null}
    />
  );
}
