import { createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DatasetCard } from "@/lib/core/dataset";
import { datasetSplits } from "@/lib/core/dataset-split";
import { AppError } from "@/lib/core/errors";
import type { DatasetRow } from "@/lib/core/rows";
import { exportDataset, exportKit, exportZip, type FolderFile } from "@/lib/usecases/exports";
import type { Context } from "./commands";
import { prepare } from "./prepared";
import { oneOf, progress, readArguments, required, say, wholeNumber } from "./terminal";

/** Endings of a plain file: what else `--out` names is a folder. */
const plainFile = /\.(jsonl|csv|parquet)$/;

/**
 * A dataset in one format: as a folder (`--out DIR`), a zip of it (`--out file.zip`, `--out -` for standard output), or one
 * plain file (`--out rows.jsonl`, or standard output without `--out`); or prepared as a file that the pages and the HTTP API
 * give out (`--prepare`).
 */
export async function exportFile(context: Context, args: string[]): Promise<void> {
  const { deps, terminal } = context;
  const { values, positionals } = readArguments(args, {
    format: { type: "string" },
    out: { type: "string" },
    provenance: { type: "boolean" },
    split: { type: "string" },
    prepare: { type: "boolean" },
    "no-wait": { type: "boolean" },
  });
  const datasetId = required("DATASET", wholeNumber("DATASET", positionals[0]));
  const format = required("format", values.format);
  const { out } = values;
  if (values.prepare) {
    if (out !== undefined || values.provenance || values.split !== undefined)
      throw new AppError("invalid_input", "--prepare writes the whole folder into the data folder", {
        fix: "leave --out, --provenance and --split out; copy or download the file once it is done",
      });
    return prepare(context, { datasetId, format, wait: !values["no-wait"] });
  }
  if (terminal.json && (out === undefined || out === "-"))
    throw new AppError("invalid_input", "--json with export needs --out FILE or --out DIR");
  if (out === undefined || plainFile.test(out)) {
    const part = values.provenance ? "provenance" : "rows";
    const split = oneOf("split", values.split, datasetSplits);
    const { dataset, bytes } = await exportDataset(deps, datasetId, format, part, split);
    warnOfStale(dataset);
    const written = await writeTo(out, bytes);
    if (out !== undefined) say(terminal, { file: out, bytes: written }, `${written} bytes`);
    return;
  }
  if (values.provenance || values.split !== undefined)
    throw new AppError("invalid_input", "a folder holds every split and its provenance", {
      fix: "leave --provenance and --split out, or name a .jsonl file with --out",
    });
  if (out === "-" || out.endsWith(".zip")) {
    const { dataset, body } = await exportZip(deps, datasetId, format);
    warnOfStale(dataset);
    const written = await writeTo(out === "-" ? undefined : out, body);
    if (out !== "-") say(terminal, { file: out, bytes: written }, `${written} bytes`);
    return;
  }
  const { dataset, files } = await exportKit(deps, datasetId, format);
  warnOfStale(dataset);
  const written = await writeFolder(out, files);
  say(terminal, { folder: out, files: written }, `${written.length} files`);
}

function warnOfStale({ card }: DatasetRow): void {
  const { stale } = DatasetCard.parse(card);
  if (stale > 0) progress(`${stale} of its examples rest on verdicts of an older checkpoint`);
}

/** @returns bytes written */
async function writeTo(file: string | undefined, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let written = 0;
  const counted = async function* () {
    for await (const chunk of bytes) {
      written += chunk.byteLength;
      yield chunk;
    }
  };
  const source = Readable.from(counted(), { objectMode: false });
  if (file === undefined) await pipeline(source, process.stdout, { end: false });
  else {
    await pipeline(source, createWriteStream(file));
    progress(`wrote ${file}`);
  }
  return written;
}

/** @throws AppError conflict when the folder holds something: a file of another export would stay between these */
async function writeFolder(folder: string, files: AsyncIterable<FolderFile>) {
  await mkdir(folder, { recursive: true });
  if ((await readdir(folder)).length > 0)
    throw new AppError("conflict", `${folder} is not empty`, { fix: "name a new folder, or empty it" });
  const written: { file: string; bytes: number }[] = [];
  for await (const { path: name, bytes } of files) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    written.push({ file: name, bytes: await writeTo(file, bytes) });
  }
  return written;
}
