/**
 * `VerdictMix`: how many actions have which verdict, as one thin bar (always in the same order) with words for screen
 * readers and on hover. `VerdictLegend` names the colours with their counts.
 */
import type { VerdictSummary } from "@/lib/core/review";
import type { Verdict } from "@/lib/core/verdict";
import { cx } from "@/components/ui/class-names";
import { formatCount } from "@/components/ui/numbers";
import { verdictLook } from "./verdict-look";

export type Mix = Pick<VerdictSummary, "beneficial" | "harmful" | "redundant" | "deadEnd" | "undecided">;

/** The mix as a list, in the order it is always drawn; verdicts without an action are left out. */
export function mixParts(mix: Mix): { verdict: Verdict; count: number }[] {
  const all: { verdict: Verdict; count: number }[] = [
    { verdict: "beneficial", count: mix.beneficial },
    { verdict: "harmful", count: mix.harmful },
    { verdict: "undecided", count: mix.undecided },
    { verdict: "redundant", count: mix.redundant },
    { verdict: "dead_end", count: mix.deadEnd },
  ];
  return all.filter((part) => part.count > 0);
}

export function mixWords(mix: Mix): string {
  const parts = mixParts(mix).map((part) => `${part.count} ${verdictLook(part.verdict, false).word}`);
  return parts.length > 0 ? parts.join(", ") : "no verdicts";
}

export function VerdictMix({ mix }: { mix: Mix }) {
  const words = mixWords(mix);
  return (
    <span role="img" aria-label={words} title={words} className="flex h-2.5 w-full min-w-16 gap-px">
      {mixParts(mix).map((part) => (
        <span
          key={part.verdict}
          className={cx("rounded-[1px]", verdictLook(part.verdict, false).fill)}
          style={{ flexGrow: part.count, flexBasis: 2 }}
        />
      ))}
    </span>
  );
}

export function VerdictLegend({ mix }: { mix: Mix }) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs">
      {mixParts(mix).map((part) => {
        const look = verdictLook(part.verdict, false);
        const Icon = look.icon;
        return (
          <li key={part.verdict} className="flex items-center gap-1.5">
            <span aria-hidden className={cx("size-2.5 rounded-[1px]", look.fill)} />
            <Icon aria-hidden className={cx("size-3", look.text)} />
            <span className="text-ink-2">{look.word}</span>
            <span className="font-medium text-ink">{formatCount(part.count)}</span>
          </li>
        );
      })}
    </ul>
  );
}
