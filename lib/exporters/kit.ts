import { createHash } from "node:crypto";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import type { DatasetCard } from "@/lib/core/dataset";
import type { Example } from "@/lib/core/example";
import type { ExportContext, Exporter, ExportRow, Kit, KitSplit } from "@/lib/core/ports";
import type { TrainingSettings } from "@/lib/core/training-settings";
import { lineBytes, tableBytes, textBytes, type Pieces } from "./encode";
import { GOLDEN_LINES, goldenLine } from "./golden";
import { provenanceFileName, provenanceLine } from "./provenance";
import { rowsOf } from "./proofs/kit";
import { readme } from "./readme";
import { alone, exportRows } from "./rows";
import { Spool } from "./spool";
import type { FolderFile } from "./zip";

/** A dataset to be written in one format. */
export type KitSource = {
  exporter: Exporter;
  dataset: { datasetId: number; name: string; contentHash: string; exampleCount: number; card: DatasetCard };
  /** Gleaner's version: another one may write the same dataset in other bytes. */
  version: string;
  /** What a training asks of the trainer, where the folder is written for one. */
  settings?: TrainingSettings;
  /** Examples of a split in order, some at a time; asked for once. */
  examples(split: DatasetSplit): Pieces<Given>;
};

/** An example and what its exporter may need besides. */
export type Given = { example: Example; context: ExportContext };

/** Examples of which nothing else is asked. */
export async function* unrelated(pieces: Pieces<Example>): AsyncGenerator<Iterable<Given>> {
  function* given(piece: Iterable<Example>): Generator<Given> {
    for (const example of piece) yield { example, context: alone() };
  }
  for await (const piece of pieces) yield given(piece);
}

/** One line of a data file. `line` is 1-based; `example` is trimmed. */
export type Line = { line: number; example: Example; row: ExportRow };

/** Every row of some examples, in order. */
export async function* linesOf(exporter: Exporter, pieces: Pieces<Given>): AsyncGenerator<Iterable<Line>> {
  let line = 0;
  function* made(piece: Iterable<Given>): Generator<Line> {
    for (const given of piece) {
      const { example, rows } = exportRows(exporter, given.example, given.context);
      for (const row of rows) yield { line: ++line, example, row };
    }
  }
  for await (const piece of pieces) yield made(piece);
}

/** The same of every line, when it is asked for. */
async function* mapped<T>(pieces: Pieces<Line>, to: (line: Line) => T): AsyncGenerator<Iterable<T>> {
  function* each(piece: Iterable<Line>): Generator<T> {
    for (const line of piece) yield to(line);
  }
  for await (const piece of pieces) yield each(piece);
}

/** What is learned of the data while it is written. */
type Seen = { rows: number; longestRow: number; hasTools: boolean; golden: string[]; goldenSize: number };

/** Characters of golden lines that are kept: a proof needs few. */
const GOLDEN_CHARACTERS = 2_000_000;

/**
 * Everything a download holds: data and sidecar of each split, golden lines, the trainer's files, README, manifest and
 * checksums, in this order. Nothing larger than a batch is held; the same dataset always gives the same bytes.
 */
export async function* kitFiles(source: KitSource): AsyncGenerator<FolderFile> {
  // A format of a file per row has as many sums as rows.
  const sums = new Spool();
  const summed = ({ path, bytes }: FolderFile): FolderFile => ({
    path,
    bytes: settled(
      hashed(bytes, (sum) => sums.add(`${sum}  ${path}`, "\n")),
      sums,
    ),
  });
  try {
    for await (const file of summedFiles(source)) yield summed(file);
    yield { path: "SHA256SUMS", bytes: sums.bytes() };
  } finally {
    await sums.close();
  }
}

/** All of it that has a checksum. */
async function* summedFiles(source: KitSource): AsyncGenerator<FolderFile> {
  const seen: Seen = { rows: 0, longestRow: 0, hasTools: false, golden: [], goldenSize: 0 };
  const splits: KitSplit[] = [];
  for (const split of datasetSplits) {
    const before = seen.rows;
    for await (const file of splitFiles(source, split, seen)) yield file;
    const rows = seen.rows - before;
    if (rows > 0) splits.push({ split, file: source.exporter.dataFile(split), rows });
  }
  const { longestRow, hasTools } = seen;
  const { settings = null } = source;
  const kit: Kit = { name: fileNameOf(source.dataset.name), splits, longestRow, hasTools, settings };
  for (const { path, text } of closingFiles(source, kit, seen.golden)) yield { path, bytes: textBytes(text) };
}

/** A name as every file system takes it. */
export function fileNameOf(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[-.]+|[-.]+$/g, "")
      .slice(0, 100) || "dataset"
  );
}

/** The folder's name, and the zip's without its ending. */
export const folderNameOf = ({ exporter, dataset }: Pick<KitSource, "exporter" | "dataset">): string =>
  `${fileNameOf(dataset.name)}-${exporter.format}`;

/** The examples are read once: what the sidecar says of them waits until their data is written. */
async function* splitFiles(source: KitSource, split: DatasetSplit, seen: Seen): AsyncGenerator<FolderFile> {
  const { exporter } = source;
  const dataFile = exporter.dataFile(split);
  const lines = await begun(noted(linesOf(exporter, source.examples(split)), exporter, split, seen));
  if (lines === null) return;
  if (exporter.shape === "table") return yield* dataFiles(exporter, dataFile, lines);
  const spool = new Spool();
  const kept = mapped(lines, (line) => {
    spool.add(sidecarLine(line), "\n");
    return line;
  });
  try {
    for await (const { path, bytes } of dataFiles(exporter, dataFile, kept))
      yield { path, bytes: settled(bytes, spool) };
    yield { path: provenanceFileName(dataFile), bytes: spool.bytes() };
  } finally {
    await spool.close();
  }
}

async function* settled(bytes: AsyncIterable<Uint8Array>, spool: Spool): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    await spool.settle();
    yield chunk;
  }
}

async function* dataFiles(
  exporter: Exporter,
  dataFile: string,
  pieces: AsyncGenerator<Iterable<Line>>,
): AsyncGenerator<FolderFile> {
  if (exporter.encoding.kind !== "files") return yield { path: dataFile, bytes: dataBytes(exporter, pieces) };
  for await (const piece of pieces)
    for (const { line, row } of piece) {
      const path = `${dataFile}/${String(line).padStart(6, "0")}.jsonl`;
      yield { path, bytes: textBytes(`${written(row.value)}\n`) };
    }
}

/** Lines of one data file as its bytes. A format of many files is one of lines here. */
export function dataBytes({ encoding }: Exporter, lines: Pieces<Line>): AsyncIterable<Uint8Array> {
  if (encoding.kind === "jsonl" || encoding.kind === "files")
    return lineBytes(
      mapped(lines, ({ row }) => written(row.value)),
      "\n",
    );
  return tableBytes(encoding, values(lines));
}

/** A sidecar's bytes. */
export const sidecarBytes = (lines: Pieces<Line>): AsyncIterable<Uint8Array> =>
  lineBytes(mapped(lines, sidecarLine), "\n");

const sidecarLine = ({ example, row, line }: Line) => provenanceLine(example, row, line);

/** A row without the end of its line, which are several where it is a list. */
const written = (value: unknown): string =>
  Array.isArray(value) ? value.map((each) => JSON.stringify(each)).join("\n") : JSON.stringify(value);

async function* values(pieces: Pieces<Line>): AsyncGenerator<unknown> {
  for await (const piece of pieces) for (const { row } of piece) yield row.value;
}

function noted(
  lines: Pieces<Line>,
  exporter: Exporter,
  split: DatasetSplit,
  seen: Seen,
): AsyncGenerator<Iterable<Line>> {
  const masks = exporter.shape === "masked" || exporter.shape === "exploded";
  return mapped(lines, (each) => {
    const { example, row, line } = each;
    seen.rows += 1;
    seen.longestRow = Math.max(seen.longestRow, charactersOf(example, row));
    seen.hasTools ||= example.messages.some(({ toolCalls }) => (toolCalls?.length ?? 0) > 0);
    const proves = split === "train" && (masks || row.judged !== undefined);
    if (proves && line <= GOLDEN_LINES && seen.goldenSize < GOLDEN_CHARACTERS) {
      const golden = goldenLine(exporter, example, row, line);
      seen.golden.push(golden);
      seen.goldenSize += golden.length;
    }
    return each;
  });
}

/** What a trainer would read of a row, in characters: its messages; where it holds others than these, all of it. */
function charactersOf({ messages }: Example, { positions, judged, value }: ExportRow): number {
  if (judged) return JSON.stringify(value).length;
  let sum = 0;
  messages.forEach(({ content, toolCalls }, index) => {
    if (positions[index] === null) return;
    sum += content?.length ?? 0;
    for (const call of toolCalls ?? []) sum += call.name.length + call.arguments.length;
  });
  return sum;
}

/** The same lines, once it is known that there are any; null where there are none. */
async function begun<T>(pieces: AsyncGenerator<Iterable<T>>): Promise<AsyncGenerator<Iterable<T>> | null> {
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return null;
    const items = value[Symbol.iterator]();
    const first = items.next();
    if (!first.done) return continued(prefixed(first.value, items), pieces);
  }
}

function* prefixed<T>(first: T, rest: Iterator<T>): Generator<T> {
  yield first;
  for (let next = rest.next(); !next.done; next = rest.next()) yield next.value;
}

async function* continued<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function closingFiles(source: KitSource, kit: Kit, golden: string[]) {
  const { exporter, dataset, version } = source;
  // Where nothing can be trained there is nothing to prove.
  const files = rowsOf(kit, "train") > 0 ? exporter.files(kit) : [];
  const manifest = {
    dataset: { id: dataset.datasetId, name: dataset.name, contentHash: dataset.contentHash },
    format: exporter.format,
    shape: exporter.shape,
    gleaner: version,
    examples: dataset.exampleCount,
    splits: kit.splits,
    longestRowCharacters: kit.longestRow,
  };
  return [
    ...(golden.length > 0 ? [{ path: "golden.jsonl", text: `${golden.join("\n")}\n` }] : []),
    ...files,
    { path: "README.md", text: readme(source, kit, files, golden.length > 0) },
    { path: "manifest.json", text: `${JSON.stringify(manifest, null, 2)}\n` },
  ];
}

async function* hashed(
  bytes: AsyncIterable<Uint8Array>,
  done: (sum: string) => void,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  done(hash.digest("hex"));
}
