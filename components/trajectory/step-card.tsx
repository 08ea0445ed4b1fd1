"use client";
/**
 * `StepCard`: one action with what was seen and thought before it, its verdict with the evidence, and the decision.
 * `trained` is whether the dataset on show would train on this action: its text is dimmed exactly when it would not. An
 * action that is not mined is not dimmed: nothing is known of it. `text` is null while it is loaded.
 */
import { memo } from "react";
import type { StepRow, StepText } from "@/lib/core/review-rows";
import { cx } from "@/components/ui/class-names";
import { formatProbability } from "@/components/ui/numbers";
import { Skeleton } from "@/components/ui/skeleton";
import { DecisionMark } from "./decision-mark";
import { EvidencePair } from "./evidence-bar";
import { ObservationText } from "./observation-text";
import { TextBlock } from "./text-block";
import { VerdictBadge } from "./verdict-badge";

export type StepCardProps = {
  step: StepRow;
  text: StepText | null;
  /** What was seen a step before: what did not change since is folded; null shows all. */
  previous: string | null;
  /** Of all steps. */
  count: number;
  instruction: string;
  selected: boolean;
  trained: boolean;
  thoughts: boolean;
  onSelect: (stepIndex: number) => void;
};

export const StepCard = memo(function StepCard(props: StepCardProps) {
  const { step, text, count, selected, trained, onSelect } = props;
  const masked = step.verdict !== null && !trained;
  return (
    <article
      id={`step-${step.stepIndex}`}
      aria-label={`Step ${step.stepIndex}`}
      aria-posinset={step.stepIndex + 1}
      aria-setsize={count}
      aria-current={selected ? "step" : undefined}
      aria-busy={text === null}
      onClick={() => onSelect(step.stepIndex)}
      className={cx(
        "rounded border bg-surface outline-1",
        selected ? "border-accent outline-accent outline-solid" : "border-line outline-transparent",
      )}
    >
      <StepHead step={step} onSelect={onSelect} />
      {text ? (
        <Body {...props} text={text} masked={masked} />
      ) : (
        <div className="flex flex-col gap-2 px-3 pb-3">
          <Skeleton className="h-14 w-full" />
          <Skeleton className="h-5 w-1/3" />
        </div>
      )}
    </article>
  );
});

function Body(props: StepCardProps & { text: StepText; masked: boolean }) {
  const { step, text, previous, instruction, thoughts, masked } = props;
  return (
    <div className="flex flex-col gap-2 px-3 pb-3">
      {text.observation === "" ? null : (
        <div className="rounded-sm bg-sunken px-2.5 py-2 text-ink-2">
          <span className="sr-only">Observation: </span>
          <ObservationText text={text.observation} instruction={instruction} previous={previous} />
        </div>
      )}
      {text.thought && thoughts ? (
        <div className={cx("px-2.5", masked ? "text-ink-3" : "text-ink")}>
          <span className="sr-only">Thought{masked ? ", masked" : ""}: </span>
          <TextBlock text={text.thought} className="max-w-[80ch] text-base" />
        </div>
      ) : null}
      <ActionLine step={step} action={text.action} masked={masked} />
    </div>
  );
}

function StepHead({ step, onSelect }: Pick<StepCardProps, "step" | "onSelect">) {
  return (
    <header className="flex min-h-9 flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-1.5">
      <a
        href={`#step-${step.stepIndex}`}
        onClick={(event) => {
          event.preventDefault();
          onSelect(step.stepIndex);
        }}
        aria-label={`Go to step ${step.stepIndex}`}
        className="min-w-5 text-sm font-semibold text-ink-3 hover:text-ink"
      >
        {step.stepIndex}
      </a>
      {step.hidden ? (
        <span className="text-xs text-ink-3">verdict hidden</span>
      ) : (
        <VerdictBadge verdict={step.verdict} recovery={step.recovery} />
      )}
      <DecisionMark decision={step.decision} />
      {step.segment ? (
        <span className="ml-auto inline-flex flex-wrap items-center gap-x-3">
          <EvidencePair before={step.segment.before} after={step.segment.after} />
          {step.segment.probability === null ? null : (
            <span className="text-xs text-ink-3" title="Probability that the change is real">
              P <span className="text-ink">{formatProbability(step.segment.probability)}</span>
            </span>
          )}
        </span>
      ) : null}
    </header>
  );
}

function ActionLine({ step, action, masked }: { step: StepRow; action: string; masked: boolean }) {
  const struck = step.verdict === "harmful" && masked;
  return (
    <div className="flex items-start gap-2 px-2.5">
      <span className="sr-only">Action{masked ? ", masked" : ""}: </span>
      <span aria-hidden className={cx("font-mono text-sm select-none", masked ? "text-ink-3" : "text-ink")}>
        ›
      </span>
      <TextBlock
        text={action}
        className={cx(
          "min-w-0 flex-1 font-mono text-sm",
          masked ? "text-ink-3" : "font-semibold text-ink",
          struck && "line-through decoration-harmful decoration-1",
        )}
      />
      {step.verdict === null ? null : (
        <span className={cx("shrink-0 text-xs leading-5", masked ? "text-ink-3" : "font-medium text-ink")}>
          {masked ? "masked" : "trained"}
        </span>
      )}
    </div>
  );
}
