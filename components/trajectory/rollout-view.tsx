"use client";
/**
 * `RolloutView`: the agent's steps of one rollout, readable: what it saw, thought and did, and how it ended. Step numbers go
 * on from the state it started at. Each number is the step's address; `target` is the one that the address names, brought
 * into view. Many steps are shown a few at a time.
 */
import { useEffect, useState, type MouseEvent } from "react";
import type { Rollout } from "@/lib/core/rows";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { formatTokens } from "@/components/ui/numbers";
import { ObservationText } from "./observation-text";
import { TextBlock } from "./text-block";

const FIRST = 20;

type Props = {
  rollout: Rollout;
  instruction: string;
  target: number | null;
  onLink: (href: string) => void;
};

export function RolloutView({ rollout, instruction, target, onLink }: Props) {
  const [limit, setLimit] = useState(FIRST);
  const { steps, stateIndex } = rollout;
  useEffect(() => {
    if (target !== null)
      document.getElementById(`rollout-step-${target}`)?.scrollIntoView({ block: "center" });
  }, [target]);
  const shown = steps.slice(0, Math.max(limit, target === null ? 0 : target - stateIndex + 1));
  const left = steps.length - shown.length;
  return (
    <div className="flex flex-col gap-3 border-l-2 border-accent-line py-2 pl-3">
      {rollout.errorMessage ? (
        <p className="text-sm [overflow-wrap:anywhere] text-undecided">{rollout.errorMessage}</p>
      ) : null}
      {steps.length === 0 ? <p className="text-sm text-ink-3">No steps were recorded.</p> : null}
      {shown.map((step, i) => (
        <div
          key={i}
          id={`rollout-step-${stateIndex + i}`}
          className={cx(
            "flex flex-col gap-1.5 rounded-sm",
            stateIndex + i === target && "outline-2 outline-offset-2 outline-accent",
          )}
        >
          <div className="rounded-sm bg-sunken px-2 py-1.5 text-ink-2">
            <ObservationText
              text={step.observation}
              instruction={instruction}
              previous={steps[i - 1]?.observation ?? null}
            />
          </div>
          {step.thought ? <TextBlock text={step.thought} className="text-sm text-ink" /> : null}
          <div className="flex items-start gap-2">
            <StepLink rollout={rollout} stepIndex={stateIndex + i} onLink={onLink} />
            <TextBlock text={step.action} className="min-w-0 flex-1 font-mono text-sm font-medium text-ink" />
          </div>
        </div>
      ))}
      {left > 0 ? (
        <Button size="sm" className="self-start" onClick={() => setLimit(shown.length + FIRST)}>
          Show {Math.min(FIRST, left)} more of {left} steps
        </Button>
      ) : null}
      {left === 0 && rollout.finalObservation ? (
        <div className="rounded-sm bg-sunken px-2 py-1.5 text-ink-2">
          <ObservationText text={rollout.finalObservation} instruction={instruction} />
        </div>
      ) : null}
      <Spent rollout={rollout} />
    </div>
  );
}

function StepLink(props: { rollout: Rollout; stepIndex: number; onLink: Props["onLink"] }) {
  const { rollout, stepIndex, onLink } = props;
  const href = `?run=${rollout.runId}&rollout=${rollout.rolloutId}#rollout-step-${stepIndex}`;
  const press = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    onLink(href);
  };
  return (
    <a
      href={href}
      onClick={press}
      aria-label={`Link to step ${stepIndex} of this rollout`}
      className="min-w-4 text-xs leading-5 text-ink-3 hover:text-ink hover:underline"
    >
      {stepIndex}
    </a>
  );
}

function Spent({ rollout }: { rollout: Rollout }) {
  const tokens = rollout.promptTokens + rollout.completionTokens;
  return (
    <p className="text-xs text-ink-3">
      {tokens > 0 ? `${formatTokens(tokens)} tokens` : "no tokens"}
      {rollout.promptVersion ? ` · prompt ${rollout.promptVersion}` : null}
    </p>
  );
}
