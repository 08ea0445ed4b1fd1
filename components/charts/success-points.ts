/** What the success-by-state chart draws, as data: points with error bars, and one band per judged segment. */
import type { StepRow, TallyRow } from "@/lib/core/review-rows";
import type { Verdict } from "@/lib/core/verdict";

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

export type VerdictBand = { from: number; to: number; verdict: Verdict; recovery: boolean };

/** One band per run of steps with the same verdict, `to` exclusive; steps not mined have none. */
export function bandsOf(steps: Pick<StepRow, "stepIndex" | "verdict" | "recovery">[]): VerdictBand[] {
  const bands: VerdictBand[] = [];
  for (const step of steps) {
    if (step.verdict === null) continue;
    const last = bands.at(-1);
    if (
      last &&
      last.to === step.stepIndex &&
      last.verdict === step.verdict &&
      last.recovery === step.recovery
    )
      last.to = step.stepIndex + 1;
    else
      bands.push({
        from: step.stepIndex,
        to: step.stepIndex + 1,
        verdict: step.verdict,
        recovery: step.recovery,
      });
  }
  return bands;
}
