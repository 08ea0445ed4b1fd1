import { z } from "zod";
import { leftOutReasons, type DatasetSource, type LeftOut } from "@/lib/core/dataset-recipe";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import type { ExampleMark, ExamplePart, StoredExample } from "@/lib/core/dataset-store";
import { AppError } from "@/lib/core/errors";
import { exampleKinds } from "@/lib/core/example";
import type { Bulk } from "./bulk";
import type { Db } from "./client";
import { copiedRows } from "./copied-out";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";

/** No more bytes than can be held while a dataset of any size is read. */
const BYTES = 8_000_000;
const MARKS = 5_000;

const Count = z.number().int().min(0);
const Stored = z.object({ exampleIndex: z.number(), split: z.enum(datasetSplits), text: z.string() });

/** A batch in order; shorter than `limit` where its texts are long (more than `BYTES` together), empty only at the end. */
export function textsFrom(
  db: Db,
  datasetId: number,
  { from, limit, split, kind, among }: ExamplePart,
): Promise<StoredExample[]> {
  const ofSplit = split ? Prisma.sql`and split = ${split}` : Prisma.empty;
  const ofThese = among ? Prisma.sql`and example_index = any(${among}::int[])` : Prisma.empty;
  const ofKind = kind ? Prisma.sql`and kind = ${kind}` : Prisma.empty;
  return read(
    db,
    Stored,
    Prisma.sql`select example_index as "exampleIndex", split, example as text from (
        select example_index, split, example,
          sum(octet_length(example)) over (order by example_index) - octet_length(example) as before
        from (select * from dataset_example where dataset_id = ${datasetId}::int
          and example_index >= ${from}::int ${ofSplit} ${ofKind} ${ofThese} order by example_index limit ${limit}::int) part
      ) x where before < ${BYTES}::int order by example_index`,
  );
}

/** Examples of one subtask that are read at once, whatever the number of its trajectories. */
const OF_SUBTASK = 500;

/** The first examples of a split that are of the same subtask as a trajectory. */
export function textsOfSubtask(
  db: Db,
  datasetId: number,
  split: DatasetSplit,
  trajectoryId: number,
): Promise<StoredExample[]> {
  return read(
    db,
    Stored,
    // An array, so that its ids are looked up in the index even where the tables have no statistics yet.
    Prisma.sql`select example_index as "exampleIndex", split, example as text from dataset_example
      where dataset_id = ${datasetId}::int and split = ${split} and trajectory_id = any(array(
        select other.id from trajectory one join trajectory other on other.subtask_id = one.subtask_id
        where one.id = ${trajectoryId}::int))
      order by trajectory_id, important_state, example_index limit ${OF_SUBTASK}::int`,
  );
}

/** An example as it is stored, its text still UTF-8. */
export type StoredBytes = { exampleIndex: number; text: Buffer };

/** Rows and bytes that are read at once where every example is read: little is held, however slow the reader is. */
const COPIED = 250;
const COPIED_BYTES = 1_000_000;

/** Where a batch fits, unless its last example is a long one. */
export const roomForBatch = (): Buffer => Buffer.allocUnsafeSlow(COPIED_BYTES * 1.1);

/**
 * The next examples in order, none only at the end. Read as bytes, and made into text one by one when they are parsed: a batch
 * of strings would outlive the collector's first passes, which costs more than reading them.
 * @param room where they are put: what was read there before is gone
 */
export async function bytesFrom(
  bulk: Bulk,
  datasetId: number,
  { from, split, room }: { from: number; split: DatasetSplit | undefined; room: Buffer },
): Promise<StoredBytes[]> {
  const ofSplit = split ? `and split = '${z.enum(datasetSplits).parse(split)}'` : "";
  const query = `select example_index, example from (
      select example_index, example,
        sum(octet_length(example)) over (order by example_index) - octet_length(example) as before
      from (select example_index, example from dataset_example where dataset_id = ${Count.parse(datasetId)}
        and example_index >= ${Count.parse(from)} ${ofSplit} order by example_index limit ${COPIED}) part
    ) x where before < ${COPIED_BYTES} order by example_index`;
  return Array.from(copiedRows(await bulk.copyOut(query, room)), ([index, text]) => {
    if (!index || !text) throw new AppError("internal", `an example of dataset ${datasetId} has no text`);
    return { exampleIndex: index.readInt32BE(0), text };
  });
}

const Mark = z.object({
  exampleIndex: z.number(),
  trajectoryId: z.number(),
  importantState: z.number().nullable(),
  kind: z.enum(exampleKinds),
  split: z.enum(datasetSplits),
  hash: z.string(),
}) satisfies z.ZodType<ExampleMark>;

/** No state comes last. */
const NO_STATE = 2 ** 31 - 1;

/** Marks in the order of trajectory, state and index: what two datasets are merged by. */
export async function* marksOf(db: Db, datasetId: number): AsyncGenerator<ExampleMark> {
  demandId("dataset", datasetId);
  for (let [trajectory, state, index] = [0, -1, -1]; ;) {
    const batch = await read(
      db,
      Mark,
      Prisma.sql`select example_index as "exampleIndex", trajectory_id as "trajectoryId",
          important_state as "importantState", kind, split, md5(example) as hash
        from dataset_example where dataset_id = ${datasetId}::int and trajectory_id >= ${trajectory}::int
          and (trajectory_id, coalesce(important_state, ${NO_STATE}::int), example_index)
            > (${trajectory}::int, ${state}::int, ${index}::int)
        order by trajectory_id, important_state, example_index limit ${MARKS}::int`,
    );
    yield* batch;
    const last = batch.at(-1);
    if (!last || batch.length < MARKS) return;
    [trajectory, state, index] = [last.trajectoryId, last.importantState ?? NO_STATE, last.exampleIndex];
  }
}

const Source = z.object({
  trajectoryId: z.number(),
  runId: z.number(),
  alpha: z.number(),
  minAttempts: z.number(),
  ruleVersion: z.string(),
  checkpoint: z.string(),
  stale: z.boolean(),
  completed: z.array(z.number()),
  open: z.array(z.number()),
  lastReviewId: z.number(),
}) satisfies z.ZodType<DatasetSource>;
const sourceColumns = Prisma.sql`trajectory_id as "trajectoryId", run_id as "runId", alpha, min_attempts as "minAttempts",
  rule_version as "ruleVersion", checkpoint, stale, completed, open, last_review_id as "lastReviewId"`;

export function sourcesOf(db: Db, datasetId: number, trajectoryIds: number[]): Promise<DatasetSource[]> {
  const sql = Prisma.sql`select ${sourceColumns} from dataset_source
    where dataset_id = ${datasetId}::int and trajectory_id = any(${trajectoryIds}::int[])
    order by trajectory_id, run_id`;
  return read(db, Source, sql);
}

export function sourceRuns(db: Db, datasetId: number): Promise<DatasetSource[]> {
  const sql = Prisma.sql`select distinct on (run_id) ${sourceColumns} from dataset_source
    where dataset_id = ${datasetId}::int order by run_id, trajectory_id`;
  return read(db, Source, sql);
}

const Left = z.object({
  trajectoryId: z.number(),
  importantState: z.number().nullable(),
  reason: z.enum(leftOutReasons),
  reviewer: z.string().nullable(),
}) satisfies z.ZodType<LeftOut>;

export function leftOutOf(db: Db, datasetId: number, trajectoryIds: number[]): Promise<LeftOut[]> {
  const sql = Prisma.sql`select trajectory_id as "trajectoryId", important_state as "importantState", reason, reviewer
    from dataset_left_out where dataset_id = ${datasetId}::int and trajectory_id = any(${trajectoryIds}::int[])
    order by left_out_index`;
  return read(db, Left, sql);
}
