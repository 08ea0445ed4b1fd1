import type { VerificationOutcome, VerificationRow } from "@/lib/core/rows";
import type { ProgressPart } from "@/components/ui/progress-bar";

type Outcomes = VerificationRow["outcomes"];

export const outcomeWords: Record<VerificationOutcome, string> = {
  queued: "waiting",
  verified: "verified",
  diverged: "diverged",
  not_replayable: "not replayable",
  errored: "errored",
  cancelled: "not reached",
};

export const totalOf = (outcomes: Outcomes): number =>
  Object.values(outcomes).reduce((sum, count) => sum + count, 0);

export const behindOf = (outcomes: Outcomes): number =>
  totalOf(outcomes) - outcomes.queued - outcomes.cancelled;

export const outcomeParts = (outcomes: Outcomes): ProgressPart[] => [
  { count: outcomes.verified, tone: "good", word: "verified" },
  { count: outcomes.diverged, tone: "accent", word: "diverged" },
  { count: outcomes.not_replayable, tone: "neutral", word: "not replayable" },
  { count: outcomes.errored, tone: "bad", word: "errored" },
];
