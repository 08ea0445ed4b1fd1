import type { Critique } from "../critique";
import { gatherEvidence } from "../evidence";
import type { MinedFacts } from "../rows";
import { paperRule, type VerdictRule } from "../rule";
import type { TrajectoryDraft } from "../trajectory";
import type { StrategyFacts } from "./strategy";

/**
 * What the strategies look at, from what is stored.
 * @param mined the rollouts of one run and its rule; null where no run looked at the trajectory
 */
export function strategyFacts(
  trajectory: StrategyFacts["trajectory"] & { length: number },
  mined: (Pick<MinedFacts, "rollouts"> & { rule: VerdictRule }) | null,
  critique: Pick<Critique, "steps"> | null,
): StrategyFacts {
  const rollouts = mined?.rollouts ?? [];
  const completed = rollouts.filter(({ status }) => status === "completed");
  const { length, source, success, reward } = trajectory;
  return {
    trajectory: { source, success, reward },
    length,
    states: gatherEvidence(rollouts).map((state) => ({
      ...state,
      returned: completed
        .filter(({ stateIndex }) => stateIndex === state.stateIndex)
        .reduce((sum, rollout) => sum + (rollout.reward ?? (rollout.success ? 1 : 0)), 0),
    })),
    diverged: rollouts.filter((r) => r.errorCode === "replay_diverged").map((r) => r.stateIndex),
    rule: mined?.rule ?? paperRule,
    critique: critique?.steps ?? null,
  };
}

/** Whether the expert solved its subtask; only such episodes are cloned. */
export const isSolvedExpert = ({ source, success }: Pick<TrajectoryDraft, "source" | "success">): boolean =>
  source === "expert" && success === true;
