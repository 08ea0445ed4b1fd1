/** `CoverageNumbers`: how much of what the expert failed is solved, in numbers that lead to the trajectories behind them. */
import Link from "next/link";
import type { CoverageState, CoverageTotals } from "@/lib/core/coverage";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatPercent } from "@/components/ui/numbers";
import { coverageWords } from "./coverage-words";

const shown: CoverageState[] = ["approved", "solved", "remaining"];

export function CoverageNumbers({ totals }: { totals: CoverageTotals }) {
  const { failed, everSolved, low, high } = totals;
  return (
    <div className="flex flex-wrap gap-x-10 gap-y-3">
      <Stat name="failed by the expert" value={formatCount(failed)} note="tasks, n of all that follows" />
      <Stat
        name="solved since"
        value={`${formatCount(everSolved)} of ${formatCount(failed)}`}
        note={`${formatPercent(everSolved / failed)}, 95 % interval ${formatPercent(low)} to ${formatPercent(high)}`}
      />
      {shown.map((state) => (
        <Stat
          key={state}
          name={coverageWords[state]}
          value={
            <Link href={`/trajectories?coverage=${state}`} className="underline-offset-4 hover:underline">
              {formatCount(totals[state])}
              <span className="sr-only"> tasks {coverageWords[state]}: their trajectories</span>
            </Link>
          }
          note={`of ${formatCount(failed)}, ${formatPercent(totals[state] / failed)}`}
        />
      ))}
    </div>
  );
}
