/** `DatasetWaterfall`: the way from chosen trajectories to those the dataset learns from. */
import type { DatasetCard } from "@/lib/core/dataset";
import { formatPercent, plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import { BarLegend } from "./bar-legend";
import type { BarRow, BarSeries } from "./bar-rows";

const series: BarSeries[] = [
  { key: "mined", word: "by mining", color: "var(--ink-2)" },
  { key: "cloned", word: "solved by the expert, cloned whole", color: "var(--redundant-fill)" },
];

export function DatasetWaterfall({ card }: { card: Pick<DatasetCard, "waterfall" | "examples"> }) {
  const { chosen, failed, mined, withSolution, inDataset } = card.waterfall;
  const row = (name: string, count: number, cloned: number): BarRow => ({
    name,
    detail: chosen === 0 ? "0" : `${count} · ${formatPercent(count / chosen)}`,
    verdict: null,
    values: { mined: count - cloned, ...(cloned > 0 ? { cloned } : {}) },
  });
  return (
    <BarFigure
      title="From chosen trajectories to training data"
      n={`n = ${plural(chosen, "trajectory chosen", "trajectories chosen")}`}
      unit="trajectories"
      rows={[
        row("chosen", chosen, 0),
        row("expert failed", failed, 0),
        row("mined", mined, 0),
        row("with a solution", withSolution, 0),
        row("in the dataset", inDataset, card.examples.bc),
      ]}
      series={series}
      legend={card.examples.bc > 0 ? <BarLegend series={series} /> : null}
    />
  );
}
