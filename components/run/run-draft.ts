import { PAPER_ALPHA, PAPER_ATTEMPTS, PAPER_STATES, DEFAULT_MAX_STEPS } from "@/lib/core/paper";
import { numberIn } from "@/components/ui/number-field";

/** A run as it is typed in; numbers are text until they are read. */
export type RunDraft = {
  name: string;
  policyId: number;
  preset: "paper" | "uniform";
  states: string;
  attempts: string;
  alpha: number;
  maxSteps: string;
  seed: string;
};

export const ranges = {
  states: { min: 0, max: 50, step: 1 },
  attempts: { min: 1, max: 64, step: 1 },
  maxSteps: { min: 1, max: 200, step: 1 },
  seed: { min: 0, max: 2 ** 31 - 1, step: 1 },
} as const;

/** A draft with the paper's settings. */
export function newDraft(policyId: number): RunDraft {
  return {
    name: "",
    policyId,
    preset: "paper",
    states: String(PAPER_STATES),
    attempts: "4",
    alpha: 0.9,
    maxSteps: String(DEFAULT_MAX_STEPS),
    seed: "0",
  };
}

/** What a draft asks for, or null while a number is wrong. */
export function settingsOf(draft: RunDraft) {
  const maxSteps = numberIn(draft.maxSteps, ranges.maxSteps);
  const seed = numberIn(draft.seed, ranges.seed);
  if (maxSteps === null || seed === null) return null;
  if (draft.preset === "paper")
    return { config: { states: PAPER_STATES, attempts: PAPER_ATTEMPTS, maxSteps, seed }, alpha: PAPER_ALPHA };
  const states = numberIn(draft.states, ranges.states);
  const attempts = numberIn(draft.attempts, ranges.attempts);
  if (states === null || attempts === null) return null;
  return { config: { states, attempts, maxSteps, seed }, alpha: draft.alpha };
}
