"use client";
/**
 * `Rail`: the whole trajectory in one thin strip: a band per action in its verdict's fill, a dot where a person decided,
 * a frame where you are. Click anywhere to go there.
 */
import type { StepRow } from "@/lib/core/review-rows";
import { cx } from "@/components/ui/class-names";
import { verdictLook } from "./verdict-look";

type RailStep = Pick<StepRow, "stepIndex" | "verdict" | "recovery" | "decision">;

export function Rail(props: { steps: RailStep[]; selected: number; onSelect: (stepIndex: number) => void }) {
  return (
    <nav aria-label="Map of the trajectory" className="flex h-full w-5 flex-col gap-px">
      {props.steps.map((step) => (
        <Band
          key={step.stepIndex}
          step={step}
          selected={step.stepIndex === props.selected}
          onSelect={props.onSelect}
        />
      ))}
    </nav>
  );
}

function Band(props: { step: RailStep; selected: boolean; onSelect: (stepIndex: number) => void }) {
  const { step, selected, onSelect } = props;
  const look = step.verdict ? verdictLook(step.verdict, step.recovery) : null;
  const decided = step.decision.state !== "pending";
  const words = `Step ${step.stepIndex}: ${look?.word ?? "not mined"}${decided ? `, ${step.decision.state}` : ""}`;
  return (
    <a
      href={`#step-${step.stepIndex}`}
      tabIndex={-1}
      aria-label={words}
      title={words}
      onClick={(event) => {
        event.preventDefault();
        onSelect(step.stepIndex);
      }}
      className="flex min-h-0 flex-1 items-stretch gap-1"
    >
      <span
        className={cx(
          "block w-2.5 rounded-[2px]",
          look?.fill ?? "bg-hover",
          selected && "outline-2 outline-offset-1 outline-accent",
        )}
      />
      <span className="flex w-1.5 items-center">
        {decided ? <span className="block size-1.5 rounded-full bg-ink" /> : null}
      </span>
    </a>
  );
}
