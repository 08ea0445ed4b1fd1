import { buildReviewRows } from "@/lib/core/build-review-rows";
import type { Review } from "@/lib/core/review";
import type { ReviewRows, StepText } from "@/lib/core/review-rows";
import type {
  CappedCount,
  Page,
  Rollout,
  TrajectoryFilter,
  TrajectoryListRow,
  TrajectorySort,
} from "@/lib/core/rows";
import type { StoredCritiques } from "@/lib/core/strategies/rows";
import type { FoundPassage } from "@/lib/core/words";
import type { Deps } from "./deps";

const PAGE = 100;
const COUNT_CAP = 1000;

/** So many more stretches of a list are looked at to fill a page. */
const MOST_PARTS = 12;

/** One page of the trajectory list, where it says the words looked for, and how many match, exact up to 1,000. */
export async function listTrajectories(
  { store }: Pick<Deps, "store">,
  filter: TrajectoryFilter,
  sort: TrajectorySort,
  cursor: string | null,
  limit = PAGE,
): Promise<{ page: Page<TrajectoryListRow>; count: CappedCount; passages: FoundPassage[] }> {
  const [page, count] = await Promise.all([
    store.trajectories.list(filter, sort, cursor, limit),
    store.trajectories.count(filter, COUNT_CAP),
  ]);
  const shown = page.rows.map(({ trajectoryId }) => trajectoryId);
  const passages = filter.said === null ? [] : await store.trajectories.passages(shown, filter.said);
  return { page, count, passages };
}

type Listed = { page: Page<TrajectoryListRow>; passages: FoundPassage[] };

/** Whether a page is short though more may follow: words were looked for in as many trajectories as a page may take. */
export const isShort = ({ rows, next }: Page<unknown>): boolean => rows.length < PAGE && next !== null;

/** The same page with what follows, until it is full or much was looked at. */
export async function fillPage(
  { store }: Pick<Deps, "store">,
  filter: TrajectoryFilter,
  sort: TrajectorySort,
  short: Listed,
): Promise<Listed> {
  const rows = [...short.page.rows];
  let next = short.page.next;
  for (let part = 0; part < MOST_PARTS && isShort({ rows, next }); part++) {
    const more = await store.trajectories.list(filter, sort, next, PAGE - rows.length);
    rows.push(...more.rows);
    next = more.next;
  }
  const shown = rows.slice(short.page.rows.length).map(({ trajectoryId }) => trajectoryId);
  const passages = filter.said === null ? [] : await store.trajectories.passages(shown, filter.said);
  return { page: { rows, next }, passages: [...short.passages, ...passages] };
}

export type Facets = {
  environments: { environmentId: number; name: string }[];
  models: string[];
  runs: { runId: number; name: string; checkpoint: string }[];
};

/** What the list can be filtered by. */
export async function listFacets({ store }: Pick<Deps, "store">): Promise<Facets> {
  const [environments, models, runs] = await Promise.all([
    store.environments.list(),
    store.trajectories.models(),
    store.runs.names(PAGE),
  ]);
  return {
    environments: environments.map(({ environmentId, name }) => ({ environmentId, name })),
    models,
    runs,
  };
}

/**
 * The review page of a trajectory as one run judges it.
 * @param runId null for the newest run that looked at it
 * @param votes decisions to show instead of those that are stored
 * @throws AppError not_found
 */
export async function reviewRows(
  { store }: Pick<Deps, "store">,
  trajectoryId: number,
  runId: number | null,
  votes?: Review[],
): Promise<ReviewRows> {
  const [trajectory, runs, replay, critiques] = await Promise.all([
    store.trajectories.about(trajectoryId),
    store.runs.of(trajectoryId),
    store.replays.get(trajectoryId),
    critiquesOf(store, trajectoryId),
  ]);
  const known = runId === null ? runs[0] : runs.find((run) => run.runId === runId);
  const run = known ?? (runId === null ? null : await store.runs.get(runId));
  const [stored, staleness] = run
    ? await Promise.all([
        store.facts(run.runId, [trajectoryId]).then((facts) => facts.get(trajectoryId) ?? null),
        store.campaigns.staleness(run.runId),
      ])
    : [null, null];
  const facts = stored && votes ? { ...stored, reviews: votes } : stored;
  const stale = facts ? staleness : null;
  return buildReviewRows({ trajectory, run: facts ? run : null, runs, facts, replay, stale, critiques });
}

async function critiquesOf(store: Deps["store"], trajectoryId: number): Promise<StoredCritiques> {
  const [newest] = await store.critiques.of(trajectoryId, 1);
  if (!newest) return { counting: null, newest: null };
  if (newest.status === "completed") return { counting: newest, newest };
  return { counting: (await store.critiques.newest([trajectoryId])).get(trajectoryId) ?? null, newest };
}

const STEPS_AT_ONCE = 50;
const CHARS_AT_ONCE = 400_000;
const FOUND_AT_MOST = 2000;

/**
 * What was seen, thought and done from a step on: as many steps as are read at once, one at least.
 * @param maxChars of text in all, at most 400,000
 */
export async function stepTexts(
  { store }: Pick<Deps, "store">,
  trajectoryId: number,
  from: number,
  maxChars = CHARS_AT_ONCE,
): Promise<StepText[]> {
  return store.trajectories.texts(trajectoryId, from, STEPS_AT_ONCE, Math.min(maxChars, CHARS_AT_ONCE));
}

/** The first 2,000 steps of a trajectory that hold a text, ascending. */
export async function findSteps(
  { store }: Pick<Deps, "store">,
  trajectoryId: number,
  text: string,
): Promise<number[]> {
  return store.trajectories.find(trajectoryId, text, FOUND_AT_MOST);
}

/** A rollout with its steps. @throws AppError not_found */
export async function getRollout({ store }: Pick<Deps, "store">, rolloutId: number): Promise<Rollout> {
  return store.rollouts.get(rolloutId);
}
