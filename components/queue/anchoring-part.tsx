/** `AnchoringPart`: how often people keep what the miner keeps, with its verdict in sight and hidden. */
import { leastUnits } from "@/lib/core/agreement";
import type { Anchoring } from "@/lib/core/queue-report";
import { Stat } from "@/components/ui/facts";
import { formatCount } from "@/components/ui/numbers";
import { RateWords } from "./rate-words";

export function AnchoringPart({ anchoring }: { anchoring: Anchoring }) {
  const { blind, seen, effect } = anchoring;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-8">
        <Stat name="Kept with the verdict in sight" value={<RateWords rate={seen} />} />
        <Stat name="Kept with the verdict hidden" value={<RateWords rate={blind} />} />
        <Stat name="Difference, in points" value={effect ? points(effect.value) : "undecided"} />
      </div>
      <p className="max-w-[72ch] text-sm text-ink-2">
        Of the actions the miner keeps.{" "}
        {effect
          ? `95 % interval ${points(effect.low)} to ${points(effect.high)}: ${conclusion(effect)}`
          : `At least ${leastUnits} votes of each kind are needed; there are ${formatCount(seen.attempts)} in sight and ${formatCount(blind.attempts)} hidden.`}
      </p>
    </div>
  );
}

const points = (difference: number): string =>
  `${difference < 0 ? "−" : "+"}${Math.abs(Math.round(difference * 100))}`;

function conclusion({ low, high }: NonNullable<Anchoring["effect"]>): string {
  if (low > 0) return "people keep more when they see the verdict.";
  if (high < 0) return "people keep less when they see the verdict.";
  return "the votes do not show that seeing the verdict sways people, nor that it does not.";
}
