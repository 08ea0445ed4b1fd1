import { judgeStates } from "../judge";
import { verdictSentence } from "../sentence";
import { isFailedExpert } from "../trajectory";
import { segmentOf, type Verdict } from "../verdict";
import { everyStep, type StepCall, type Strategy, type StrategyCall } from "./strategy";

const callOf: Record<Verdict, StrategyCall> = {
  beneficial: "train",
  harmful: "exclude",
  redundant: "exclude",
  dead_end: "exclude",
  undecided: "undecided",
};

/** The verdicts as trained actions. Source: EEF (arXiv 2504.13145); eef.md sections 3 to 5 */
export const eef: Strategy = {
  name: "eef",
  label: "EEF",
  about:
    "Trains the actions of a failed expert that carry the agent from a state it fails from to one it succeeds from.",
  level: "measured by rollouts",
  assess({ trajectory, length, states, diverged, rule }) {
    if (!isFailedExpert(trajectory)) {
      const reason = "Not considered: only failed expert trajectories are mined.";
      return {
        steps: everyStep(length, { call: "exclude", considered: false, reason }),
        examples: [],
        note: null,
      };
    }
    if (states.length === 0) {
      const steps = everyStep(length, { call: "undecided", considered: true, reason: "Not mined yet." });
      return { steps, examples: [], note: null };
    }
    const judgement = judgeStates(length, states, diverged, rule);
    const steps = Array.from({ length }, (_, stepIndex): StepCall => {
      const segment = segmentOf(judgement.segments, stepIndex);
      if (!segment)
        return { stepIndex, call: "undecided", considered: true, value: null, reason: "Not mined yet." };
      const reason = verdictSentence(segment, rule);
      return { stepIndex, call: callOf[segment.verdict], considered: true, value: null, reason };
    });
    const examples = judgement.solutions
      .filter(({ confirmed, rolloutFrom }) => confirmed && rolloutFrom !== null)
      .map(({ expertPart, rolloutFrom }) => ({
        trainedSteps: expertPart ? range(expertPart.from, expertPart.to) : [],
        rolloutFrom,
      }));
    return { steps, examples, note: null };
  },
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
