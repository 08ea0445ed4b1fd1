import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type FileMetaData } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { AppError } from "@/lib/core/errors";
import type { RawRecord } from "./raw-record";
import { spooled, spoolLimit, type Spooled } from "./spool";

const encoder = new TextEncoder();
/** A row group is read at once; this is what it may hold, unpacked. */
const groupLimit = spoolLimit;

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;

/** Values as JSON has them. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return undefined;
  if (ArrayBuffer.isView(value) && isIterable(value)) return Array.from(value, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

/** Text that is itself a JSON list or object, as nested columns are often kept, is opened. */
function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return plain(value);
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Columns that hold a conversation, its tools, or what is said of it; text in others is only text. */
const nested = new Set(
  ["messages", "conversations", "conversation", "trajectory", "traj", "history", "steps", "content"].concat([
    "tools",
    "prompt",
    "completion",
    "loss_mask",
    "info",
    "details",
    "agent",
    "extra",
    "scores",
    "metadata",
    "opening",
    "attributes",
  ]),
);

const rowOf = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, nested.has(name) ? opened(value) : plain(value)]),
  );

function bufferOf(file: Spooled): AsyncBuffer {
  return {
    byteLength: file.size,
    async slice(from, to = file.size) {
      const bytes = await file.read(from, to - from);
      const copy = new ArrayBuffer(bytes.length);
      new Uint8Array(copy).set(bytes);
      return copy;
    },
  };
}

async function demanded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "unreadable";
    throw new AppError("invalid_input", `the Parquet file is damaged or cut off: ${detail.slice(0, 200)}`, {
      cause,
    });
  }
}

async function* rowsOf(file: Spooled, metadata: FileMetaData): AsyncGenerator<Record<string, unknown>> {
  const buffer = bufferOf(file);
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    if (Number(group.total_byte_size) > groupLimit)
      throw new AppError(
        "invalid_input",
        `a row group of the Parquet file is larger than ${groupLimit} bytes`,
        {
          fix: "write it with smaller row groups",
        },
      );
    yield* await demanded(parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors }));
    rowStart = rowEnd;
  }
}

/**
 * The rows of a Parquet file as records: lists of structs become lists of objects, and columns that hold JSON text are
 * opened. `line` is the row, from 1.
 * @throws AppError invalid_input for a file that is damaged or too large
 */
export function parquetRecords(stream: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord> {
  return spooled(stream, "Parquet file", async function* (file) {
    const metadata = await demanded(parquetMetadataAsync(bufferOf(file)));
    let line = 0;
    for await (const row of rowsOf(file, metadata)) {
      line += 1;
      const bytes = encoder.encode(JSON.stringify(rowOf(row)));
      yield { line, byteOffset: 0, bytes, problem: null, last: false, place: `row ${line}` };
    }
  });
}
