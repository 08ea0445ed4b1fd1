import type { EffectiveReviews } from "./review";
import { keepsOut, restsOnVerdicts, type ExamplePlan } from "./example-plan";
import type { RolloutRow } from "./rows";

/**
 * The *repository* of positive trajectories of a campaign: every success of every iteration is kept, and of those from one
 * state one is chosen. Source: eef.md, sections 2 and 4.
 */

/** A success from some state: what is compared when one is chosen. */
export type Positive = { stepCount: number; iteration: number; attempt: number };

/** Fewest steps, then earliest iteration, then lowest attempt; null of none. */
export function choosePositive<P extends Positive>(positives: P[]): P | null {
  return (
    positives.toSorted(
      (a, b) => a.stepCount - b.stepCount || a.iteration - b.iteration || a.attempt - b.attempt,
    )[0] ?? null
  );
}

/** What one iteration says of a failed expert trajectory: which examples its verdicts allow, and its rollouts. */
export type JudgedIteration = {
  iteration: number;
  checkpoint: string;
  plans: ExamplePlan[];
  effective: EffectiveReviews;
  rollouts: RolloutRow[];
};

export type Success = Positive & { rolloutId: number; runId: number; stateIndex: number };

/** One example of a trajectory: which iteration's verdicts decide its mask, and whose success it ends with. */
export type ChosenExample<Judged = JudgedIteration> = {
  plan: ExamplePlan;
  judged: Judged;
  /** It rests on verdicts that are not of the newest checkpoint. */
  stale: boolean;
  /** Null where the plan ends without a rollout. */
  success: Success | null;
};

/**
 * The examples of one failed expert trajectory over all iterations: one per important state. The newest verdicts that
 * solve a state decide which expert actions are trained; the success that follows may be of any iteration. Verdicts of an
 * older iteration speak only where newer ones leave a state unsolved or do not ask about it, never train an action that
 * the newest verdicts or a person call harmful, and never bring back a solution that a person vetoed since.
 * @param judged iterations with evidence on the trajectory, in any order
 * @param newest the campaign's newest checkpoint
 * @returns by important state; an example of promoted actions comes last
 */
export function chooseExamples<Judged extends JudgedIteration>(
  judged: Judged[],
  newest: string,
): ChosenExample<Judged>[] {
  const fromNewest = judged.toSorted((a, b) => b.iteration - a.iteration);
  const states = new Set(fromNewest.flatMap(({ plans }) => plans.map((plan) => plan.importantState)));
  const successes = judged.flatMap(successesOf);
  return [...states]
    .sort((a, b) => (a ?? Infinity) - (b ?? Infinity))
    .flatMap((state) => {
      const found = planFor(fromNewest, state);
      if (!found) return [];
      const { plan } = found;
      const from = successes.filter(({ stateIndex }) => stateIndex === plan.rolloutFrom);
      const success = plan.rolloutFrom === null ? null : choosePositive(from);
      return [{ ...found, success, stale: restsOnVerdicts(plan) && found.judged.checkpoint !== newest }];
    });
}

/** Every success of an iteration's rollouts, as the repository keeps it. */
export function successesOf({
  iteration,
  rollouts,
}: Pick<JudgedIteration, "iteration" | "rollouts">): Success[] {
  return rollouts.flatMap(({ status, success, rolloutId, runId, stateIndex, stepCount, attempt }) =>
    status === "completed" && success === true
      ? [{ rolloutId, runId, stateIndex, stepCount, attempt, iteration }]
      : [],
  );
}

function planFor<Judged extends JudgedIteration>(fromNewest: Judged[], state: number | null) {
  const [newest] = fromNewest;
  for (const judged of fromNewest) {
    const plan = judged.plans.find(({ importantState }) => importantState === state);
    if (plan) return judged === newest || mayStillTrain(plan, newest) ? { plan, judged } : null;
    // Actions are promoted in the run a person looks at; a vetoed solution is out whatever was said before.
    if (state === null || keepsOut(judged.effective.solutions.get(state)?.state ?? "pending")) return null;
  }
  return null;
}

function mayStillTrain({ trainedSteps }: ExamplePlan, newest: JudgedIteration | undefined): boolean {
  return trainedSteps.every((stepIndex) => {
    const step = newest?.effective.steps[stepIndex];
    return step?.verdict !== "harmful" && !keepsOut(step?.decision.state ?? "pending");
  });
}

/** An agent's success from the start of a subtask: an episode it played, or the state-0 rollout of a failed trajectory. */
export type Start = Positive & { subtaskId: number };

/** The one success from the start of each subtask, so that one with many does not crowd out the others. */
export function chooseStarts<S extends Start>(starts: S[]): Map<number, S> {
  const bySubtask = new Map<number, S[]>();
  for (const start of starts) {
    const of = bySubtask.get(start.subtaskId);
    if (of) of.push(start);
    else bySubtask.set(start.subtaskId, [start]);
  }
  return new Map(
    [...bySubtask].flatMap(([subtaskId, all]) => {
      const chosen = choosePositive(all);
      return chosen ? [[subtaskId, chosen] as const] : [];
    }),
  );
}
