import type { Encoding, ExportColumn } from "@/lib/core/ports";
import { csvLine } from "@/lib/core/csv";
import { parquetBytes } from "./parquet";

/** Bytes that are handed on at once: small enough to hold, large enough that a stream spends its time on data. */
const CHUNK = 64 * 1024;

/** Lines as bytes in chunks. */
export async function* lineBytes(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Uint8Array> {
  let [waiting, length]: [string[], number] = [[], 0];
  const take = () => {
    const bytes = bytesOf(waiting);
    [waiting, length] = [[], 0];
    return bytes;
  };
  for await (const line of lines) {
    waiting.push(line);
    length += line.length;
    if (length >= CHUNK) yield take();
  }
  if (length > 0) yield take();
}

/** Lines as one piece of UTF-8, each written where it belongs: joining them first would copy every character once more. */
export function bytesOf(lines: readonly string[]): Buffer {
  const bytes = Buffer.allocUnsafe(lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0));
  let at = 0;
  for (const line of lines) at += bytes.write(line, at);
  return bytes;
}

/** Rows of a table as a file of it. */
export function tableBytes(
  encoding: Exclude<Encoding, { kind: "jsonl" | "files" }>,
  rows: AsyncIterable<unknown>,
): AsyncIterable<Uint8Array> {
  const cells = cellsOf(encoding.columns, rows);
  if (encoding.kind === "parquet") return parquetBytes(encoding.columns, cells);
  return lineBytes(csvLines(encoding.columns, cells));
}

/** A cell as it is written. */
export type Cell = string | number | boolean | null;

async function* cellsOf(
  columns: readonly ExportColumn[],
  rows: AsyncIterable<unknown>,
): AsyncGenerator<Cell[]> {
  for await (const row of rows) {
    const byName = new Map(typeof row === "object" && row !== null ? Object.entries(row) : []);
    yield columns.map(({ name, type }) => cellOf(byName.get(name), type));
  }
}

function cellOf(value: unknown, type: ExportColumn["type"]): Cell {
  if (value === undefined || value === null) return null;
  if (type === "json") return JSON.stringify(value);
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

async function* csvLines(
  columns: readonly ExportColumn[],
  rows: AsyncIterable<Cell[]>,
): AsyncGenerator<string> {
  yield csvLine(columns.map(({ name }) => name));
  for await (const row of rows) yield csvLine(row);
}
