import type { StepRow } from "@/lib/core/review-rows";
import type { Verdict } from "@/lib/core/verdict";

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
