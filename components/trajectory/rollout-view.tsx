/**
 * `RolloutView`: the agent's steps of one rollout, readable: what it saw, thought and did, and how it ended. Step numbers go
 * on from the state it started at.
 */
import type { Rollout } from "@/lib/core/rows";
import { formatTokens } from "@/components/ui/numbers";
import { ObservationText } from "./observation-text";
import { TextBlock } from "./text-block";

export function RolloutView({ rollout, instruction }: { rollout: Rollout; instruction: string }) {
  const tokens = rollout.promptTokens + rollout.completionTokens;
  return (
    <div className="flex flex-col gap-3 border-l-2 border-accent-line py-2 pl-3">
      {rollout.errorMessage ? (
        <p className="text-sm [overflow-wrap:anywhere] text-undecided">{rollout.errorMessage}</p>
      ) : null}
      {rollout.steps.length === 0 ? <p className="text-sm text-ink-3">No steps were recorded.</p> : null}
      {rollout.steps.map((step, i) => (
        <div key={i} className="flex flex-col gap-1.5">
          <div className="rounded-sm bg-sunken px-2 py-1.5 text-ink-2">
            <ObservationText
              text={step.observation}
              instruction={instruction}
              previous={rollout.steps[i - 1]?.observation ?? null}
            />
          </div>
          {step.thought ? <TextBlock text={step.thought} className="text-sm text-ink" /> : null}
          <div className="flex items-start gap-2">
            <span className="min-w-4 text-xs leading-5 text-ink-3">{rollout.stateIndex + i}</span>
            <TextBlock text={step.action} className="min-w-0 flex-1 font-mono text-sm font-medium text-ink" />
          </div>
        </div>
      ))}
      {rollout.finalObservation ? (
        <div className="rounded-sm bg-sunken px-2 py-1.5 text-ink-2">
          <ObservationText text={rollout.finalObservation} instruction={instruction} />
        </div>
      ) : null}
      <p className="text-xs text-ink-3">
        {tokens > 0 ? `${formatTokens(tokens)} tokens` : "no tokens"}
        {rollout.promptVersion ? ` · prompt ${rollout.promptVersion}` : null}
      </p>
    </div>
  );
}
