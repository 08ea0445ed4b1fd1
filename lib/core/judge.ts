import { gatherEvidence } from "./evidence";
import type { MinedFacts } from "./rows";
import { judgeSteps, type Judgement } from "./verdict";

/**
 * The judgement of one trajectory in one run, from its stored rollouts. Where states have only errored rollouts because
 * the replay diverged, that is the reason given.
 * @param length number of expert steps T
 * @param alpha least P for a beneficial or harmful verdict, 0..1
 */
export function judge(
  length: number,
  facts: Pick<MinedFacts, "rollouts" | "entry">,
  alpha: number,
): Judgement {
  const judgement = judgeSteps(length, gatherEvidence(facts.rollouts), alpha);
  if (facts.entry.replay !== "diverged") return judgement;
  const segments = judgement.segments.map((segment) =>
    segment.undecidedReason === "only_errored"
      ? { ...segment, undecidedReason: "replay_diverged" as const }
      : segment,
  );
  return { ...judgement, segments };
}
