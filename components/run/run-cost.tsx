/** `RunCost`: what did the run cost, in calls and tokens, and per success. */
import type { RunProgress } from "@/lib/core/rows";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatTokens, plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";

export function RunCost({ progress, free }: { progress: RunProgress; free: boolean }) {
  const { calls, promptTokens, completionTokens, rollouts } = progress;
  const perSuccess = rollouts.succeeded === 0 ? null : calls / rollouts.succeeded;
  return (
    <Section
      title="What did it cost?"
      note={free ? "the agent is built in: its calls ask no model and cost nothing" : undefined}
    >
      <div className="flex flex-wrap gap-x-12 gap-y-4">
        <Stat name="Calls" value={formatCount(calls)} note={`for ${plural(rollouts.completed, "rollout")}`} />
        <Stat name="Tokens in" value={formatTokens(promptTokens)} />
        <Stat name="Tokens out" value={formatTokens(completionTokens)} />
        <Stat
          name="Calls per success"
          value={perSuccess === null ? "–" : formatCount(perSuccess)}
          note={`${formatCount(rollouts.succeeded)} of ${plural(rollouts.completed, "rollout")} solved`}
        />
      </div>
    </Section>
  );
}
