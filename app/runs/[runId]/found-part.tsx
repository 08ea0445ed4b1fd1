"use client";
import { isAdaptive } from "@/lib/core/planner";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { KeptAgainstWrong } from "@/components/charts/kept-against-wrong";
import { VerdictCounts } from "@/components/charts/verdict-counts";
import { RuleControl } from "@/components/run/rule-control";
import { RuleOutcome } from "@/components/run/rule-outcome";
import { FailureNote } from "@/components/ui/failure-note";
import { Section } from "@/components/ui/section";
import { Skeleton } from "@/components/ui/skeleton";
import { previewQuery, type RunView } from "../queries";
import { useRule } from "./use-rule";

/** What a run found, under the rule as it is being moved: nothing waits for the stored one. */
export function FoundPart({ run, progress }: Pick<RunView, "run" | "progress">) {
  const { rule, control, failure } = useRule(run);
  const { done, errored } = progress.trajectories;
  const found = Object.values(progress.verdicts).some((count) => count > 0);
  const { data, error, isPlaceholderData } = useQuery({
    ...previewQuery(run.runId, rule, done + errored),
    enabled: found,
    placeholderData: keepPreviousData,
  });
  // How many rollouts a state gets is only fixed where the preset does not decide it on the way.
  const fixed = run.origin === "mined" && !isAdaptive(run.config.preset);
  return (
    <Section title="What did it find?">
      <div className="grid gap-x-10 gap-y-6 xl:grid-cols-2">
        {found ? (
          <VerdictCounts
            title="What are the expert’s actions worth?"
            counts={data?.verdicts ?? progress.verdicts}
          />
        ) : (
          <p className="text-sm text-ink-2">Verdicts appear as soon as the first trajectory is through.</p>
        )}
        <div className="flex flex-col gap-2">
          <RuleControl {...control} attempts={fixed ? run.config.attempts : null} />
          <p className="text-xs text-ink-2">
            Everything here follows at once from the stored rollouts; nothing is simulated again. It is kept
            when you let go.
          </p>
          {failure ? <FailureNote failure={failure} /> : null}
        </div>
        {error ? (
          <FailureNote failure={{ message: error.message, fix: "Move the slider to try again." }} />
        ) : null}
        {data ? (
          <RuleOutcome
            preview={data}
            behind={isPlaceholderData}
            disabled={control.disabled}
            onTarget={(alpha) => control.onCommit({ alpha })}
          />
        ) : found && !error ? (
          <Skeleton className="h-24 w-full" />
        ) : null}
        {data ? (
          <KeptAgainstWrong
            points={data.tradeOffs}
            now={{
              expectedWrong: data.wrong.expectedWrong,
              beneficialActions: data.verdicts.beneficial,
            }}
            onChoose={(alpha) => control.onCommit({ alpha })}
          />
        ) : null}
      </div>
    </Section>
  );
}
