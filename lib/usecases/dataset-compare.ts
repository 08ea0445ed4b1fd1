import {
  changes,
  whyChanged,
  whyMissing,
  type Change,
  type Compared,
  type MaskChange,
  type Why,
} from "@/lib/core/dataset-compare";
import type { Side } from "@/lib/core/dataset-sides";
import type { StoredRecipe } from "@/lib/core/dataset-recipe";
import type { ExampleMark } from "@/lib/core/dataset-store";
import { groupBy } from "@/lib/core/group-by";
import { mergeMarks, type Meeting } from "@/lib/core/merge-marks";
import { storedExample, type Example } from "@/lib/core/example";
import type { DatasetRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Deps } from "./deps";

/** Differences explained with one reading of what both sides know. */
const BATCH = 200;
/** Differences of one group that are named, where nothing else is asked for; all are counted. */
const NAMED = 20;
/** Those of a group that is gone through. */
const PAGE = 100;

/** An example that is not the same in both. */
export type Difference = Why & {
  change: Change;
  trajectoryId: number;
  importantState: number | null;
  kind: Example["kind"];
  environment: string;
  subtaskKey: string;
  mask: MaskChange[];
};
/** Differences for the same reason. */
export type DifferenceGroup = GroupKey & {
  count: number;
  /** The first that `rows` names. */
  from: number;
  rows: Difference[];
};
export type GroupKey = Pick<Difference, "change" | "reason" | "by">;
/** A group that is gone through: which, and from which difference on. */
export type GroupPart = GroupKey & { from: number };
export type DatasetComparison = {
  a: DatasetRow;
  b: DatasetRow;
  unchanged: number;
  /** What came in, fell out and changed, by reason and person; the largest first. */
  groups: DifferenceGroup[];
};

/**
 * What came in from one dataset to another, what fell out, what changed, and why. Both are read once and in order; what is
 * held is what is named.
 * @param part more of one group; of the others no more than the first are named
 * @throws AppError not_found
 */
export async function compareDatasets(
  { store }: Pick<Deps, "store">,
  idA: number,
  idB: number,
  part: GroupPart | null = null,
): Promise<DatasetComparison> {
  const [a, b] = [await store.datasets.get(idA), await store.datasets.get(idB)];
  const sides = { a: await openSide(store, idA), b: await openSide(store, idB) };
  const groups = new Map<string, DifferenceGroup>();
  let unchanged = 0;
  let open: Meeting[] = [];
  const explain = async () => {
    for (const difference of await explained(store, sides, open)) addTo(groups, difference, part);
    open = [];
  };
  for await (const at of mergeMarks(store.datasets.marks(idA), store.datasets.marks(idB))) {
    if (at.a && at.b && at.a.hash === at.b.hash && at.a.split === at.b.split) unchanged += 1;
    else open.push(at);
    if (open.length >= BATCH) await explain();
  }
  await explain();
  const sorted = [...groups.values()].sort(
    (x, y) => changes.indexOf(x.change) - changes.indexOf(y.change) || y.count - x.count,
  );
  return { a, b, unchanged, groups: sorted };
}

const keyOf = ({ change, reason, by }: GroupKey) => JSON.stringify([change, reason, by]);

function addTo(groups: Map<string, DifferenceGroup>, difference: Difference, part: GroupPart | null): void {
  const { change, reason, by } = difference;
  const key = keyOf(difference);
  const isPart = part !== null && keyOf(part) === key;
  const group = groups.get(key) ?? { change, reason, by, count: 0, from: isPart ? part.from : 0, rows: [] };
  const isNamed = group.count >= group.from && group.rows.length < (isPart ? PAGE : NAMED);
  if (isNamed) group.rows.push(difference);
  group.count += 1;
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
  const read = (side: OpenSide, marks: (ExampleMark | null)[]) =>
    comparedAt(
      store,
      side.datasetId,
      marks.flatMap((mark) => mark?.exampleIndex ?? []),
    );
  const [as, bs] = [
    await read(
      sides.a,
      meetings.map(({ a }) => a),
    ),
    await read(
      sides.b,
      meetings.map(({ b }) => b),
    ),
  ];
  const differences: Difference[] = [];
  for (const { a, b } of meetings) {
    const [before, after] = [a ? as.get(a.exampleIndex) : null, b ? bs.get(b.exampleIndex) : null];
    const example = after ?? before;
    const mark = b ?? a;
    if (!example || !mark) continue;
    const { trajectoryId, importantState, kind } = mark;
    const { environment, subtaskKey } = example;
    const at = { trajectoryId, importantState, kind, environment, subtaskKey };
    const [sideA, sideB] = [knownA(mark), knownB(mark)];
    if (before && after && a && b) {
      const was = { example: before, split: a.split, side: sideA };
      const is = { example: after, split: b.split, side: sideB };
      differences.push({ change: "changed", ...at, ...whyChanged(was, is) });
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

/** Examples without their messages, so that no more of them is held than is compared. */
async function comparedAt(
  store: Store,
  datasetId: number,
  indexes: number[],
): Promise<Map<number, Compared>> {
  const found = new Map<number, Compared>();
  for (let from = 0; found.size < indexes.length;) {
    const batch = await store.datasets.texts(datasetId, { from, limit: indexes.length, among: indexes });
    for (const stored of batch) {
      const { kind, environment, subtaskKey, provenance } = storedExample(stored, datasetId);
      found.set(stored.exampleIndex, { kind, environment, subtaskKey, provenance });
    }
    const last = batch.at(-1);
    if (!last) break;
    from = last.exampleIndex + 1;
  }
  return found;
}
