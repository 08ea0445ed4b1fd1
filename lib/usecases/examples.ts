import { buildExample, cloneExample, type RenderedTrajectory } from "@/lib/core/build-example";
import { isTrainable } from "@/lib/core/dataset";
import type { Recipe } from "@/lib/core/dataset-recipe";
import { chooseRollout, gatherEvidence } from "@/lib/core/evidence";
import { planExamples, restsOnVerdicts, type ExamplePlan } from "@/lib/core/example-plan";
import { judge } from "@/lib/core/judge";
import { approvedIn } from "@/lib/core/left-out";
import { applyReviews, type EffectiveReviews } from "@/lib/core/review";
import type { MinedFacts, RunRow } from "@/lib/core/rows";
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
  for (const trajectoryId of recipe.trajectoryIds) {
    const trajectory = await facts.trajectory(trajectoryId);
    account.card.waterfall.chosen += 1;
    const driver = await facts.driverOf(trajectory.environmentId);
    if (isFailedExpert(trajectory))
      yield* await minedExamples(facts, recipe, { trajectory, driver }, account);
    else if (recipe.includeSolved && trajectory.source === "expert" && trajectory.success === true)
      yield* trainable([cloned(rendered(trajectory, driver))]);
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

type Found = { trajectory: StoredTrajectory; driver: string | null };

async function minedExamples(
  facts: ExampleFacts,
  recipe: Recipe,
  { trajectory, driver }: Found,
  account: Account,
): Promise<Built[]> {
  const { trajectoryId } = trajectory;
  account.card.waterfall.failed += 1;
  const found = await minedIn(facts, recipe, trajectoryId);
  if (!found) return [];
  account.card.waterfall.mined += 1;
  const { run, mined } = found;
  const length = trajectory.steps.length;
  const judgement = judge(length, mined, run);
  const effective = applyReviews(length, judgement, mined.reviews);
  const plans = planExamples(judgement, effective, recipe.reviewPolicy, recipe.includeUndecided);
  account.addJudged(trajectoryId, { judgement, effective, plans });
  const isStale = await facts.isStale(run.runId);
  const base = { trajectory: rendered(trajectory, driver), run, effective };
  const evidence = gatherEvidence(mined.rollouts);
  const built: Built[] = [];
  for (const plan of plans) {
    const stale = isStale && restsOnVerdicts(plan);
    if (stale && !takesStale(recipe, plan, trajectoryId, { account, effective })) continue;
    const rollout = plan.rolloutFrom === null ? null : await rolloutFor(facts, mined, plan.rolloutFrom);
    if (plan.rolloutFrom !== null && rollout?.steps.length === 0) account.card.leftOut.noSteps += 1;
    const example = buildExample({ ...base, evidence, plan, rollout });
    built.push({ example, ...weightOf(plan, judgement), stale });
  }
  return trainable(built);
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

/** What a run found on a trajectory: the run asked for, else the newest that there is evidence in. */
async function minedIn(
  facts: ExampleFacts,
  { runId, runIds }: Recipe,
  trajectoryId: number,
): Promise<{ run: RunRow; mined: MinedFacts } | null> {
  const of = async (run: RunRow) => {
    const mined = (await facts.mined(run.runId, [trajectoryId])).get(trajectoryId);
    return mined ? { run, mined } : null;
  };
  if (runId !== null) return of(await facts.run(runId));
  const runs = await facts.runsOf(trajectoryId);
  if (runIds.length === 0) return runs[0] ? of(runs[0]) : null;
  for (const run of runs.filter((each) => runIds.includes(each.runId))) {
    const found = await of(run);
    if (found?.mined.rollouts.some(({ status }) => status === "completed")) return found;
  }
  return null;
}

async function rolloutFor(facts: ExampleFacts, mined: MinedFacts, stateIndex: number) {
  const chosen = chooseRollout(mined.rollouts, stateIndex);
  if (!chosen) return null;
  const steps = await facts.stepsOf(chosen.rolloutId);
  const { runId, attempt } = chosen;
  return { runId, stateIndex, attempt, steps: steps.map(renderStep) };
}

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
