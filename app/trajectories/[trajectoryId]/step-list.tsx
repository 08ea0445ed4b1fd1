"use client";
import { memo, useMemo, useState } from "react";
import type { StepText } from "@/lib/core/review-rows";
import type { ReviewPolicy } from "@/lib/core/rows";
import { ObservationText } from "@/components/trajectory/observation-text";
import { StepCard, type StepCardProps } from "@/components/trajectory/step-card";
import { TextBlock, VisibleText } from "@/components/trajectory/text-block";
import { UnreadSteps } from "@/components/trajectory/unread-steps";
import { Fact, Facts } from "@/components/ui/facts";
import { formatCount, plural } from "@/components/ui/numbers";
import { VirtualList } from "@/components/ui/virtual-list";
import type { DeskRows } from "./decisions";
import { useIsSelected, type Selection } from "./use-selection";
import { useStepTexts } from "./use-step-texts";
import type { StepsView } from "./use-steps-view";

const GUESSED_HEIGHT = 190;

/** The trajectory from its opening to how it ended; only what is in sight is in the page. */
export function StepList(props: {
  rows: DeskRows;
  first: StepText[];
  selection: Selection;
  policy: ReviewPolicy;
  view: StepsView;
}) {
  const { rows, first, selection, policy, view } = props;
  const { trajectory, steps } = rows;
  const [sight, setSight] = useState({ from: 0, to: 0 });
  const { texts, failure, retry } = useStepTexts(trajectory.trajectoryId, first, sight, steps.length);
  const reveal = useMemo(
    () => ({ get: () => selection.get().stepIndex + 1, subscribe: selection.subscribe }),
    [selection],
  );
  // The opening comes before the steps, the ending after them.
  const render = (index: number) => {
    const step = steps[index - 1];
    if (!step)
      return index === 0 ? (
        <Beginning trajectory={trajectory} details={view.details} />
      ) : (
        <Ending trajectory={trajectory} />
      );
    return (
      <SelectableStep
        selection={selection}
        step={step}
        text={texts.get(step.stepIndex) ?? null}
        previous={view.unchanged ? null : (texts.get(step.stepIndex - 1)?.observation ?? null)}
        count={steps.length}
        instruction={trajectory.instruction}
        trained={step.trained[policy]}
        thoughts={view.thoughts}
        calls={view.calls}
        details={view.details}
        onSelect={selection.select}
      />
    );
  };
  return (
    <>
      <UnreadSteps failure={failure === null ? null : { message: failure, retry }} />
      <VirtualList
        count={steps.length + 2}
        guessedHeight={GUESSED_HEIGHT}
        render={render}
        onSight={(from, to) => setSight({ from: Math.max(0, from - 1), to: Math.min(steps.length, to - 1) })}
        reveal={reveal}
        revealAgain={texts.has(selection.get().stepIndex)}
      />
    </>
  );
}

/** A move is heard by the two steps it concerns, not by the list. */
const SelectableStep = memo(function SelectableStep(
  props: Omit<StepCardProps, "selected"> & { selection: Selection },
) {
  const { selection, ...rest } = props;
  return <StepCard {...rest} selected={useIsSelected(selection, rest.step.stepIndex)} />;
});

const Beginning = memo(function Beginning(props: Pick<DeskRows, "trajectory"> & { details: boolean }) {
  const { opening } = props.trajectory;
  return (
    <div className="flex flex-col gap-2">
      {props.details ? <Details trajectory={props.trajectory} /> : null}
      {opening.length === 0 ? null : (
        <details className="rounded border border-line px-3 py-1.5 text-sm text-ink-2">
          <summary>Opening, {plural(opening.length, "message")}, never trained</summary>
          {opening.map((message, i) => (
            <div key={i} className="mt-2">
              <p className="text-xs font-medium text-ink-3">{message.role}</p>
              <TextBlock text={message.content ?? ""} className="text-sm" />
            </div>
          ))}
        </details>
      )}
    </div>
  );
});

function Details({ trajectory }: Pick<DeskRows, "trajectory">) {
  const { environment, externalId, contentHash, stepCount } = trajectory;
  return (
    <div className="rounded border border-line px-3 py-1.5 [overflow-wrap:anywhere]">
      <Facts>
        <Fact name="recorded in">{environment}</Fact>
        <Fact name="steps">{formatCount(stepCount)}</Fact>
        <Fact name="external id">{externalId === null ? "none" : <VisibleText text={externalId} />}</Fact>
        <Fact name="content hash">
          <span className="font-mono text-xs">{contentHash}</span>
        </Fact>
      </Facts>
    </div>
  );
}

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
