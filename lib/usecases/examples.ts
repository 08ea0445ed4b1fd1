import type { IterationKey } from "@/lib/core/campaign-store";
import { buildExample, cloneExample, type RenderedTrajectory } from "@/lib/core/build-example";
import { countExample, isTrainable, type DatasetCard } from "@/lib/core/dataset";
import { chooseRollout, gatherEvidence } from "@/lib/core/evidence";
import type { Example } from "@/lib/core/example";
import { planExamples, restsOnVerdicts, type ExamplePlan } from "@/lib/core/example-plan";
import { judge } from "@/lib/core/judge";
import { applyReviews, type EffectiveReviews } from "@/lib/core/review";
import type { MinedFacts, ReviewPolicy, RunRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { isFailedExpert, type Trajectory } from "@/lib/core/trajectory";
import type { Judgement } from "@/lib/core/verdict";
import { openingMessages, renderStep } from "@/lib/prompts/conversation";

type Stored = Trajectory & { environmentName: string };

/** What decides which examples a selection gives. */
export type Recipe = {
  trajectoryIds: number[];
  /** Verdicts come from this run; null means each trajectory's newest. */
  runId: number | null;
  reviewPolicy: ReviewPolicy;
  /** Whether solved expert trajectories of the selection are cloned. */
  includeSolved: boolean;
  /** Whether solutions count whose verdicts are of an older checkpoint than their campaign's newest. */
  includeStale: boolean;
  /** Solutions come from the iterations of a campaign up to this one instead. */
  iteration: IterationKey | null;
};

/**
 * Every example of a selection, in the order of trajectory id and important state, counted into `card` on the way. The
 * same facts give the same examples.
 */
export async function* examplesOf(store: Store, recipe: Recipe, card: DatasetCard): AsyncGenerator<Example> {
  const drivers = new Map((await store.environments.list()).map((row) => [row.environmentId, row.driver]));
  const runs = new Map<number, RunRow>();
  const subtasks = new Set<string>();
  for (const trajectoryId of recipe.trajectoryIds) {
    const trajectory = await store.trajectories.get(trajectoryId);
    card.waterfall.chosen += 1;
    const driverId = drivers.get(trajectory.environmentId) ?? null;
    const examples = isFailedExpert(trajectory)
      ? await minedExamples(store, recipe, trajectory, driverId, runs, card)
      : recipe.includeSolved && trajectory.source === "expert" && trajectory.success === true
        ? [cloneExample(rendered(trajectory, driverId))]
        : [];
    const kept = examples.filter(isTrainable);
    if (kept.length > 0) {
      card.waterfall.inDataset += 1;
      subtasks.add(`${trajectory.environmentName}/${trajectory.subtaskKey}`);
      card.waterfall.subtasks = subtasks.size;
    }
    for (const example of kept) {
      countExample(card, example);
      yield example;
    }
  }
}

async function minedExamples(
  store: Store,
  recipe: Recipe,
  trajectory: Stored,
  driverId: string | null,
  runs: Map<number, RunRow>,
  card: DatasetCard,
): Promise<Example[]> {
  card.waterfall.failed += 1;
  const run = await runFor(store, recipe.runId, trajectory.trajectoryId, runs);
  const facts = run
    ? (await store.facts(run.runId, [trajectory.trajectoryId])).get(trajectory.trajectoryId)
    : null;
  if (!run || !facts) return [];
  card.waterfall.mined += 1;
  const judgement = judge(trajectory.steps.length, facts, run);
  const effective = applyReviews(trajectory.steps.length, judgement, facts.reviews);
  const planned = planExamples(judgement, effective, recipe.reviewPolicy);
  countSolutions(card, judgement, effective, planned);
  const isStale = (await store.campaigns.staleness(run.runId)) !== null;
  const stale = planned.filter((plan) => isStale && restsOnVerdicts(plan));
  if (recipe.includeStale) card.stale += stale.length;
  else card.leftOut.stale += stale.length;
  const plans = recipe.includeStale ? planned : planned.filter((plan) => !stale.includes(plan));
  const base = {
    trajectory: rendered(trajectory, driverId),
    run,
    evidence: gatherEvidence(facts.rollouts),
    effective,
  };
  const examples: Example[] = [];
  for (const plan of plans) {
    const rollout = plan.rolloutFrom === null ? null : await rolloutFor(store, facts, plan.rolloutFrom);
    if (plan.rolloutFrom !== null && rollout?.steps.length === 0) card.leftOut.noSteps += 1;
    examples.push(buildExample({ ...base, plan, rollout }));
  }
  return examples;
}

/** Counts what one judgement solved, and why each of its solutions that gives no example is left out. */
export function countSolutions(
  card: DatasetCard,
  judgement: Judgement,
  effective: EffectiveReviews,
  plans: ExamplePlan[],
): void {
  if (judgement.solutions.some((s) => s.rolloutFrom !== null)) card.waterfall.withSolution += 1;
  for (const solution of judgement.solutions) {
    if (plans.some((p) => p.importantState === solution.stateIndex)) continue;
    if (solution.rolloutFrom === null) card.leftOut.unsolved += 1;
    else if (!solution.confirmed) card.leftOut.undecided += 1;
    else if (effective.solutions.get(solution.stateIndex)?.state === "vetoed") card.leftOut.vetoed += 1;
    else card.leftOut.notApproved += 1;
  }
}

async function runFor(
  store: Store,
  runId: number | null,
  trajectoryId: number,
  runs: Map<number, RunRow>,
): Promise<RunRow | null> {
  if (runId === null) return (await store.runs.of(trajectoryId))[0] ?? null;
  const run = runs.get(runId) ?? (await store.runs.get(runId));
  runs.set(runId, run);
  return run;
}

async function rolloutFor(store: Store, facts: MinedFacts, stateIndex: number) {
  const chosen = chooseRollout(facts.rollouts, stateIndex);
  if (!chosen) return null;
  const { steps } = await store.rollouts.get(chosen.rolloutId);
  const { runId, attempt } = chosen;
  return { runId, stateIndex, attempt, steps: steps.map(renderStep) };
}

/** An expert trajectory as the chat messages a model sees. */
export function rendered(trajectory: Stored, driverId: string | null): RenderedTrajectory {
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
