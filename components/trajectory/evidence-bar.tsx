/**
 * `EvidenceBar`: x/n solved from one state, with its 95 % Wilson interval: the band is where the true rate may lie, the
 * stroke is what was seen. `tally` null means nothing was probed there. `EvidencePair` puts before and after side by side;
 * `EvidenceScale` is the drawing alone.
 */
import type { TallyRow } from "@/lib/core/review-rows";
import { formatPercent, formatRatio } from "@/components/ui/numbers";

export function EvidenceBar({ label, tally }: { label: string; tally: TallyRow | null }) {
  const words = tallyWords(tally);
  return (
    <span className="inline-flex items-center gap-1.5 text-xs" title={`${label}: ${words}`}>
      <span className="text-ink-3">{label}</span>
      <span className="font-medium text-ink">{tally ? formatRatio(tally) : "–"}</span>
      <span className="w-14">
        <EvidenceScale tally={tally} />
      </span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

type Scaled = Pick<TallyRow, "attempts" | "successes" | "low" | "high">;

/** The scale alone, as wide as its place. */
export function EvidenceScale({ tally }: { tally: Scaled | null }) {
  return (
    <span aria-hidden className="relative block h-2.5 border-x border-line-strong">
      <span className="absolute inset-x-0 top-1/2 h-px bg-line-strong" />
      {tally && tally.attempts > 0 ? <Interval tally={tally} /> : null}
    </span>
  );
}

function Interval({ tally }: { tally: Scaled }) {
  const at = tally.successes / tally.attempts;
  return (
    <>
      <span
        className="absolute inset-y-0.5 rounded-[1px] bg-line-control/55"
        style={{ left: `${tally.low * 100}%`, right: `${(1 - tally.high) * 100}%` }}
      />
      <span className="absolute -inset-y-px w-[2px] bg-ink" style={{ left: `calc(${at * 100}% - 1px)` }} />
    </>
  );
}

export function tallyWords(tally: TallyRow | null): string {
  if (!tally) return "not probed";
  const errored = tally.errored > 0 ? `; ${tally.errored} errored, which do not count` : "";
  if (tally.attempts === 0) return `no completed rollout${errored}`;
  const interval = `${formatPercent(tally.low)} to ${formatPercent(tally.high)}`;
  return `${tally.successes} of ${tally.attempts} solved, 95 % interval ${interval}${errored}`;
}

export function EvidencePair({ before, after }: { before: TallyRow | null; after: TallyRow | null }) {
  if (!before && !after) return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      <EvidenceBar label="before" tally={before} />
      {after ? <EvidenceBar label="after" tally={after} /> : null}
    </span>
  );
}
