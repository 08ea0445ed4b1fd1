/**
 * `PolicyToggle`: what a dataset would train on under each review policy; the steps below are dimmed accordingly.
 */
import type { StepRow } from "@/lib/core/review-rows";
import { reviewPolicies, type ReviewPolicy } from "@/lib/core/rows";
import { cx } from "@/components/ui/class-names";

const words: Record<ReviewPolicy, string> = { approved: "approved only", not_vetoed: "all not vetoed" };

export function PolicyToggle(props: {
  policy: ReviewPolicy;
  steps: Pick<StepRow, "trained">[];
  onChange: (policy: ReviewPolicy) => void;
}) {
  const { policy, steps, onChange } = props;
  return (
    <>
      <span>Trained on:</span>
      <div role="group" aria-label="What is trained on" className="flex rounded border border-line p-px">
        {reviewPolicies.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={policy === value}
            onClick={() => onChange(value)}
            className={cx(
              "h-5 rounded-sm px-2",
              policy === value ? "bg-hover font-medium text-ink" : "text-ink-3 hover:text-ink",
            )}
          >
            {words[value]}
          </button>
        ))}
      </div>
      <span className="text-ink-3">
        {steps.filter((step) => step.trained[policy]).length} of {steps.length} expert actions
      </span>
    </>
  );
}
