import type { ReviewRows } from "./review-rows";

/** The same page without the miner's word and anything it rests on: what is left are the recording and one's own votes. */
export function hideVerdicts(rows: ReviewRows): ReviewRows {
  return {
    ...rows,
    hidden: true,
    segments: [],
    trained: { approved: [], not_vetoed: [] },
    states: [],
    solutions: [],
    rollouts: [],
    strategies: [],
    disagreements: [],
    critique: null,
  };
}
