/** `RateWords`: a rate with its n, and its interval on hover; a dash where there is none. */
import type { Rate } from "@/lib/core/queue-report";
import { formatPercent, formatRatio } from "@/components/ui/numbers";

export function RateWords({ rate }: { rate: Rate | null }) {
  if (rate === null || rate.attempts === 0) return <span className="text-ink-3">–</span>;
  return (
    <span title={`95 %: ${formatPercent(rate.low)} to ${formatPercent(rate.high)}`}>
      {formatPercent(rate.successes / rate.attempts)}{" "}
      <span className="text-ink-3">({formatRatio(rate)})</span>
    </span>
  );
}
