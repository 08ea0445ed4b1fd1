import { z } from "zod";
import type { IterationKey } from "@/lib/core/campaign-store";
import { Budget, CollectionConfig, SubtaskChoice } from "@/lib/core/collection";
import { AppError } from "@/lib/core/errors";
import type {
  CollectionProgress,
  CollectionRow,
  EpisodeRow,
  Page,
  PolicyRow,
  SubtaskCount,
} from "@/lib/core/rows";
import { sources } from "@/lib/core/trajectory";
import type { Deps } from "./deps";
import { checkEnvironment } from "./environments";
import { connectPolicy } from "./policies";

const PAGE = 50;
/** Jobs handed out at the start; the sweep asks for more where more may run at once. */
const TURNS = 32;

const Id = z.number().int().positive();

/** Which subtasks to play, who plays them, and what that may cost. */
export const CollectionInput = z.strictObject({
  name: z.string().trim().max(200).default(""),
  environmentId: Id,
  policyId: Id,
  /** What its trajectories count as. */
  source: z.enum(sources).default("expert"),
  choice: SubtaskChoice.prefault({}),
  config: CollectionConfig.omit({ choice: true }).partial().default({}),
  budget: Budget.prefault({}),
});
export type CollectionInput = z.input<typeof CollectionInput>;

export type CollectionPlan = { subtasks: number; episodes: number; maxCalls: number };

/** What a collection would do, before it is started: episodes, and the most model calls they can cost. */
export async function planCollection(
  { store }: Pick<Deps, "store">,
  { environmentId, choice, config, budget }: z.output<typeof CollectionInput>,
): Promise<CollectionPlan> {
  const { attempts, maxSteps } = CollectionConfig.parse({ ...config, choice });
  const subtasks = await store.collections.chosen(environmentId, choice);
  const episodes = subtasks * attempts;
  return { subtasks, episodes, maxCalls: Math.min(episodes * maxSteps, budget.maxCalls ?? Infinity) };
}

/**
 * Starts a collection: writes it with its episodes, then hands turns at playing them to the workers. Nothing is connected
 * but the policy, so that this answers at once; only an environment whose subtasks were never listed is asked for them.
 * @param iteration the iteration of a campaign that plays it
 * @throws AppError not_replayable for an environment without a driver, invalid_input for a choice without subtasks or a
 * budget that allows no episode
 */
export async function startCollection(
  deps: Deps,
  personId: number,
  input: z.output<typeof CollectionInput>,
  iteration?: IterationKey,
): Promise<CollectionRow> {
  const { environmentId, choice, budget, source } = input;
  const { row, policy } = await connectPolicy(deps, input.policyId);
  const config = CollectionConfig.parse({ ...input.config, choice });
  demandRoom(budget, config.maxSteps);
  const environment = await deps.store.environments.get(environmentId);
  if (environment.driver === null)
    throw new AppError(
      "not_replayable",
      `environment “${environment.name}” has no driver: nothing can be played in it`,
      {
        fix: "give it a driver on the environments page",
      },
    );
  if ((await deps.store.collections.subtaskCounts(environmentId)).length === 0)
    await checkEnvironment(deps, environmentId);
  const collection = await deps.store.collections.create({
    name: input.name || `${row.name} in ${environment.name}`,
    environmentId,
    policyId: row.policyId,
    checkpoint: policy.checkpoint,
    source,
    config,
    budget,
    personId,
    iteration,
  });
  await enqueue(deps, collection);
  return collection;
}

function demandRoom({ maxCalls }: Budget, maxSteps: number): void {
  if (maxCalls !== null && maxCalls < maxSteps)
    throw new AppError(
      "invalid_input",
      `a budget of ${maxCalls} calls does not allow an episode of ${maxSteps} steps`,
      {
        fix: `allow at least ${maxSteps} calls, or shorter episodes`,
      },
    );
}

async function enqueue(
  { queue }: Pick<Deps, "queue">,
  { collectionId, config }: CollectionRow,
): Promise<void> {
  for (let turn = 0; turn < Math.min(config.concurrency, TURNS); turn++)
    await queue.send("collect-episodes", { collectionId, turn });
}

/** Stops a collection: no episode is claimed any more, running ones are given up; what was recorded stays. */
export async function cancelCollection({ store }: Pick<Deps, "store">, collectionId: number): Promise<void> {
  if (!(await store.collections.cancel(collectionId)))
    throw new AppError("conflict", `collection ${collectionId} is not running`);
}

/**
 * Goes on with a cancelled collection or one whose budget was used up, or tries its errored episodes again.
 * @param budget replaces the one it had
 * @returns how many episodes are played again
 */
export async function resumeCollection(
  deps: Pick<Deps, "store" | "queue">,
  collectionId: number,
  statuses: ("errored" | "cancelled" | "skipped")[],
  budget?: Budget,
): Promise<number> {
  const episodes = await deps.store.collections.requeue(collectionId, statuses, budget);
  if (episodes > 0) await enqueue(deps, await deps.store.collections.get(collectionId));
  return episodes;
}

export type CollectionView = {
  collection: CollectionRow;
  policy: PolicyRow;
  progress: CollectionProgress;
  errors: { code: string; message: string; episodes: number; subtaskKey: string }[];
};

/** A collection, how far it is, and what broke. @throws AppError not_found */
export async function collectionView(
  { store }: Pick<Deps, "store">,
  collectionId: number,
): Promise<CollectionView> {
  const collection = await store.collections.get(collectionId);
  const [policy, progress, errors] = await Promise.all([
    store.policies.get(collection.policyId),
    store.collections.progress(collectionId),
    store.collections.errors(collectionId),
  ]);
  return { collection, policy, progress, errors };
}

/** Collections, newest first, each with its progress. */
export function listCollections(
  { store }: Pick<Deps, "store">,
  cursor: string | null,
): Promise<Page<CollectionRow & { progress: CollectionProgress }>> {
  return store.collections.list(cursor, PAGE);
}

/** The episodes of a collection, in the order they are played. */
export function collectionEpisodes(
  { store }: Pick<Deps, "store">,
  collectionId: number,
  cursor: string | null,
): Promise<Page<EpisodeRow>> {
  return store.collections.episodes(collectionId, cursor, PAGE);
}

/** Environments that something can be played in, each with what there is to choose from. */
export async function playableEnvironments({
  store,
}: Pick<Deps, "store">): Promise<{ environmentId: number; name: string; subtasks: SubtaskCount[] }[]> {
  const rows = (await store.environments.list()).filter(({ driver }) => driver !== null);
  return Promise.all(
    rows.map(async ({ environmentId, name }) => ({
      environmentId,
      name,
      subtasks: await store.collections.subtaskCounts(environmentId),
    })),
  );
}
