/** `VetoRate`: how often do people veto what mining proposes, per environment, with Wilson intervals. */
import type { VetoCount } from "@/lib/core/coverage";
import { wilson } from "@/lib/core/statistics";
import { formatPercent, plural } from "@/components/ui/numbers";
import { BarFigure } from "./bar-figure";
import { BarLegend } from "./bar-legend";
import type { BarRow, BarSeries } from "./bar-rows";

const series: BarSeries[] = [
  { key: "vetoed", word: "vetoed", color: "var(--harmful-fill)" },
  { key: "kept", word: "kept", color: "var(--redundant-fill)" },
];
const SHOWN = 4;

/** A rate with its 95 % interval, as "12 % (7–20 %) of 85". */
export function vetoWords({ decided, vetoed }: Pick<VetoCount, "decided" | "vetoed">): string {
  const [low, high] = wilson({ attempts: decided, successes: vetoed });
  return `${formatPercent(vetoed / decided)} of ${decided}, ${formatPercent(low)}–${formatPercent(high)}`;
}

const row = (name: string, { decided, vetoed }: Pick<VetoCount, "decided" | "vetoed">): BarRow => ({
  name,
  detail: vetoWords({ decided, vetoed }),
  verdict: null,
  values: { vetoed, kept: decided - vetoed },
});

export function VetoRate({ vetoes }: { vetoes: VetoCount[] }) {
  const sum = (of: "decided" | "vetoed") => vetoes.reduce((total, each) => total + each[of], 0);
  const all = { decided: sum("decided"), vetoed: sum("vetoed") };
  const hidden = vetoes.length - SHOWN;
  const rows = [
    row(vetoes.length === 1 ? (vetoes[0]?.environment ?? "") : "everywhere", all),
    ...(vetoes.length === 1 ? [] : vetoes.slice(0, SHOWN).map((each) => row(each.environment, each))),
  ];
  return (
    <BarFigure
      title="How often do people veto what mining proposes?"
      n={`n = ${plural(all.decided, "decision")}, with 95 % intervals${hidden > 0 ? ` · ${hidden} smaller environments not shown` : ""}`}
      unit="decisions"
      rows={rows}
      series={series}
      legend={<BarLegend series={series} />}
    />
  );
}
