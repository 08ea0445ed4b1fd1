import { mostReviewers } from "@/lib/core/queue";
import { numberIn } from "@/components/ui/number-field";

/** A review queue as it is typed in. */
export type QueueDraft = {
  name: string;
  reviewers: string;
  /** In percent. */
  blind: string;
  gold: string;
  /** Names, separated by commas; empty: anybody. */
  people: string;
};

export const emptyQueue: QueueDraft = { name: "", reviewers: "1", blind: "0", gold: "0", people: "" };

export const queueRanges = {
  reviewers: { min: 1, max: mostReviewers, step: 1 },
  blind: { min: 0, max: 100, step: 1 },
  gold: { min: 0, max: 500, step: 1 },
} as const;

/** What a draft asks for, or null while something is missing or wrong. */
export function queueSettings(draft: QueueDraft) {
  const reviewers = numberIn(draft.reviewers, queueRanges.reviewers);
  const blind = numberIn(draft.blind, queueRanges.blind);
  const gold = numberIn(draft.gold, queueRanges.gold);
  if (draft.name.trim() === "" || reviewers === null || blind === null || gold === null) return null;
  const people = draft.people
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  return { name: draft.name, reviewers, blindShare: blind / 100, gold, people: [...new Set(people)] };
}
