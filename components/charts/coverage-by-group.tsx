/**
 * `CoverageByGroup`: of the subtasks the expert failed, how many are solved (proved by a rollout), and how many of those have
 * an approved solution; per environment or per task type, whichever the groups are.
 */
import type { CoverageTotals } from "@/lib/core/coverage";
import { plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import { BarLegend } from "./bar-legend";
import { coverageRows, coverageSeries } from "./coverage-series";

export function CoverageByGroup(props: {
  title: string;
  /** What the groups are, as in "3 smaller environments not shown". */
  kind: string;
  groups: (CoverageTotals & { name: string })[];
}) {
  const failed = props.groups.reduce((sum, group) => sum + group.failed, 0);
  const { rows, more } = coverageRows(props.groups, props.kind);
  return (
    <BarFigure
      title={props.title}
      n={`n = ${plural(failed, "subtask")} the expert failed${more}`}
      unit="subtasks"
      rows={rows}
      series={coverageSeries}
      legend={<BarLegend series={coverageSeries} />}
    />
  );
}
