/** `RunMore`: what would more rollouts buy, before they are made? */
import type { Purchase } from "@/lib/core/more-rollouts";
import { plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";

export function RunMore({ bought, budget }: { bought: Purchase; budget: number }) {
  const expected = bought.confirmed < 10 ? bought.confirmed.toFixed(1) : String(Math.round(bought.confirmed));
  return (
    <Section title={`What would ${budget} more rollouts buy?`}>
      <p className="max-w-[72ch] text-sm text-ink-2">
        {bought.doubts === 0
          ? "Nothing: no change of success stays undecided for lack of confidence."
          : `About ${expected} of ${plural(bought.doubts, "undecided change")} would be confirmed, in ${plural(bought.rollouts, "rollout")} where they count most. This follows from the rollouts there are; more of them may also show that a change was none.`}
      </p>
    </Section>
  );
}
