import type { DatasetSource, LeftOut } from "@/lib/core/dataset-recipe";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { FrozenRow } from "@/lib/core/dataset-store";
import type { Example } from "@/lib/core/example";
import type { Tx } from "./client";
import { demandStorable } from "./text";

/** Rows of one statement, and no more characters than can be held while a dataset of any size is written. */
const ROWS = 500;
const CHARACTERS = 8_000_000;

type Frozen = { example: Example; text: string; split: DatasetSplit };

/** Writes what a dataset holds, rests on and leaves out, in batches. */
export async function writeRows(
  tx: Tx,
  datasetId: number,
  rows: AsyncIterable<FrozenRow>,
): Promise<{ examples: number; validation: number }> {
  const written = { examples: 0, validation: 0, leftOut: 0, characters: 0 };
  let examples: Frozen[] = [];
  let sources: DatasetSource[] = [];
  let leftOut: LeftOut[] = [];
  const flush = async () => {
    if (examples.length > 0) await writeExamples(tx, datasetId, written.examples, examples);
    if (sources.length > 0) await writeSources(tx, datasetId, sources);
    if (leftOut.length > 0) await writeLeftOut(tx, datasetId, written.leftOut, leftOut);
    written.examples += examples.length;
    written.leftOut += leftOut.length;
    [examples, sources, leftOut, written.characters] = [[], [], [], 0];
  };
  for await (const row of rows) {
    if ("source" in row) sources.push(row.source);
    else if ("leftOut" in row) leftOut.push(row.leftOut);
    else {
      demandStorable(row.text, `example ${written.examples + examples.length}`);
      examples.push(row);
      if (row.split === "validation") written.validation += 1;
      written.characters += row.text.length;
    }
    const most = Math.max(examples.length, sources.length, leftOut.length);
    if (most >= ROWS || written.characters >= CHARACTERS) await flush();
  }
  await flush();
  return written;
}

function writeExamples(tx: Tx, datasetId: number, from: number, rows: Frozen[]) {
  const of = <T>(pick: (row: Frozen) => T) => rows.map(pick);
  return tx.$executeRaw`insert into dataset_example
      (dataset_id, example_index, kind, trajectory_id, example, split, important_state)
    select ${datasetId}::int, ${from}::int + position - 1, kind, trajectory_id, example, split, important_state
    from unnest(${of((row) => row.example.kind)}::text[],
      ${of((row) => row.example.provenance.trajectoryId)}::int[], ${of((row) => row.text)}::text[],
      ${of((row) => row.split)}::text[], ${of((row) => row.example.provenance.importantState)}::int[])
      with ordinality as given(kind, trajectory_id, example, split, important_state, position)`;
}

/** A source that is read twice while one dataset is made is the same: its content hash says so. */
function writeSources(tx: Tx, datasetId: number, rows: DatasetSource[]) {
  const of = <T>(pick: (row: DatasetSource) => T) => rows.map(pick);
  const list = (ids: number[]) => `{${ids.join(",")}}`;
  return tx.$executeRaw`insert into dataset_source (dataset_id, trajectory_id, run_id, alpha, min_attempts, rule_version,
      checkpoint, stale, completed, open, last_review_id)
    select ${datasetId}::int, trajectory_id, run_id, alpha, min_attempts, rule_version, checkpoint, stale,
      completed::int[], open::int[], last_review_id
    from unnest(${of((row) => row.trajectoryId)}::int[], ${of((row) => row.runId)}::int[],
      ${of((row) => row.alpha)}::float8[], ${of((row) => row.minAttempts)}::int[],
      ${of((row) => row.ruleVersion)}::text[], ${of((row) => row.checkpoint)}::text[],
      ${of((row) => row.stale)}::bool[], ${of((row) => list(row.completed))}::text[],
      ${of((row) => list(row.open))}::text[], ${of((row) => row.lastReviewId)}::int[])
      as given(trajectory_id, run_id, alpha, min_attempts, rule_version, checkpoint, stale, completed, open,
        last_review_id)
    on conflict do nothing`;
}

function writeLeftOut(tx: Tx, datasetId: number, from: number, rows: LeftOut[]) {
  const of = <T>(pick: (row: LeftOut) => T) => rows.map(pick);
  return tx.$executeRaw`insert into dataset_left_out
      (dataset_id, left_out_index, trajectory_id, important_state, reason, reviewer)
    select ${datasetId}::int, ${from}::int + position - 1, trajectory_id, important_state, reason, reviewer
    from unnest(${of((row) => row.trajectoryId)}::int[], ${of((row) => row.importantState)}::int[],
      ${of((row) => row.reason)}::text[], ${of((row) => row.reviewer)}::text[])
      with ordinality as given(trajectory_id, important_state, reason, reviewer, position)`;
}
