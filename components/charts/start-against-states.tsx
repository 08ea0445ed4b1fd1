/** `StartAgainstStates`: on what the expert failed, does an agent succeed more often from the expert's states than from the start? */
import type { IterationFigures, Rate } from "@/lib/core/campaign";
import { plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import { BarLegend } from "./bar-legend";
import type { BarSeries } from "./bar-rows";

const series: BarSeries[] = [
  { key: "start", word: "from the start", color: "var(--ink-2)" },
  { key: "states", word: "from the expert’s states", color: "var(--beneficial-fill)" },
];

const percent = (share: number) => Math.round(share * 100);

function row(iteration: number, key: "start" | "states", rate: Rate) {
  const { attempts, successes, low, high } = rate;
  const share = attempts === 0 ? 0 : percent(successes / attempts);
  return {
    name: key === "start" ? `${iteration}: start` : `${iteration}: states`,
    detail: attempts === 0 ? "nothing yet" : `${share} % of ${attempts}, ${percent(low)}–${percent(high)}`,
    verdict: null,
    values: { [key]: share },
  };
}

export function StartAgainstStates({ figures }: { figures: IterationFigures[] }) {
  const n = figures.reduce((sum, each) => sum + each.fromStart.attempts + each.fromStates.attempts, 0);
  return (
    <BarFigure
      title="Success from the start against from the expert’s states"
      n={`n = ${plural(n, "rollout")} on failed expert trajectories, with 95 % intervals`}
      unit="%"
      rows={figures.flatMap(({ iteration, fromStart, fromStates }) => [
        row(iteration, "start", fromStart),
        row(iteration, "states", fromStates),
      ])}
      series={series}
      legend={<BarLegend series={series} />}
    />
  );
}
