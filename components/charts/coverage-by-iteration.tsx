/** `CoverageByIteration`: of the subtasks the expert failed, how many are solved after each iteration (proved by a success). */
import type { IterationFigures } from "@/lib/core/campaign";
import { plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import { BarLegend } from "./bar-legend";
import type { BarSeries } from "./bar-rows";

const series: BarSeries[] = [
  { key: "before", word: "solved before", color: "var(--ink-2)" },
  { key: "newly", word: "newly solved", color: "var(--beneficial-fill)" },
  { key: "remaining", word: "not solved yet", color: "var(--redundant-fill)" },
];

export function CoverageByIteration({ figures }: { figures: IterationFigures[] }) {
  const failed = figures[0]?.coverage.failed ?? 0;
  return (
    <BarFigure
      title="How many of the tasks the expert failed are solved now?"
      n={`n = ${plural(failed, "subtask")} the expert failed`}
      unit="subtasks"
      rows={figures.map(({ iteration, coverage }) => ({
        name: `iteration ${iteration}`,
        detail: `${coverage.solvedBefore + coverage.newlySolved} of ${coverage.failed}`,
        verdict: null,
        values: {
          before: coverage.solvedBefore,
          newly: coverage.newlySolved,
          remaining: coverage.remaining,
        },
      }))}
      series={series}
      legend={<BarLegend series={series} />}
    />
  );
}
