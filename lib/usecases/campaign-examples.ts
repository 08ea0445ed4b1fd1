import { buildExample, ownExample } from "@/lib/core/build-example";
import type { CampaignExpert, IterationKey } from "@/lib/core/campaign-store";
import type { Recipe } from "@/lib/core/dataset-recipe";
import { gatherEvidence } from "@/lib/core/evidence";
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
import type { Judgement } from "@/lib/core/verdict";
import type { Account, Built } from "./dataset-account";
import type { ExampleFacts, StoredTrajectory } from "./example-facts";
import {
  cloned,
  recordedSuccess,
  rendered,
  takesStale,
  trainable,
  weightOf,
  withSteps,
  type StepsOf,
} from "./examples";

/** Trajectories whose facts are read at once. */
const BATCH = 200;

type Judged = JudgedIteration & { run: RunRow; judgement: Judgement; facts: MinedFacts };
type Found = {
  expert: CampaignExpert;
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
  facts: ExampleFacts,
  recipe: OfIteration,
  account: Account,
): AsyncGenerator<Built> {
  const { environmentId } = await facts.campaign(recipe.iteration);
  const driver = await facts.driverOf(environmentId);
  const starts = await startsIn(facts, recipe);
  for await (const batch of expertsOf(facts, recipe)) {
    const found = batchOf(facts, batch);
    for await (const { each, stepsOf } of found) {
      account.card.waterfall.chosen += 1;
      if (!each.trajectory.success)
        yield* trainable(minedExamples(recipe, { ...each, driver, stepsOf }, starts, account));
      else if (recipe.includeSolved) yield* trainable([cloned(rendered(each.trajectory, driver))]);
    }
  }
  const episodes = [...starts.values()].filter(({ isEpisode }) => isEpisode);
  const ids = episodes.map(({ trajectoryId }) => trajectoryId).sort((a, b) => a - b);
  for await (const batch of facts.trajectories(ids))
    for (const trajectory of batch) {
      const example = ownExample(rendered(trajectory, driver), trajectory.model ?? "");
      yield* trainable([{ example, ...recordedSuccess }]);
    }
}

/** Experts with their trajectories and the steps of the successes chosen for them. */
async function* batchOf(facts: ExampleFacts, experts: Found[]) {
  const found = new Map(experts.map((each) => [each.expert.trajectoryId, each]));
  for await (const batch of facts.trajectories([...found.keys()])) {
    const all = batch.flatMap((trajectory) => {
      const of = found.get(trajectory.trajectoryId);
      return of ? [{ ...of, trajectory }] : [];
    });
    yield* withSteps(facts, all, ({ chosen }) => chosen.flatMap(({ success }) => success?.rolloutId ?? []));
  }
}

type OfIteration = Recipe & { iteration: IterationKey };

/**
 * The one success from the start of each subtask. The agent's own episodes cannot be reviewed, so where only what a person
 * approved counts they do not.
 */
async function startsIn(facts: ExampleFacts, recipe: OfIteration) {
  const mined = [];
  for await (const batch of expertsOf(facts, recipe))
    for (const { expert, chosen } of batch)
      for (const { plan, success } of chosen)
        if (plan.kind === "rft" && success) {
          const { subtaskId, trajectoryId } = expert;
          mined.push({ ...success, subtaskId, trajectoryId, isEpisode: false });
        }
  const episodes = recipe.reviewPolicy === "approved" ? [] : (await facts.campaign(recipe.iteration)).starts;
  return chooseStarts([...mined, ...episodes.map((each) => ({ ...each, isEpisode: true }))]);
}

type Read = Found & { trajectory: StoredTrajectory; driver: string | null; stepsOf: StepsOf };

function minedExamples(
  recipe: Recipe,
  { expert: { subtaskId }, trajectory, judged, chosen, driver, stepsOf }: Read,
  starts: Awaited<ReturnType<typeof startsIn>>,
  account: Account,
): Built[] {
  const { trajectoryId } = trajectory;
  account.card.waterfall.failed += 1;
  const [newest] = judged;
  if (!newest) return [];
  account.card.waterfall.mined += 1;
  account.addJudged(trajectoryId, { ...newest, plans: chosen.map(({ plan }) => plan) });
  const start = starts.get(subtaskId);
  const built: Built[] = [];
  for (const { plan, judged: by, success, stale } of chosen) {
    if (plan.importantState === 0 && start && start.trajectoryId !== trajectoryId) {
      account.leaveOut({ trajectoryId, importantState: 0, reason: "otherStart", reviewer: null });
      continue;
    }
    const { effective } = by;
    if (stale && !takesStale(recipe, plan, trajectoryId, { account, effective })) continue;
    const steps = success ? stepsOf(success.rolloutId) : [];
    if (success && steps.length === 0) account.card.leftOut.noSteps += 1;
    const evidence = gatherEvidence(by.facts.rollouts);
    const rollout = success && { ...success, steps };
    const about = { trajectory: rendered(trajectory, driver), run: by.run, effective };
    const example = buildExample({ ...about, evidence, plan, rollout });
    built.push({ example, ...weightOf(plan, by.judgement), stale });
  }
  return built;
}

/** The campaign's expert trajectories with what its iterations up to one found on them. */
async function* expertsOf(facts: ExampleFacts, recipe: OfIteration): AsyncGenerator<Found[]> {
  const { newest, iterations, experts: all } = await facts.campaign(recipe.iteration);
  const wanted = new Set(recipe.trajectoryIds);
  const experts = all.filter((each) => wanted.has(each.trajectoryId));
  for (let i = 0; i < experts.length; i += BATCH) {
    const batch = experts.slice(i, i + BATCH);
    const failed = batch.filter(({ success }) => success === false).map(({ trajectoryId }) => trajectoryId);
    const mined = await Promise.all(
      iterations.map(async (each) => ({ ...each, facts: await facts.mined(each.run.runId, failed) })),
    );
    yield batch.flatMap((expert) => {
      const { trajectoryId, success, stepCount } = expert;
      if (success === null) return [];
      const judged = mined.flatMap(({ iteration, run, facts: found }) => {
        const of = found.get(trajectoryId);
        return of ? judgedBy(iteration, run, of, stepCount, recipe) : [];
      });
      return [{ expert, judged, chosen: chooseExamples(judged, newest) }];
    });
  }
}

/** Nothing where no rollout was completed: then the iteration says nothing of the trajectory. */
function judgedBy(
  iteration: number,
  run: RunRow,
  facts: MinedFacts,
  length: number,
  { reviewPolicy, includeUndecided }: Recipe,
): Judged[] {
  const { rollouts } = facts;
  if (!rollouts.some(({ status }) => status === "completed")) return [];
  const judgement = judge(length, facts, run);
  const effective = applyReviews(length, judgement, facts.reviews);
  const plans = planExamples(judgement, effective, reviewPolicy, includeUndecided);
  return [{ iteration, checkpoint: run.checkpoint, plans, effective, rollouts, run, judgement, facts }];
}
