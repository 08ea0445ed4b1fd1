"use client";
/**
 * `Rail`: the whole trajectory in one thin strip, however long: a band per stretch of one verdict in its fill, a mark where
 * a person decided, a frame where you are. A click goes to the step at that height.
 */
import type { MouseEvent } from "react";
import type { StepRow } from "@/lib/core/review-rows";
import { isDecided } from "@/lib/core/review";
import { cx } from "@/components/ui/class-names";
import { bandsOf, type VerdictBand } from "./verdict-bands";
import { verdictLook } from "./verdict-look";

type RailStep = Pick<StepRow, "stepIndex" | "verdict" | "recovery" | "decision">;
type Props = { steps: RailStep[]; selected: number; onSelect: (stepIndex: number) => void };

export function Rail({ steps, selected, onSelect }: Props) {
  const length = Math.max(1, steps.length);
  const bands = bandsOf(steps);
  const unmined = { from: 0, to: length, verdict: null, recovery: false };
  return (
    <nav aria-label="Map of the trajectory" className="relative flex h-full w-5 gap-1">
      <div className="flex w-2.5 flex-col">
        {bands.length === 0 ? <Band band={unmined} onSelect={onSelect} /> : null}
        {bands.map((band) => (
          <Band key={band.from} band={band} onSelect={onSelect} />
        ))}
      </div>
      <Decided steps={steps} />
      <span
        aria-hidden
        className="pointer-events-none absolute left-0 min-h-1 w-2.5 rounded-[2px] outline-2 outline-offset-1 outline-accent"
        style={{ top: `${(selected / length) * 100}%`, height: `${100 / length}%` }}
      />
    </nav>
  );
}

type AnyBand = Omit<VerdictBand, "verdict"> & { verdict: VerdictBand["verdict"] | null };

function Band({ band, onSelect }: { band: AnyBand; onSelect: Props["onSelect"] }) {
  const { from, to } = band;
  const look = band.verdict ? verdictLook(band.verdict, band.recovery) : null;
  const words = `${to - from === 1 ? `Step ${from}` : `Steps ${from} to ${to - 1}`}: ${look?.word ?? "not mined"}`;
  const go = (event: MouseEvent) => {
    event.preventDefault();
    const { top, height } = event.currentTarget.getBoundingClientRect();
    // A click from the keyboard has no height.
    const share = event.clientY === 0 ? 0 : (event.clientY - top) / Math.max(1, height);
    onSelect(Math.min(to - 1, Math.max(from, from + Math.floor(share * (to - from)))));
  };
  return (
    <a
      href={`#step-${from}`}
      tabIndex={-1}
      aria-label={words}
      title={words}
      onClick={go}
      style={{ flexGrow: to - from }}
      className={cx("block min-h-0 basis-0 rounded-[2px] border-b border-surface", look?.fill ?? "bg-hover")}
    />
  );
}

/** The decided steps as one drawing: thousands of marks are no thousands of nodes. */
function Decided({ steps }: Pick<Props, "steps">) {
  const path = steps
    .filter(({ decision }) => isDecided(decision))
    .map(({ stepIndex }) => `M3 ${stepIndex + 0.5}h0`)
    .join("");
  return (
    <svg
      aria-hidden
      className="h-full w-1.5"
      preserveAspectRatio="none"
      viewBox={`0 0 6 ${Math.max(1, steps.length)}`}
    >
      <path
        d={path}
        stroke="var(--ink)"
        strokeWidth={6}
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
