import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import { Example } from "@/lib/core/example";
import type { DatasetRow as Dataset } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { joinIteration } from "./campaign-links";
import { type Db, type Tx } from "./client";
import { pageOf, readIdCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId, referring } from "./ids";
import { DatasetRow, datasetColumns, Id, read, readOne } from "./rows";
import { demandStorable } from "./text";

/** Rows of one statement, and no more characters than can be held while a dataset of any size is read or written. */
const ROWS = 500;
const CHARACTERS = 8_000_000;

/** Datasets and their examples; written once. */
export function datasetsIn(db: Db): Store["datasets"] {
  return {
    freeze: (dataset, examples) => freeze(db, dataset, examples),
    get: (datasetId) => get(db, datasetId),
    list: (cursor, limit) => list(db, cursor, limit),
    examples: async (datasetId, from, limit) => {
      await get(db, datasetId);
      return (await batchFrom(db, { datasetId, from, limit })).map(({ example }) => example);
    },
    stream: (datasetId, split) => stream(db, datasetId, split),
  };
}

const fromDatasets = Prisma.sql`select ${datasetColumns} from dataset join person on person.id = dataset.person_id`;

async function get(tx: Tx, datasetId: number): Promise<Dataset> {
  const what = demandId("dataset", datasetId);
  return readOne(tx, DatasetRow, Prisma.sql`${fromDatasets} where dataset.id = ${datasetId}::int`, what);
}

async function list(db: Db, cursor: string | null, limit: number) {
  const after = readIdCursor(cursor);
  const before = after === null ? Prisma.empty : Prisma.sql`where dataset.id < ${after}::int`;
  const sql = Prisma.sql`${fromDatasets} ${before} order by dataset.id desc limit ${limit + 1}::int`;
  return pageOf(await read(db, DatasetRow, sql), limit, (dataset) => dataset.datasetId);
}

type Frozen = { example: Example; text: string; split: DatasetSplit };

/**
 * Writes a dataset in one transaction: all of it is there, or none. Its own row comes last, and from then on the
 * database refuses every further example.
 * @throws AppError not_found when an example's trajectory does not exist; whatever `examples` throws
 */
async function freeze(
  db: Db,
  dataset: Parameters<Store["datasets"]["freeze"]>[0],
  examples: AsyncIterable<Frozen>,
): Promise<Dataset> {
  demandStorable(dataset, "the dataset");
  const { name, contentHash, reviewPolicy, selection, card, personId, iteration } = dataset;
  // Not tried again on a deadlock: the examples can be read once only.
  const frozen = db.$transaction(async (tx) => {
    const { id } = await readOne(
      tx,
      Id,
      Prisma.sql`select nextval('dataset_id_seq')::int as id`,
      "dataset id",
    );
    const { exampleCount, validationCount } = await writeExamples(tx, id, examples);
    await tx.$executeRaw`insert into dataset
        (id, name, content_hash, review_policy, selection, card, example_count, validation_count, person_id)
      values (${id}::int, ${name}, ${contentHash}, ${reviewPolicy}, ${JSON.stringify(selection)}::jsonb,
        ${JSON.stringify(card)}::jsonb, ${exampleCount}::int, ${validationCount}::int, ${personId}::int)`;
    if (iteration) await joinIteration(tx, iteration, "dataset", id);
    return get(tx, id);
  });
  return referring("the dataset", frozen);
}

async function writeExamples(tx: Tx, datasetId: number, examples: AsyncIterable<Frozen>) {
  let [count, characters, validationCount] = [0, 0, 0];
  let batch: Frozen[] = [];
  const flush = async () => {
    const of = <T>(pick: (row: Frozen) => T) => batch.map(pick);
    await tx.$executeRaw`insert into dataset_example (dataset_id, example_index, kind, trajectory_id, example, split)
      select ${datasetId}::int, ${count}::int + position - 1, kind, trajectory_id, example, split
      from unnest(${of((row) => row.example.kind)}::text[],
        ${of((row) => row.example.provenance.trajectoryId)}::int[], ${of((row) => row.text)}::text[],
        ${of((row) => row.split)}::text[])
        with ordinality as given(kind, trajectory_id, example, split, position)`;
    count += batch.length;
    [batch, characters] = [[], 0];
  };
  for await (const row of examples) {
    demandStorable(row.text, `example ${count + batch.length}`);
    batch.push(row);
    if (row.split === "validation") validationCount += 1;
    characters += row.text.length;
    if (batch.length >= ROWS || characters >= CHARACTERS) await flush();
  }
  if (batch.length > 0) await flush();
  return { exampleCount: count, validationCount };
}

const Stored = z.object({ exampleIndex: z.number(), example: z.string() });

type Part = { datasetId: number; from: number; limit: number; split?: DatasetSplit | undefined };

/** A batch in order; shorter than `limit` where its texts are long, empty only at the end. */
async function batchFrom(db: Db, { datasetId, from, limit, split }: Part) {
  const ofSplit = split ? Prisma.sql`and split = ${split}` : Prisma.empty;
  const rows = await read(
    db,
    Stored,
    Prisma.sql`select example_index as "exampleIndex", example from (
        select example_index, example, sum(length(example)) over (order by example_index) - length(example) as before
        from dataset_example where dataset_id = ${datasetId}::int and example_index >= ${from}::int ${ofSplit}
        order by example_index limit ${limit}::int
      ) x where before < ${CHARACTERS}::int order by example_index`,
  );
  return rows.map(({ exampleIndex, example }) => {
    return { exampleIndex, example: parseExample(example, datasetId, exampleIndex) };
  });
}

function parseExample(text: string, datasetId: number, exampleIndex: number): Example {
  const result = Example.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const what = `example ${exampleIndex} of dataset ${datasetId}`;
  throw new AppError("internal", `${what} is not as it was stored: ${z.prettifyError(result.error)}`);
}

async function* stream(db: Db, datasetId: number, split?: DatasetSplit): AsyncGenerator<Example> {
  await get(db, datasetId);
  for (let from = 0; ;) {
    const batch = await batchFrom(db, { datasetId, from, limit: ROWS, split });
    for (const { example, exampleIndex } of batch) {
      yield example;
      from = exampleIndex + 1;
    }
    if (batch.length === 0) return;
  }
}
