"use client";
import { memo, useState } from "react";
import type { StepText } from "@/lib/core/review-rows";
import type { ReviewPolicy } from "@/lib/core/rows";
import { ObservationText } from "@/components/trajectory/observation-text";
import { StepCard } from "@/components/trajectory/step-card";
import { TextBlock } from "@/components/trajectory/text-block";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { plural } from "@/components/ui/numbers";
import { VirtualList } from "@/components/ui/virtual-list";
import type { DeskRows } from "./decisions";
import { useStepTexts } from "./use-step-texts";

const GUESSED_HEIGHT = 190;

/** The trajectory from its opening to how it ended; only what is in sight is in the page. */
export function StepList(props: {
  rows: DeskRows;
  first: StepText[];
  selected: number;
  policy: ReviewPolicy;
  view: { thoughts: boolean; unchanged: boolean };
  onSelect: (stepIndex: number) => void;
}) {
  const { rows, first, selected, policy, view, onSelect } = props;
  const { trajectory, steps } = rows;
  const [sight, setSight] = useState({ from: 0, to: 0 });
  const { texts, failure, retry } = useStepTexts(trajectory.trajectoryId, first, sight, steps.length);
  // The opening comes before the steps, the ending after them.
  const render = (index: number) => {
    const step = steps[index - 1];
    if (!step)
      return index === 0 ? <Opening opening={trajectory.opening} /> : <Ending trajectory={trajectory} />;
    return (
      <StepCard
        step={step}
        text={texts.get(step.stepIndex) ?? null}
        previous={view.unchanged ? null : (texts.get(step.stepIndex - 1)?.observation ?? null)}
        count={steps.length}
        instruction={trajectory.instruction}
        selected={step.stepIndex === selected}
        trained={step.trained[policy]}
        thoughts={view.thoughts}
        onSelect={onSelect}
      />
    );
  };
  return (
    <>
      {failure ? (
        <ErrorNote message={`Some steps could not be loaded. ${failure}`}>
          <Button size="sm" onClick={retry}>
            Try again
          </Button>
        </ErrorNote>
      ) : null}
      <VirtualList
        count={steps.length + 2}
        guessedHeight={GUESSED_HEIGHT}
        render={render}
        onSight={(from, to) => setSight({ from: Math.max(0, from - 1), to: Math.min(steps.length, to - 1) })}
        reveal={selected + 1}
        revealAgain={texts.has(selected)}
      />
    </>
  );
}

const Opening = memo(function Opening({ opening }: Pick<DeskRows["trajectory"], "opening">) {
  if (opening.length === 0) return null;
  return (
    <details className="rounded border border-line px-3 py-1.5 text-sm text-ink-2">
      <summary>Opening, {plural(opening.length, "message")}, never trained</summary>
      {opening.map((message, i) => (
        <div key={i} className="mt-2">
          <p className="text-xs font-medium text-ink-3">{message.role}</p>
          <TextBlock text={message.content ?? ""} className="text-sm" />
        </div>
      ))}
    </details>
  );
});

function Ending({ trajectory }: Pick<DeskRows, "trajectory">) {
  return (
    <section aria-label="How it ended" className="rounded border border-dashed border-line-strong px-3 py-2">
      <p className="text-xs font-medium text-ink-3">How it ended</p>
      {trajectory.finalObservation ? (
        <div className="text-ink-2">
          <ObservationText text={trajectory.finalObservation} instruction={trajectory.instruction} />
        </div>
      ) : (
        <p className="text-sm text-ink-3">What was seen after the last action was not recorded.</p>
      )}
    </section>
  );
}
