/** `TrainingOutcome`: how far a training is, or what came of it: the policy and what it is for, or why there is none. */
import Link from "next/link";
import type { IterationKey } from "@/lib/core/campaign-store";
import { isOpen } from "@/lib/core/training";
import type { TrainingRow } from "@/lib/core/training-store";
import { ButtonLink } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { formatCount } from "@/components/ui/numbers";
import { ProgressBar } from "@/components/ui/progress-bar";
import { Section } from "@/components/ui/section";

type Props = {
  view: { training: TrainingRow; iteration: (IterationKey & { campaign: string }) | null };
};

export function TrainingOutcome({ view: { training, iteration } }: Props) {
  const { state, step, totalSteps, errorMessage, errorCode, policyId, policy } = training;
  if (state === "failed") return <ErrorNote message={errorMessage ?? errorCode} />;
  if (isOpen(state) && step !== null && totalSteps !== null)
    return (
      <div className="flex items-center gap-3">
        <ProgressBar
          label="Steps"
          total={totalSteps}
          parts={[{ count: step, tone: "accent", word: "done" }]}
        />
        <span className="shrink-0 text-xs text-ink-2">
          {formatCount(step)} of {formatCount(totalSteps)} steps
        </span>
      </div>
    );
  if (policyId === null) return null;
  return (
    <Section
      title="What came out"
      actions={
        iteration === null ? (
          <ButtonLink href="/runs/new" size="sm" variant="primary">
            Mine with it
          </ButtonLink>
        ) : (
          <ButtonLink href={`/campaigns/${iteration.campaignId}`} size="sm" variant="primary">
            Start iteration {iteration.iteration + 1}
          </ButtonLink>
        )
      }
    >
      <p className="text-sm text-ink-2">
        Policy{" "}
        <Link href={`/policies/${policyId}`} className="font-medium text-ink underline underline-offset-2">
          {policy}
        </Link>{" "}
        asks for this checkpoint.{" "}
        {iteration === null
          ? "Mine the failures again with it, or compare it with the policy before."
          : `It is the next of campaign “${iteration.campaign}”.`}
      </p>
    </Section>
  );
}
