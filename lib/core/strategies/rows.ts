import type { Critique } from "../critique";
import type { ReviewRows, StrategyRow } from "../review-rows";
import type { TrajectoryAbout } from "../trajectory-store";
import { disagreementsOf } from "./disagree";
import { strategyFacts } from "./facts";
import { assessAll, strategyList } from "./registry";
import type { StepCall } from "./strategy";

/** Of one trajectory: the newest completed critique, which counts, and the newest that was asked for. */
export type StoredCritiques = { counting: Critique | null; newest: Critique | null };

/** What the review page shows of the strategies. */
export function strategyRows(
  trajectory: Pick<TrajectoryAbout, "source" | "success" | "reward" | "stepCount">,
  mined: Parameters<typeof strategyFacts>[1],
  { counting, newest }: StoredCritiques,
): Pick<ReviewRows, "strategies" | "disagreements" | "critique"> {
  const { source, success, reward, stepCount } = trajectory;
  const facts = strategyFacts({ source, success, reward, length: stepCount }, mined, counting);
  const assessments = assessAll(facts);
  return {
    strategies: strategyList.map(({ name, label, about, level }) => {
      const { steps, note } = assessments[name];
      return { name, label, about, level, said: joined(steps), note };
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

function joined(steps: StepCall[]): StrategyRow["said"] {
  const said: StrategyRow["said"] = [];
  for (const { stepIndex, ...word } of steps) {
    const last = said.at(-1);
    if (last && saysSame(last, word)) last.to = stepIndex + 1;
    else said.push({ from: stepIndex, to: stepIndex + 1, ...word });
  }
  return said;
}

type Word = Omit<StepCall, "stepIndex">;

function saysSame(one: Word, other: Word): boolean {
  return (
    one.call === other.call &&
    one.considered === other.considered &&
    one.reason === other.reason &&
    one.value?.before === other.value?.before &&
    one.value?.after === other.value?.after
  );
}
