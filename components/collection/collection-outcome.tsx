/** `CollectionOutcome`: how good was the policy, and what did it cost? */
import type { CollectionProgress, CollectionRow } from "@/lib/core/rows";
import { Stat } from "@/components/ui/facts";
import { formatCount, formatPercent, formatReward, formatTokens, plural } from "@/components/ui/numbers";
import { Section } from "@/components/ui/section";

type Props = {
  collection: Pick<CollectionRow, "budget">;
  progress: CollectionProgress;
  /** The policy asks no model. */
  free: boolean;
};

export function CollectionOutcome({ collection, progress, free }: Props) {
  const { episodes, succeeded, duplicates, meanReward, calls, promptTokens, completionTokens } = progress;
  const { maxCalls, maxTokens } = collection.budget;
  const played = episodes.completed;
  return (
    <Section
      title="What came of it?"
      note={free ? "the policy is built in: its calls ask no model and cost nothing" : undefined}
    >
      <div className="flex flex-wrap gap-x-12 gap-y-4">
        <Stat
          name="Success rate"
          value={played === 0 ? "–" : formatPercent(succeeded / played)}
          note={`${formatCount(succeeded)} of ${plural(played, "episode")} solved`}
        />
        <Stat
          name="Mean reward"
          value={formatReward(meanReward)}
          note={`over ${plural(played, "episode")}`}
        />
        <Stat
          name="Trajectories stored"
          value={formatCount(played - duplicates)}
          note={duplicates === 0 ? undefined : `${formatCount(duplicates)} were there already`}
        />
        <Stat
          name="Calls"
          value={formatCount(calls)}
          note={maxCalls === null ? "one per step" : `of at most ${formatCount(maxCalls)}`}
        />
        <Stat
          name="Tokens"
          value={formatTokens(promptTokens + completionTokens)}
          note={
            maxTokens === null
              ? `${formatTokens(promptTokens)} in, ${formatTokens(completionTokens)} out`
              : `of at most ${formatTokens(maxTokens)}`
          }
        />
      </div>
    </Section>
  );
}
