import {
  buildExample,
  cloneExample,
  type RenderedStep,
  type RenderedTrajectory,
} from "@/lib/core/build-example";
import { isTrainable } from "@/lib/core/dataset";
import type { Recipe } from "@/lib/core/dataset-recipe";
import { chooseRollout, gatherEvidence } from "@/lib/core/evidence";
import { planExamples, restsOnVerdicts, type ExamplePlan } from "@/lib/core/example-plan";
import { groupBy } from "@/lib/core/group-by";
import { judge } from "@/lib/core/judge";
import { approvedIn } from "@/lib/core/left-out";
import { applyReviews, type EffectiveReviews } from "@/lib/core/review";
import type { MinedFacts, RolloutRow, RunRow } from "@/lib/core/rows";
import { isFailedExpert } from "@/lib/core/trajectory";
import { segmentOf, type Judgement } from "@/lib/core/verdict";
import { openingMessages, renderStep } from "@/lib/prompts/conversation";
import type { Account, Built } from "./dataset-account";
import type { ExampleFacts, StoredTrajectory } from "./example-facts";

/**
 * Every example of a selection, in the order of trajectory id and important state; what is left out goes to the account
 * on the way. The same facts give the same examples.
 */
export async function* examplesOf(
  facts: ExampleFacts,
  recipe: Recipe,
  account: Account,
): AsyncGenerator<Built> {
  for await (const batch of facts.trajectories(recipe.trajectoryIds)) {
    const failed = batch.filter(isFailedExpert).map(({ trajectoryId }) => trajectoryId);
    const mined = await minedIn(facts, recipe, failed);
    const found: Found[] = [];
    for (const trajectory of batch) {
      const driver = await facts.driverOf(trajectory.environmentId);
      const of = mined.get(trajectory.trajectoryId);
      found.push({ trajectory, driver, judged: of ? judgedBy(recipe, trajectory, of) : null });
    }
    for await (const { each, stepsOf } of withSteps(facts, found, rolloutsOf)) {
      const { trajectory, driver, judged } = each;
      account.card.waterfall.chosen += 1;
      if (isFailedExpert(trajectory)) {
        account.card.waterfall.failed += 1;
        if (judged) yield* minedExamples(recipe, { trajectory, driver, judged }, stepsOf, account);
      } else if (recipe.includeSolved && trajectory.source === "expert" && trajectory.success === true)
        yield* trainable([cloned(rendered(trajectory, driver))]);
    }
  }
}

/** How sure the evidence is of what needs none. */
export const recordedSuccess = { confirmed: true, probability: 1, stale: false };

/** A solved expert trajectory, trained whole. */
export const cloned = (trajectory: RenderedTrajectory): Built => ({
  example: cloneExample(trajectory),
  ...recordedSuccess,
});

export const trainable = (built: Built[]): Built[] => built.filter(({ example }) => isTrainable(example));

/** What a run found on a trajectory. */
type Mined = { run: RunRow; stale: boolean; mined: MinedFacts };
type Judged = Mined & {
  judgement: Judgement;
  effective: EffectiveReviews;
  /** Each with the rollout it ends with, where it is taken. */
  plans: { plan: ExamplePlan; stale: boolean; chosen: RolloutRow | null }[];
};
type Found = { trajectory: StoredTrajectory; driver: string | null; judged: Judged | null };

function judgedBy(recipe: Recipe, { steps }: StoredTrajectory, of: Mined): Judged {
  const { run, mined } = of;
  const judgement = judge(steps.length, mined, run);
  const effective = applyReviews(steps.length, judgement, mined.reviews);
  const plans = planExamples(judgement, effective, recipe.reviewPolicy, recipe.includeUndecided);
  const chosen = plans.map((plan) => {
    const stale = of.stale && restsOnVerdicts(plan);
    const isOut = plan.rolloutFrom === null || (stale && !recipe.includeStale);
    return { plan, stale, chosen: isOut ? null : chooseRollout(mined.rollouts, plan.rolloutFrom ?? 0) };
  });
  return { ...of, judgement, effective, plans: chosen };
}

const rolloutsOf = ({ judged }: Found): number[] =>
  judged ? judged.plans.flatMap(({ chosen }) => (chosen ? [chosen.rolloutId] : [])) : [];

function minedExamples(
  recipe: Recipe,
  { trajectory, driver, judged }: Found & { judged: Judged },
  stepsOf: StepsOf,
  account: Account,
): Built[] {
  const { trajectoryId } = trajectory;
  const { run, mined, judgement, effective, plans } = judged;
  account.card.waterfall.mined += 1;
  account.addJudged(trajectoryId, { judgement, effective, plans: plans.map(({ plan }) => plan) });
  const base = { trajectory: rendered(trajectory, driver), run, effective };
  const evidence = gatherEvidence(mined.rollouts);
  const built: Built[] = [];
  for (const { plan, stale, chosen } of plans) {
    if (stale && !takesStale(recipe, plan, trajectoryId, { account, effective })) continue;
    const rollout = chosen && { ...chosen, steps: stepsOf(chosen.rolloutId) };
    if (rollout?.steps.length === 0) account.card.leftOut.noSteps += 1;
    const example = buildExample({ ...base, evidence, plan, rollout });
    built.push({ example, ...weightOf(plan, judgement), stale });
  }
  return trainable(built);
}

/** Rollouts whose steps are read at once. */
const ROLLOUTS = 100;

export type StepsOf = (rolloutId: number) => RenderedStep[];

/** Each of some things in order, with the steps of the rollouts it asks for, which are read for several at once. */
export async function* withSteps<T>(
  facts: ExampleFacts,
  all: T[],
  rolloutsOf: (each: T) => number[],
): AsyncGenerator<{ each: T; stepsOf: StepsOf }> {
  let [part, ids] = [new Array<T>(), new Array<number>()];
  for (const [i, each] of all.entries()) {
    part.push(each);
    ids.push(...rolloutsOf(each));
    if (ids.length < ROLLOUTS && i < all.length - 1) continue;
    const steps = await facts.stepsOf(ids);
    const stepsOf = (rolloutId: number) => (steps.get(rolloutId) ?? []).map(renderStep);
    for (const each of part) yield { each, stepsOf };
    [part, ids] = [[], []];
  }
}

/** Whether a stale plan is taken all the same; what is not is left out or refused. */
export function takesStale(
  { includeStale }: Recipe,
  { importantState, trainedSteps }: ExamplePlan,
  trajectoryId: number,
  { account, effective }: { account: Account; effective: EffectiveReviews },
): boolean {
  if (includeStale) return true;
  const approved = approvedIn(trainedSteps.flatMap((stepIndex) => effective.steps[stepIndex] ?? []));
  account.addStale({
    trajectoryId,
    importantState,
    approved: approved.map(({ stepIndex }) => stepIndex),
    approvedBy: approved[0]?.decision.reviewer ?? null,
  });
  return false;
}

/** How sure the evidence is of a plan: what ranks it among others of its subtask. */
export function weightOf(
  { kind, importantState }: ExamplePlan,
  { solutions, segments }: Judgement,
): Pick<Built, "confirmed" | "probability"> {
  if (kind === "promoted") return { confirmed: true, probability: 0 };
  const solution = solutions.find(({ stateIndex }) => stateIndex === importantState);
  const part = solution?.expertPart;
  const probability = part ? (segmentOf(segments, part.from)?.probability ?? 0) : 1;
  return { confirmed: solution?.confirmed ?? true, probability };
}

/** What a run found on each trajectory: the run asked for, else the newest that there is evidence in. */
async function minedIn(
  facts: ExampleFacts,
  { runId, runIds }: Recipe,
  trajectoryIds: number[],
): Promise<Map<number, Mined>> {
  const found = new Map<number, Mined>();
  const look = async (runId: number, ids: number[], isEnough = (_: MinedFacts) => true) => {
    const [run, stale] = [await facts.run(runId), await facts.isStale(runId)];
    for (const [trajectoryId, mined] of await facts.mined(runId, ids))
      if (isEnough(mined)) found.set(trajectoryId, { run, stale, mined });
  };
  if (trajectoryIds.length === 0) return found;
  if (runId !== null) {
    await look(runId, trajectoryIds);
    return found;
  }
  const runsOf = await facts.runsOf(trajectoryIds);
  const wanted = new Set(runIds);
  const runs = new Map(
    [...runsOf].map(([id, of]) => [
      id,
      wanted.size > 0 ? of.filter(({ runId: r }) => wanted.has(r)) : of.slice(0, 1),
    ]),
  );
  const isEnough = wanted.size > 0 ? hasEvidence : undefined;
  // The newest of each first; those it says nothing of are asked of the one before.
  for (let rank = 0, open = trajectoryIds; open.length > 0; rank++) {
    const next = groupBy(
      open.filter((id) => runs.get(id)?.[rank]),
      (id) => runs.get(id)?.[rank]?.runId ?? 0,
    );
    for (const [of, ids] of next) await look(of, ids, isEnough);
    open = [...next.values()].flat().filter((id) => !found.has(id));
  }
  return found;
}

const hasEvidence = ({ rollouts }: MinedFacts): boolean =>
  rollouts.some(({ status }) => status === "completed");

/** An expert trajectory as the chat messages a model sees. */
export function rendered(trajectory: StoredTrajectory, driverId: string | null): RenderedTrajectory {
  const { instruction, opening, trajectoryId, contentHash, subtaskKey, tools, environmentName } = trajectory;
  return {
    trajectoryId,
    contentHash,
    subtaskKey,
    tools,
    environmentName,
    opening: openingMessages({ driverId, instruction, opening }),
    steps: trajectory.steps.map(renderStep),
  };
}
