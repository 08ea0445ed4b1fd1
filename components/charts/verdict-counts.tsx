/** `VerdictCounts`: what mining said of the expert's actions, one bar per verdict. */
import { verdicts, type Verdict } from "@/lib/core/verdict";
import { formatCount, formatPercent, plural } from "@/components/ui/numbers";
import { verdictLook } from "@/components/trajectory/verdict-look";
import { BarFigure } from "./bar-figure";
import type { BarRow, BarSeries } from "./bar-rows";

const series: BarSeries[] = verdicts.map((verdict) => {
  const { word, color } = verdictLook(verdict, false);
  return { key: verdict, word, color };
});

export function VerdictCounts({ title, counts }: { title: string; counts: Record<Verdict, number> }) {
  const total = verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
  const rows = verdicts.map((verdict): BarRow => ({
    name: verdictLook(verdict, false).word,
    detail: total === 0 ? "0" : `${formatCount(counts[verdict])} · ${formatPercent(counts[verdict] / total)}`,
    verdict,
    values: { [verdict]: counts[verdict] },
  }));
  return (
    <BarFigure
      title={title}
      n={`n = ${plural(total, "expert action")}`}
      unit="actions"
      rows={rows}
      series={series}
      legend={null}
    />
  );
}
