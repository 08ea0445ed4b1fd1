import { parquetMetadataAsync, parquetReadObjects, type AsyncBuffer, type FileMetaData } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { AppError } from "@/lib/core/errors";
import { exactKeys, markOf, withoutMarks } from "./exact-integers";
import type { RawRecord } from "./raw-record";
import { opened } from "./span-text";
import { spooled, spoolLimit, type Spooled } from "./spool";

const encoder = new TextEncoder();
/** A row group is read at once; this is what it may hold, unpacked. */
const groupLimit = spoolLimit;

const isIterable = (value: object): value is Iterable<unknown> => Symbol.iterator in value;
const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Some writers do not say that a column is text; bytes that are none are no part of a record. */
function textIn(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

/** What was written as JSON has its own keys, null or not. */
class Json {
  constructor(readonly value: unknown) {}
}
const parsers = {
  jsonFromBytes: (bytes: Uint8Array | null | undefined) => (bytes ? new Json(jsonIn(textIn(bytes))) : null),
};

/** JSON of any kind, with every digit of its integers; other text as it is. */
function jsonIn(text: string | undefined): unknown {
  const value = opened(text);
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const wholeNumber = (value: bigint, exact: boolean) => {
  if (Number.isSafeInteger(Number(value))) return Number(value);
  return exact ? markOf(value) : String(value);
};

/**
 * Values as JSON has them. All structs of a column have the same keys: one that is null was not there.
 * @param exact whether the value lies in the arguments of a call, whose integers stay integers
 */
function plain(value: unknown, exact = false): unknown {
  if (typeof value === "bigint") return wholeNumber(value, exact);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return textIn(value);
  if (ArrayBuffer.isView(value) && isIterable(value)) return Array.from(value, (each) => plain(each, exact));
  if (Array.isArray(value)) return value.map((each) => plain(each, exact));
  if (value instanceof Json) return value.value;
  if (typeof value !== "object" || value === null) return value;
  const there = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(there.map(([key, inner]) => [key, plain(inner, exact || exactKeys.has(key))]));
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

/** Text in nested columns that is itself a JSON list or object is opened. */
const rowOf = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => {
      const read = plain(value);
      return [name, nested.has(name) ? opened(read) : read];
    }),
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
    yield* await demanded(
      parquetReadObjects({ file: buffer, metadata, rowStart, rowEnd, compressors, parsers, utf8: false }),
    );
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
      const bytes = encoder.encode(withoutMarks(JSON.stringify(rowOf(row))));
      yield { line, byteOffset: 0, bytes, problem: null, last: false, place: `row ${line}` };
    }
  });
}
