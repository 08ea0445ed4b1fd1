import { whyChanged, whyMissing, type MaskChange, type Side, type Why } from "@/lib/core/dataset-compare";
import type { StoredRecipe } from "@/lib/core/dataset-recipe";
import type { ExampleMark } from "@/lib/core/dataset-store";
import { groupBy } from "@/lib/core/group-by";
import { mergeMarks, type Meeting } from "@/lib/core/merge-marks";
import { Example } from "@/lib/core/example";
import type { DatasetRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Deps } from "./deps";

/** Differences explained with one reading of what both sides know. */
const BATCH = 200;
/** Differences of one group that are named; all are counted. */
const NAMED = 50;

/** An example that is not the same in both. */
export type Difference = Why & {
  change: "in" | "out" | "changed";
  trajectoryId: number;
  importantState: number | null;
  kind: Example["kind"];
  environment: string;
  subtaskKey: string;
  mask: MaskChange[];
};
/** Differences for the same reason. */
export type DifferenceGroup = Pick<Difference, "change" | "reason" | "by"> & {
  count: number;
  rows: Difference[];
};
export type DatasetComparison = {
  a: DatasetRow;
  b: DatasetRow;
  unchanged: number;
  /** What came in, fell out and changed, by reason and person; the largest first. */
  groups: DifferenceGroup[];
};

/** What came in from one dataset to another, what fell out, what changed, and why. @throws AppError not_found */
export async function compareDatasets(
  { store }: Pick<Deps, "store">,
  idA: number,
  idB: number,
): Promise<DatasetComparison> {
  const [a, b] = [await store.datasets.get(idA), await store.datasets.get(idB)];
  const sides = { a: await openSide(store, idA), b: await openSide(store, idB) };
  const groups = new Map<string, DifferenceGroup>();
  let unchanged = 0;
  let open: Meeting[] = [];
  const explain = async () => {
    for (const difference of await explained(store, sides, open)) addTo(groups, difference);
    open = [];
  };
  for await (const at of mergeMarks(store.datasets.marks(idA), store.datasets.marks(idB))) {
    if (at.a && at.b && at.a.hash === at.b.hash && at.a.split === at.b.split) unchanged += 1;
    else open.push(at);
    if (open.length >= BATCH) await explain();
  }
  await explain();
  const order = ["in", "out", "changed"];
  const sorted = [...groups.values()].sort(
    (x, y) => order.indexOf(x.change) - order.indexOf(y.change) || y.count - x.count,
  );
  return { a, b, unchanged, groups: sorted };
}

function addTo(groups: Map<string, DifferenceGroup>, difference: Difference): void {
  const { change, reason, by } = difference;
  const key = JSON.stringify([change, reason, by]);
  const group = groups.get(key) ?? { change, reason, by, count: 0, rows: [] };
  group.count += 1;
  if (group.rows.length < NAMED) group.rows.push(difference);
  groups.set(key, group);
}

type OpenSide = { datasetId: number; stored: StoredRecipe; chosen: Set<number> };
type Sides = { a: OpenSide; b: OpenSide };

async function openSide(store: Store, datasetId: number): Promise<OpenSide> {
  const stored = await store.datasets.recipe(datasetId);
  return { datasetId, stored, chosen: new Set(stored.recipe.trajectoryIds) };
}

async function explained(store: Store, sides: Sides, meetings: Meeting[]): Promise<Difference[]> {
  const ids = [...new Set(meetings.map(({ a, b }) => (a ?? b).trajectoryId))];
  const [knownA, knownB] = [await knownOf(store, sides.a, ids), await knownOf(store, sides.b, ids)];
  const differences: Difference[] = [];
  for (const { a, b } of meetings) {
    const [before, after] = [await exampleAt(store, sides.a, a), await exampleAt(store, sides.b, b)];
    const example = after ?? before;
    const mark = b ?? a;
    if (!example || !mark) continue;
    const { trajectoryId, importantState, kind } = mark;
    const { environment, subtaskKey } = example;
    const at = { trajectoryId, importantState, kind, environment, subtaskKey };
    const [sideA, sideB] = [knownA(mark), knownB(mark)];
    if (before && after && a && b) {
      const splits = { before: a.split, after: b.split };
      differences.push({ change: "changed", ...at, ...whyChanged(before, after, splits) });
    } else if (after)
      differences.push({ change: "in", ...at, mask: [], ...whyMissing(after, sideB, sideA, "in") });
    else differences.push({ change: "out", ...at, mask: [], ...whyMissing(example, sideA, sideB, "out") });
  }
  return differences;
}

/** What one side knows of the trajectories of a batch. */
async function knownOf(store: Store, { datasetId, stored, chosen }: OpenSide, ids: number[]) {
  const left = groupBy(await store.datasets.leftOut(datasetId, ids), (each) => each.trajectoryId);
  const sources = groupBy(await store.datasets.sourcesOf(datasetId, ids), (each) => each.trajectoryId);
  return ({ trajectoryId, importantState }: ExampleMark): Side => ({
    recipe: stored.recipe,
    chosen: chosen.has(trajectoryId),
    sources: sources.get(trajectoryId) ?? [],
    leftOut: left.get(trajectoryId)?.find((each) => each.importantState === importantState) ?? null,
    untold: stored.facts === null,
  });
}

async function exampleAt(
  store: Store,
  { datasetId }: OpenSide,
  mark: ExampleMark | null,
): Promise<Example | null> {
  if (!mark) return null;
  const [example] = await store.datasets.examples(datasetId, mark.exampleIndex, 1);
  return example ?? null;
}
