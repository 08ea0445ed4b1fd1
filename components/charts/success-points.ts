/** What the success-by-state chart draws, as data: points with error bars. */
import type { TallyRow } from "@/lib/core/review-rows";

/** `error` is how far the interval reaches below and above the rate. */
export type Point = TallyRow & { rate: number; error: [number, number] };

/** States with a completed rollout; those that were only probed or only errored have no rate to draw. */
export function pointsOf(states: TallyRow[]): Point[] {
  return states
    .filter((state) => state.attempts > 0)
    .map((state) => {
      const rate = state.successes / state.attempts;
      return { ...state, rate, error: [Math.max(0, rate - state.low), Math.max(0, state.high - rate)] };
    });
}
