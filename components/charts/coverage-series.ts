import type { CoverageTotals } from "@/lib/core/coverage";
import { coverageWords } from "@/components/coverage/coverage-words";
import type { BarRow, BarSeries } from "./bar-rows";

/** Dark, middle and light: apart without their hue. */
export const coverageSeries: BarSeries[] = [
  { key: "approved", word: coverageWords.approved, color: "var(--ink-2)" },
  { key: "solved", word: coverageWords.solved, color: "var(--beneficial-fill)" },
  { key: "remaining", word: coverageWords.remaining, color: "var(--redundant-fill)" },
];

const SHOWN = 8;

/** Bars of the groups with most failed subtasks; `more` says in words how many are not drawn. */
export function coverageRows(
  groups: (CoverageTotals & { name: string })[],
  kind: string,
): { rows: BarRow[]; more: string } {
  const hidden = groups.length - SHOWN;
  const rows = groups.slice(0, SHOWN).map(({ name, everSolved, failed, ...counts }) => ({
    name,
    detail: `${everSolved} of ${failed} solved`,
    verdict: null,
    values: { approved: counts.approved, solved: counts.solved, remaining: counts.remaining },
  }));
  return { rows, more: hidden > 0 ? ` · ${hidden} smaller ${kind} not shown` : "" };
}
