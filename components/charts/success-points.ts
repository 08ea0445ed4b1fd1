/** What the success-by-state chart draws, as data: points with error bars. */
import type { NoReturn } from "@/lib/core/no-return";
import type { TallyRow } from "@/lib/core/review-rows";
import { plural } from "@/components/ui/numbers";

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

/** What is known from the point of no return on, and no more: tries that failed prove nothing. */
export function noReturnWords({ states, attempts }: NoReturn): string {
  return `not solved in ${plural(attempts, "try", "tries")} at ${plural(states, "probed state")}. It may still be solvable.`;
}
