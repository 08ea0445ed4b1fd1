import { buildExample, cloneExample, ownExample } from "@/lib/core/build-example";
import { newestCheckpoint } from "@/lib/core/campaign";
import type { IterationKey } from "@/lib/core/campaign-store";
import { countExample, isTrainable, type DatasetCard } from "@/lib/core/dataset";
import { gatherEvidence } from "@/lib/core/evidence";
import type { Example } from "@/lib/core/example";
import { planExamples } from "@/lib/core/example-plan";
import { judge } from "@/lib/core/judge";
import {
  chooseExamples,
  chooseStarts,
  type ChosenExample,
  type JudgedIteration,
} from "@/lib/core/repository";
import { applyReviews } from "@/lib/core/review";
import type { MinedFacts, RunRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Trajectory } from "@/lib/core/trajectory";
import type { Judgement } from "@/lib/core/verdict";
import { renderStep } from "@/lib/prompts/conversation";
import { countSolutions, rendered, type Recipe } from "./examples";

/** Trajectories whose facts are read at once. */
const BATCH = 200;

type Stored = Trajectory & { environmentName: string };
type Judged = JudgedIteration & { run: RunRow; judgement: Judgement; facts: MinedFacts };
type Found = {
  trajectory: Stored;
  subtaskId: number;
  /** The newest first. */
  judged: Judged[];
  chosen: ChosenExample<Judged>[];
};

/**
 * D_k: every success of the expert, then one solution per important state out of all iterations up to k, of which the start
 * of a subtask is one: where the agent ever succeeded from it, that success is its solution and no expert action is
 * trained for it. In the order of trajectory ids; the agent's own episodes come last. The same facts give the same examples.
 */
export async function* campaignExamples(
  store: Store,
  recipe: Recipe & { iteration: IterationKey },
  card: DatasetCard,
): AsyncGenerator<Example> {
  const { environmentId } = await store.campaigns.get(recipe.iteration.campaignId);
  const { driver } = await store.environments.get(environmentId);
  const subtasks = new Set<string>();
  const kept = (example: Example): Example[] => {
    if (!isTrainable(example)) return [];
    subtasks.add(example.subtaskKey);
    card.waterfall.subtasks = subtasks.size;
    countExample(card, example);
    return [example];
  };
  const starts = await startsIn(store, recipe);
  for await (const found of expertsOf(store, recipe)) {
    const { trajectory } = found;
    card.waterfall.chosen += 1;
    const examples = trajectory.success
      ? recipe.includeSolved
        ? [cloneExample(rendered(trajectory, driver))]
        : []
      : await minedExamples(store, recipe, { ...found, driver }, starts, card);
    const trained = examples.flatMap(kept);
    if (trained.length > 0) card.waterfall.inDataset += 1;
    yield* trained;
  }
  const episodes = [...starts.values()].filter(({ isEpisode }) => isEpisode);
  for (const { trajectoryId } of episodes.toSorted((a, b) => a.trajectoryId - b.trajectoryId)) {
    const trajectory = await store.trajectories.get(trajectoryId);
    yield* kept(ownExample(rendered(trajectory, driver), trajectory.model ?? ""));
  }
}

/**
 * The one success from the start of each subtask. The agent's own episodes cannot be reviewed, so where only what a person
 * approved counts they do not.
 */
async function startsIn(store: Store, recipe: Recipe & { iteration: IterationKey }) {
  const mined = [];
  for await (const { trajectory, subtaskId, chosen } of expertsOf(store, recipe))
    for (const { plan, success } of chosen)
      if (plan.kind === "rft" && success)
        mined.push({ ...success, subtaskId, trajectoryId: trajectory.trajectoryId, isEpisode: false });
  const episodes = recipe.reviewPolicy === "approved" ? [] : await store.campaigns.starts(recipe.iteration);
  return chooseStarts([...mined, ...episodes.map((each) => ({ ...each, isEpisode: true }))]);
}

async function minedExamples(
  store: Store,
  { includeStale }: Recipe,
  { trajectory, subtaskId, judged, chosen, driver }: Found & { driver: string | null },
  starts: Awaited<ReturnType<typeof startsIn>>,
  card: DatasetCard,
): Promise<Example[]> {
  card.waterfall.failed += 1;
  const [newest] = judged;
  if (!newest) return [];
  card.waterfall.mined += 1;
  countSolutions(
    card,
    newest.judgement,
    newest.effective,
    chosen.map(({ plan }) => plan),
  );
  const start = starts.get(subtaskId);
  const examples: Example[] = [];
  for (const { plan, judged: by, success, stale } of chosen) {
    if (plan.importantState === 0 && start && start.trajectoryId !== trajectory.trajectoryId) continue;
    if (stale && !includeStale) {
      card.leftOut.stale += 1;
      continue;
    }
    if (stale) card.stale += 1;
    const steps = success ? (await store.rollouts.get(success.rolloutId)).steps.map(renderStep) : [];
    if (success && steps.length === 0) card.leftOut.noSteps += 1;
    const evidence = gatherEvidence(by.facts.rollouts);
    const rollout = success && { ...success, steps };
    const about = { trajectory: rendered(trajectory, driver), run: by.run, effective: by.effective };
    examples.push(buildExample({ ...about, evidence, plan, rollout }));
  }
  return examples;
}

/** The campaign's expert trajectories with what its iterations up to one found on them. */
async function* expertsOf(store: Store, recipe: Recipe & { iteration: IterationKey }): AsyncGenerator<Found> {
  const { campaignId, iteration } = recipe.iteration;
  const iterations = await store.campaigns.iterations(campaignId);
  const newest = newestCheckpoint(iterations) ?? "";
  const asked = iterations.filter((each) => each.iteration <= iteration && each.runId !== null).reverse();
  const runs = await Promise.all(
    asked.map(async (each) => ({ iteration: each.iteration, run: await store.runs.get(each.runId ?? 0) })),
  );
  const wanted = new Set(recipe.trajectoryIds);
  const experts = (await store.campaigns.experts(campaignId)).filter((each) => wanted.has(each.trajectoryId));
  for (let i = 0; i < experts.length; i += BATCH) {
    const batch = experts.slice(i, i + BATCH);
    const failed = batch.filter(({ success }) => success === false).map(({ trajectoryId }) => trajectoryId);
    const mined = await Promise.all(
      runs.map(async (each) => ({ ...each, facts: await store.facts(each.run.runId, failed) })),
    );
    for (const { trajectoryId, subtaskId, success } of batch) {
      if (success === null) continue;
      const trajectory = await store.trajectories.get(trajectoryId);
      const judged = mined.flatMap(({ iteration, run, facts }) => {
        const of = facts.get(trajectoryId);
        return of ? judgedBy(iteration, run, of, trajectory.steps.length, recipe) : [];
      });
      yield { trajectory, subtaskId, judged, chosen: chooseExamples(judged, newest) };
    }
  }
}

/** Nothing where no rollout was completed: then the iteration says nothing of the trajectory. */
function judgedBy(
  iteration: number,
  run: RunRow,
  facts: MinedFacts,
  length: number,
  { reviewPolicy }: Recipe,
): Judged[] {
  const { rollouts } = facts;
  if (!rollouts.some(({ status }) => status === "completed")) return [];
  const judgement = judge(length, facts, run);
  const effective = applyReviews(length, judgement, facts.reviews);
  const plans = planExamples(judgement, effective, reviewPolicy);
  return [{ iteration, checkpoint: run.checkpoint, plans, effective, rollouts, run, judgement, facts }];
}
