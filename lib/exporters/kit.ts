import { createHash } from "node:crypto";
import { datasetSplits, type DatasetSplit } from "@/lib/core/dataset-split";
import type { DatasetCard } from "@/lib/core/dataset";
import type { Example } from "@/lib/core/example";
import type { ExportContext, Exporter, ExportRow, Kit, KitSplit } from "@/lib/core/ports";
import { lineBytes, tableBytes } from "./encode";
import { GOLDEN_LINES, goldenLine } from "./golden";
import { provenanceFileName, provenanceLine } from "./provenance";
import { readme } from "./readme";
import { exportRows } from "./rows";
import { Spool } from "./spool";
import type { FolderFile } from "./zip";

/** A dataset to be written in one format. */
export type KitSource = {
  exporter: Exporter;
  dataset: { datasetId: number; name: string; contentHash: string; exampleCount: number; card: DatasetCard };
  /** Gleaner's version: another one may write the same dataset in other bytes. */
  version: string;
  /** Examples of a split in order; asked for once. */
  examples(split: DatasetSplit): AsyncIterable<Given>;
};

/** An example and what its exporter may need besides. */
export type Given = { example: Example; context: ExportContext };

/** One line of a data file. `line` is 1-based; `example` is trimmed. */
export type Line = { line: number; example: Example; row: ExportRow };

/** Every row of some examples, in order. */
export async function* linesOf(exporter: Exporter, examples: AsyncIterable<Given>): AsyncGenerator<Line> {
  let line = 0;
  for await (const given of examples) {
    const { example, rows } = exportRows(exporter, given.example, given.context);
    for (const row of rows) yield { line: ++line, example, row };
  }
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
  const sums: string[] = [];
  const summed = ({ path, bytes }: FolderFile): FolderFile => ({
    path,
    bytes: hashed(bytes, (sum) => sums.push(`${sum}  ${path}\n`)),
  });
  const seen: Seen = { rows: 0, longestRow: 0, hasTools: false, golden: [], goldenSize: 0 };
  const splits: KitSplit[] = [];
  for (const split of datasetSplits) {
    const before = seen.rows;
    for await (const file of splitFiles(source, split, seen)) yield summed(file);
    const rows = seen.rows - before;
    if (rows > 0) splits.push({ split, file: source.exporter.dataFile(split), rows });
  }
  const { longestRow, hasTools } = seen;
  const kit: Kit = { name: fileNameOf(source.dataset.name), splits, longestRow, hasTools };
  for (const { path, text } of closingFiles(source, kit, seen.golden))
    yield summed({ path, bytes: lineBytes([text]) });
  yield { path: "SHA256SUMS", bytes: lineBytes(sums) };
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
  const lines = noted(linesOf(exporter, source.examples(split)), exporter, seen);
  const first = await lines.next();
  if (first.done) return;
  const all = continued(first.value, lines);
  if (exporter.shape === "table") return yield* dataFiles(exporter, dataFile, all);
  const spool = new Spool();
  try {
    yield* dataFiles(exporter, dataFile, kept(all, spool));
    yield { path: provenanceFileName(dataFile), bytes: spool.bytes() };
  } finally {
    await spool.close();
  }
}

async function* dataFiles(
  exporter: Exporter,
  dataFile: string,
  lines: AsyncGenerator<Line>,
): AsyncGenerator<FolderFile> {
  if (exporter.encoding.kind !== "files") return yield { path: dataFile, bytes: dataBytes(exporter, lines) };
  for await (const { line, row } of lines) {
    const path = `${dataFile}/${String(line).padStart(6, "0")}.jsonl`;
    yield { path, bytes: lineBytes((Array.isArray(row.value) ? row.value : [row.value]).map(jsonLine)) };
  }
}

async function* kept(lines: AsyncIterable<Line>, spool: Spool): AsyncGenerator<Line> {
  for await (const each of lines) {
    await spool.add(sidecarLine(each));
    yield each;
  }
}

const jsonLine = (value: unknown) => `${JSON.stringify(value)}\n`;

/** Lines of one data file as its bytes. A format of many files is one of lines here. */
export function dataBytes({ encoding }: Exporter, lines: AsyncIterable<Line>): AsyncIterable<Uint8Array> {
  if (encoding.kind === "jsonl" || encoding.kind === "files") return lineBytes(written(lines));
  return tableBytes(encoding, values(lines));
}

/** The lines of a sidecar. */
export async function* sidecar(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  for await (const each of lines) yield sidecarLine(each);
}

const sidecarLine = ({ example, row, line }: Line) => `${provenanceLine(example, row, line)}\n`;

async function* written(lines: AsyncIterable<Line>): AsyncGenerator<string> {
  for await (const { row } of lines)
    yield Array.isArray(row.value) ? row.value.map(jsonLine).join("") : jsonLine(row.value);
}

async function* values(lines: AsyncIterable<Line>): AsyncGenerator<unknown> {
  for await (const { row } of lines) yield row.value;
}

async function* noted(lines: AsyncIterable<Line>, exporter: Exporter, seen: Seen): AsyncGenerator<Line> {
  const proves = exporter.shape === "masked" || exporter.shape === "exploded";
  for await (const each of lines) {
    const { example, row, line } = each;
    seen.rows += 1;
    seen.longestRow = Math.max(seen.longestRow, charactersOf(example, row));
    seen.hasTools ||= example.messages.some(({ toolCalls }) => (toolCalls?.length ?? 0) > 0);
    if (proves && seen.rows === line && line <= GOLDEN_LINES && seen.goldenSize < GOLDEN_CHARACTERS) {
      const golden = goldenLine(exporter, example, row, line);
      seen.golden.push(golden);
      seen.goldenSize += golden.length;
    }
    yield each;
  }
}

/** What a trainer would read of a row, in characters: its messages. */
function charactersOf({ messages }: Example, { positions }: ExportRow): number {
  let sum = 0;
  messages.forEach(({ content, toolCalls }, index) => {
    if (positions[index] === null) return;
    sum += content?.length ?? 0;
    for (const call of toolCalls ?? []) sum += call.name.length + call.arguments.length;
  });
  return sum;
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
  const files = exporter.files(kit);
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
    { path: "README.md", text: readme(source, kit, files) },
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
