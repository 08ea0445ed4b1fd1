"use client";
import type { ReviewRows } from "@/lib/core/review-rows";
import type { ReviewPolicy } from "@/lib/core/rows";
import { StepCard } from "@/components/trajectory/step-card";
import { ObservationText, TextBlock } from "@/components/trajectory/text-block";
import { plural } from "@/components/ui/numbers";

/** The trajectory from its opening to how it ended. */
export function StepList(props: {
  rows: ReviewRows;
  selected: number;
  policy: ReviewPolicy;
  onSelect: (stepIndex: number) => void;
}) {
  const { rows, selected, policy, onSelect } = props;
  const { trajectory } = rows;
  return (
    <div className="flex flex-col gap-2 py-4">
      {trajectory.opening.length === 0 ? null : (
        <details className="rounded border border-line px-3 py-1.5 text-sm text-ink-2">
          <summary>Opening, {plural(trajectory.opening.length, "message")}, never trained</summary>
          {trajectory.opening.map((message, i) => (
            <div key={i} className="mt-2">
              <p className="text-xs font-medium text-ink-3">{message.role}</p>
              <TextBlock text={message.content ?? ""} className="text-sm" />
            </div>
          ))}
        </details>
      )}
      {rows.steps.map((step) => (
        <StepCard
          key={step.stepIndex}
          step={step}
          instruction={trajectory.instruction}
          selected={step.stepIndex === selected}
          trained={step.trained[policy]}
          onSelect={onSelect}
        />
      ))}
      <section
        aria-label="How it ended"
        className="rounded border border-dashed border-line-strong px-3 py-2"
      >
        <p className="text-xs font-medium text-ink-3">How it ended</p>
        {trajectory.finalObservation ? (
          <div className="text-ink-2">
            <ObservationText text={trajectory.finalObservation} instruction={trajectory.instruction} />
          </div>
        ) : (
          <p className="text-sm text-ink-3">What was seen after the last action was not recorded.</p>
        )}
      </section>
    </div>
  );
}
