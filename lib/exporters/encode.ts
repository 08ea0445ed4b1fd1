import type { Encoding, ExportColumn } from "@/lib/core/ports";
import { csvLine } from "@/lib/core/csv";
import { parquetBytes } from "./parquet";

/** Bytes that are handed on at once: small enough to hold, large enough that a stream spends its time on data. */
const CHUNK = 256 * 1024;
/** The most bytes of UTF-8 one UTF-16 unit becomes. */
const WIDEST = 3;

/** Lines as they are made, some at a time: an asynchronous step per line would cost as much as the line. */
export type Pieces<T> = AsyncIterable<Iterable<T>>;

/** Lines as bytes in chunks. @param end what each line is ended with */
export async function* lineBytes(
  pieces: Pieces<string> | Iterable<Iterable<string>>,
  end = "",
): AsyncGenerator<Uint8Array> {
  const packer = new Packer();
  for await (const lines of pieces)
    for (const line of lines) {
      const full = packer.add(line, end);
      if (full) yield* full;
    }
  yield* packer.rest();
}

/** A text as bytes, all at once. */
export async function* textBytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** Lines as UTF-8, each written once, where it belongs: measuring or joining them first would read every character twice. */
export class Packer {
  private chunk = Buffer.alloc(0);
  private used = 0;

  /**
   * @param end written after the line; joined to it, every character would be copied once more
   * @returns what is full, null where there is room left
   */
  add(line: string, end: string): Buffer[] | null {
    const most = (line.length + end.length) * WIDEST;
    if (most > CHUNK) return [...this.rest(), Buffer.from(line + end)];
    const full = this.makeRoom(most);
    this.used += this.chunk.write(line, this.used);
    this.used += this.chunk.write(end, this.used);
    return full;
  }

  /** The same of what is bytes already. */
  addBytes(bytes: Buffer): Buffer[] | null {
    if (bytes.length > CHUNK) return [...this.rest(), bytes];
    const full = this.makeRoom(bytes.length);
    this.used += bytes.copy(this.chunk, this.used);
    return full;
  }

  private makeRoom(most: number): Buffer[] | null {
    if (this.used + most <= this.chunk.length) return null;
    const full = this.rest();
    this.chunk = Buffer.allocUnsafeSlow(CHUNK);
    return full;
  }

  rest(): Buffer[] {
    const written = this.used === 0 ? [] : [this.chunk.subarray(0, this.used)];
    [this.chunk, this.used] = [Buffer.alloc(0), 0];
    return written;
  }
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

async function* csvLines(columns: readonly ExportColumn[], rows: AsyncIterable<Cell[]>) {
  yield [csvLine(columns.map(({ name }) => name))];
  for await (const row of rows) yield [csvLine(row)];
}
