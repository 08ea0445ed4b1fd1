import { setImmediate as nextTurn } from "node:timers/promises";
import { z } from "zod";
import { IterationKey } from "@/lib/core/campaign-store";
import { StoredRecipe } from "@/lib/core/dataset-recipe";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { FrozenAbout, FrozenRow } from "@/lib/core/dataset-store";
import { storedExample, type Example } from "@/lib/core/example";
import type { DatasetRow as Dataset } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Bulk } from "./bulk";
import { joinIteration } from "./campaign-links";
import { idleMs, type Db, type Tx } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import {
  bytesFrom,
  leftOutOf,
  marksOf,
  roomForBatch,
  sourceRuns,
  sourcesOf,
  textsFrom,
  textsOfSubtask,
  type StoredBytes,
} from "./dataset-reads";
import { writeRows } from "./dataset-rows";
import { Prisma } from "./generated/client";
import { demandId, possibleIds, referring } from "./ids";
import { readAhead } from "./read-ahead";
import { DatasetRow, datasetColumns, Id, read, readOne } from "./rows";
import { demandStorable } from "./text";

type Source = { db: Db; bulk: Bulk };

/** Datasets and their examples; written once. */
export function datasetsIn(db: Db, bulk: Bulk): Store["datasets"] {
  const source = { db, bulk };
  return {
    freeze: (dataset, rows, about) => freeze(db, dataset, rows, about),
    get: (datasetId) => get(db, datasetId),
    list: (cursor, limit) => list(db, cursor, limit),
    stream: (datasetId, split) => stream(source, datasetId, split),
    batches: (datasetId, split) => batches(source, datasetId, split),
    versions: (name) => versions(db, name),
    recipe: (datasetId) => recipeOf(db, datasetId),
    iteration: (datasetId) => iterationOf(db, datasetId),
    texts: async (datasetId, part) => {
      await get(db, datasetId);
      return textsFrom(db, datasetId, part);
    },
    ofSubtask: async (datasetId, split, trajectoryId) =>
      (await textsOfSubtask(db, datasetId, split, trajectoryId)).map((each) =>
        storedExample(each, datasetId),
      ),
    marks: (datasetId) => marksOf(db, datasetId),
    sourcesOf: (datasetId, ids) => sourcesOf(db, datasetId, possibleIds(ids)),
    sourceRuns: (datasetId) => sourceRuns(db, datasetId),
    leftOut: (datasetId, trajectoryIds) => leftOutOf(db, datasetId, possibleIds(trajectoryIds)),
  };
}

const fromDatasets = Prisma.sql`select ${datasetColumns} from dataset join person on person.id = dataset.person_id`;

async function get(tx: Tx, datasetId: number): Promise<Dataset> {
  const what = demandId("dataset", datasetId);
  return readOne(tx, DatasetRow, Prisma.sql`${fromDatasets} where dataset.id = ${datasetId}::int`, what);
}

/** Versions of one name that are listed: more than a person compares. */
const VERSIONS = 100;

function versions(db: Db, name: string): Promise<Dataset[]> {
  const named = Prisma.sql`where dataset.name = ${name} order by dataset.version desc limit ${VERSIONS}::int`;
  return read(db, DatasetRow, Prisma.sql`${fromDatasets} ${named}`);
}

async function recipeOf(db: Db, datasetId: number): Promise<StoredRecipe> {
  const what = demandId("dataset", datasetId);
  const sql = Prisma.sql`select selection as recipe from dataset where id = ${datasetId}::int`;
  const { recipe } = await readOne(db, z.object({ recipe: z.unknown() }), sql, what);
  return StoredRecipe.parse(recipe);
}

/** Not its whole recipe, which names every trajectory. */
async function iterationOf(db: Db, datasetId: number): Promise<IterationKey | null> {
  const what = demandId("dataset", datasetId);
  const sql = Prisma.sql`select selection -> 'iteration' as iteration from dataset where id = ${datasetId}::int`;
  return (await readOne(db, z.object({ iteration: IterationKey.nullable() }), sql, what)).iteration;
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where dataset.id < ${after}::int`;
  const sql = Prisma.sql`${fromDatasets} ${before} order by dataset.id desc limit ${limit + 1}::int`;
  return pageOf(await read(db, DatasetRow, sql), limit, (dataset) => dataset.datasetId);
}

/** What a dataset is made of is read between the statements that write it, which nobody waits for. */
const READING_MS = 3_600_000;

/**
 * Writes a dataset in one transaction: all of it is there, or none. Its own row comes last, and from then on the
 * database refuses every further example.
 * @throws AppError not_found when an example's trajectory does not exist; whatever `rows` or `about` throws
 */
async function freeze(
  db: Db,
  dataset: Parameters<Store["datasets"]["freeze"]>[0],
  rows: AsyncIterable<FrozenRow>,
  about: () => Promise<FrozenAbout>,
): Promise<Dataset> {
  demandStorable(dataset, "the dataset");
  const { name, reviewPolicy, personId, iteration } = dataset;
  // Not tried again on a deadlock: the rows can be read once only.
  const frozen = db.$transaction(async (tx) => {
    const { id } = await readOne(
      tx,
      Id,
      Prisma.sql`select nextval('dataset_id_seq')::int as id`,
      "dataset id",
    );
    await standStillFor(tx, READING_MS);
    const { examples, validation } = await writeRows(tx, id, rows);
    const of = await about();
    demandStorable(of, "the dataset");
    const { selection, card, contentHash } = of;
    await standStillFor(tx, idleMs);
    // Who freezes under the same name at the same time waits, and becomes the next version.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('dataset'), hashtext(${name}))`;
    await tx.$executeRaw`insert into dataset (id, name, content_hash, review_policy, selection, card, example_count,
        validation_count, person_id, version, previous_id)
      select ${id}::int, ${name}, ${contentHash}, ${reviewPolicy}, ${JSON.stringify(selection)}::jsonb,
        ${JSON.stringify(card)}::jsonb, ${examples}::int, ${validation}::int, ${personId}::int,
        coalesce(before.version, 0) + 1, before.id
      from (select) one left join lateral (
        select id, version from dataset where name = ${name} order by version desc limit 1) before on true`;
    if (iteration) await joinIteration(tx, iteration, "dataset", id);
    return get(tx, id);
  });
  return referring("the dataset", frozen);
}

/** How long a transaction may stand still between two statements from here on. */
function standStillFor(tx: Tx, ms: number) {
  return tx.$executeRaw`select set_config('idle_in_transaction_session_timeout', ${String(ms)}, true)`;
}

/** Bytes between two turns of the event loop: what was asked for is sent, and others get their turn. */
const TURN = 250_000;

async function* stream(source: Source, datasetId: number, split?: DatasetSplit): AsyncGenerator<Example> {
  for await (const batch of batches(source, datasetId, split)) yield* batch;
}

async function* batches(
  { db, bulk }: Source,
  datasetId: number,
  split?: DatasetSplit,
): AsyncGenerator<Iterable<Example>> {
  await get(db, datasetId);
  // One is read into while the other is gone through: new ones would pile up faster than the collector takes them away.
  let [room, other] = [roomForBatch(), roomForBatch()];
  const read = readAhead<StoredBytes>((last) => {
    [room, other] = [other, room];
    return bytesFrom(bulk, datasetId, { from: last === null ? 0 : last.exampleIndex + 1, split, room });
  });
  let given = 0;
  for await (const batch of read)
    for (const turn of turns(batch)) {
      await nextTurn();
      given += 1;
      const own = given;
      yield parsed(turn, datasetId, () => own === given);
    }
}

/** Each when it is asked for: what nothing holds any more when the collector comes costs it nothing. */
function* parsed(turn: StoredBytes[], datasetId: number, isThere: () => boolean): Generator<Example> {
  for (const { exampleIndex, text } of turn) {
    if (!isThere()) throw new Error("a batch is gone through before the next one is asked for");
    yield storedExample({ exampleIndex, text: text.toString("utf8") }, datasetId);
  }
}

function* turns(batch: StoredBytes[]): Generator<StoredBytes[]> {
  let [turn, length]: [StoredBytes[], number] = [[], 0];
  for (const each of batch) {
    turn.push(each);
    length += each.text.length;
    if (length < TURN) continue;
    yield turn;
    [turn, length] = [[], 0];
  }
  if (turn.length > 0) yield turn;
}
