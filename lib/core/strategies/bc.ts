import { isSolvedExpert } from "./facts";
import { everyStep, trainedOf, type Strategy } from "./strategy";

/** Behaviour cloning: solved expert trajectories as they are. Source: EEF (arXiv 2504.13145), its first stage */
export const bc: Strategy = {
  name: "bc",
  label: "BC",
  about: "Trains every action of an expert trajectory that succeeded, and none of one that did not.",
  level: "the episode's own outcome",
  assess({ trajectory, length }) {
    const solved = isSolvedExpert(trajectory);
    const why =
      trajectory.source !== "expert"
        ? "only expert trajectories are cloned"
        : trajectory.success === null
          ? "the outcome is unknown"
          : "the trajectory failed";
    const steps = solved
      ? everyStep(length, { call: "train", considered: true, reason: "The expert's episode succeeded." })
      : everyStep(length, { call: "exclude", considered: false, reason: `Not considered: ${why}.` });
    return {
      steps,
      examples: solved ? [{ trainedSteps: trainedOf(steps), rolloutFrom: null }] : [],
      note: null,
    };
  },
};
