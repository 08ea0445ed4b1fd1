import type { Critique } from "../critique";
import type { ReviewRows } from "../review-rows";
import type { Trajectory } from "../trajectory";
import { disagreementsOf } from "./disagree";
import { strategyFacts } from "./facts";
import { assessAll, strategyList } from "./registry";

/** Of one trajectory: the newest completed critique, which counts, and the newest that was asked for. */
export type StoredCritiques = { counting: Critique | null; newest: Critique | null };

/** What the review page shows of the strategies. */
export function strategyRows(
  trajectory: Trajectory,
  mined: Parameters<typeof strategyFacts>[1],
  { counting, newest }: StoredCritiques,
): Pick<ReviewRows, "strategies" | "disagreements" | "critique"> {
  const { source, success, reward, steps } = trajectory;
  const facts = strategyFacts({ source, success, reward, length: steps.length }, mined, counting);
  const assessments = assessAll(facts);
  return {
    strategies: strategyList.map(({ name, label, about, level }) => {
      const { steps: said, note } = assessments[name];
      return { name, label, about, level, steps: said, note };
    }),
    disagreements: disagreementsOf(assessments),
    critique: newest && {
      status: newest.status,
      policy: newest.policy,
      checkpoint: newest.checkpoint,
      errorMessage: newest.errorMessage,
      askedAt: newest.askedAt,
    },
  };
}
