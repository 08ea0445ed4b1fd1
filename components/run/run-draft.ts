import { PAPER_ALPHA, PAPER_ATTEMPTS, PAPER_STATES, DEFAULT_MAX_STEPS } from "@/lib/core/paper";
import { CarefulConfig, FindConfig } from "@/lib/core/presets";
import { isAdaptive } from "@/lib/core/planner";
import { ADAPTIVE_RULE, paperRule, type RuleVersion } from "@/lib/core/rule";
import { numberIn } from "@/components/ui/number-field";
import { noBudget, type BudgetDraft } from "./budget-draft";

export const runPresets = ["paper", "uniform", "careful", "find"] as const;
export type RunPreset = (typeof runPresets)[number];

/** Each preset in a word and a sentence. */
export const presetWords: Record<RunPreset, { label: string; hint: string }> = {
  paper: {
    label: "Paper",
    hint: "The agent plays on once from the start and once from 5 states spaced evenly along each failed trajectory (M = 5, k = 1, α = 0). Cheapest; one success decides, so many verdicts are chance.",
  },
  uniform: {
    label: "Several rollouts per state",
    hint: "Play on k times from each of M states, and call an action beneficial or harmful only where success clearly changed. Costs k times as much, errs less.",
  },
  careful: {
    label: "Careful",
    hint: "Judge every action: play on from each state until it is clear whether the agent can solve it from there, and then until each change is sure. Spends rollouts only where they still decide something.",
  },
  find: {
    label: "Find one that helps",
    hint: "Look for one stretch of expert actions that lets the agent succeed, halving the distance between the probed states until the two are known between which success begins, and give up early on trajectories that look hopeless. Most other actions stay undecided.",
  },
};

/** A run as it is typed in; numbers are text until they are read. */
export type RunDraft = BudgetDraft & {
  name: string;
  policyId: number;
  preset: RunPreset;
  states: string;
  attempts: string;
  /** Rollouts per trajectory at most, of the adaptive presets. */
  budget: string;
  alpha: number;
  minAttempts: number;
  /** Null: the preset's. */
  ruleVersion: RuleVersion | null;
  maxSteps: string;
  seed: string;
};

export const ranges = {
  states: { min: 0, max: 50, step: 1 },
  attempts: { min: 1, max: 64, step: 1 },
  budget: { min: 1, max: 4096, step: 1 },
  maxSteps: { min: 1, max: 200, step: 1 },
  seed: { min: 0, max: 2 ** 31 - 1, step: 1 },
} as const;

/** The rule that a preset goes by unless another is asked for. */
export function ruleDefaultOf(preset: RunPreset): RuleVersion {
  return isAdaptive(preset) ? ADAPTIVE_RULE : paperRule.ruleVersion;
}

/** A draft with the paper's settings. */
export function newDraft(policyId: number): RunDraft {
  return {
    name: "",
    policyId,
    preset: "paper",
    states: String(PAPER_STATES),
    attempts: "4",
    budget: String(CarefulConfig.parse({}).budget),
    alpha: 0.9,
    minAttempts: paperRule.minAttempts,
    ruleVersion: null,
    ...noBudget,
    maxSteps: String(DEFAULT_MAX_STEPS),
    seed: "0",
  };
}

/** What a draft asks for, or null while a number is wrong. */
export function settingsOf(draft: RunDraft) {
  const maxSteps = numberIn(draft.maxSteps, ranges.maxSteps);
  const seed = numberIn(draft.seed, ranges.seed);
  if (maxSteps === null || seed === null) return null;
  if (draft.preset === "paper") {
    const config = { states: PAPER_STATES, attempts: PAPER_ATTEMPTS, maxSteps, seed };
    return { preset: draft.preset, config, alpha: PAPER_ALPHA };
  }
  const states = numberIn(draft.states, ranges.states);
  if (states === null) return null;
  if (draft.preset === "uniform") {
    const attempts = numberIn(draft.attempts, ranges.attempts);
    if (attempts === null) return null;
    const config = { states, attempts, maxSteps, seed };
    return { preset: draft.preset, config, alpha: draft.alpha, ...ruleOf(draft) };
  }
  const budget = numberIn(draft.budget, ranges.budget);
  if (budget === null) return null;
  const adaptive =
    draft.preset === "careful"
      ? { careful: CarefulConfig.parse({ budget }) }
      : { find: FindConfig.parse({ budget }) };
  return { preset: draft.preset, config: { states, maxSteps, seed, ...adaptive }, ...ruleOf(draft) };
}

function ruleOf({ preset, minAttempts, ruleVersion }: RunDraft) {
  return { minAttempts, ruleVersion: ruleVersion ?? ruleDefaultOf(preset) };
}
