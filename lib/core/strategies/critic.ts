import type { CritiqueCall } from "../critique";
import { trainedOf, type StepCall, type Strategy, type StrategyCall } from "./strategy";

/** Neither helping nor harming is no reason to train, and no reason not to. */
const callOf: Record<CritiqueCall, StrategyCall> = {
  helpful: "train",
  harmful: "exclude",
  neutral: "undecided",
  unsure: "undecided",
};

/**
 * A model's opinion of every action, from one pass over the recording. It needs no environment and proves nothing.
 * Sources: SRFT (arXiv 2605.10674), whose critic judges each step of an unresolved trajectory and masks the erroneous
 * ones; ATLaS (arXiv 2503.02197), whose oracle picks the critical steps to train on. Read as abstracts only.
 */
export const critic: Strategy = {
  name: "critic",
  label: "Critic",
  about:
    "Asks a model once what it thinks of every action. Works where the environment cannot be reset; an opinion only.",
  level: "an opinion, no rollout",
  assess({ length, critique }) {
    const said = new Map(critique?.map((step) => [step.stepIndex, step]));
    const steps = Array.from({ length }, (_, stepIndex): StepCall => {
      const base = { stepIndex, considered: true, value: null };
      const opinion = said.get(stepIndex);
      if (!opinion) return { ...base, call: "undecided", reason: "No critic was asked." };
      const reason = opinion.reason === "" ? "no reason given" : opinion.reason;
      return { ...base, call: callOf[opinion.call], reason: `Called ${opinion.call}: ${reason}` };
    });
    const trainedSteps = trainedOf(steps);
    return {
      steps,
      examples: trainedSteps.length > 0 ? [{ trainedSteps, rolloutFrom: null }] : [],
      note: null,
    };
  },
};
