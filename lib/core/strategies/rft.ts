import { isSolved } from "../rule";
import { everyStep, type Strategy } from "./strategy";

/** Rejection sampling: the agent's own successes from state 0. Source: EEF (arXiv 2504.13145), its baseline */
export const rft: Strategy = {
  name: "rft",
  label: "RFT",
  about:
    "Trains the agent's own successful rollout from the start; no expert action of a trajectory is ever used.",
  level: "measured by rollouts",
  assess({ length, states, rule }) {
    const start = states.find(({ stateIndex }) => stateIndex === 0);
    const tried = start !== undefined && start.attempts > 0;
    const solved = tried && isSolved(start, rule.ruleVersion);
    const reason = "Not considered: only the agent's own rollout from state 0 is used.";
    return {
      steps: everyStep(length, { call: "exclude", considered: false, reason }),
      examples: solved ? [{ trainedSteps: [], rolloutFrom: 0 }] : [],
      note: !tried
        ? "State 0 has no completed rollout."
        : solved
          ? `State 0 has a solution: ${start.successes} of ${start.attempts} rollouts succeeded.`
          : `State 0 has no solution: ${start.successes} of ${start.attempts} rollouts succeeded.`,
    };
  },
};
