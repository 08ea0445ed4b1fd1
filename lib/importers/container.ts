import { AppError } from "@/lib/core/errors";
import { inflated, type Compression } from "./inflate";
import { parquetRecords } from "./parquet";
import type { RawRecord } from "./raw-record";
import { splitRecords } from "./record-stream";
import { zipRecords, type Skipped } from "./zip";

const kinds: { kind: "zip" | "parquet" | Compression; bytes: number[] }[] = [
  { kind: "zip", bytes: [0x50, 0x4b, 3, 4] },
  { kind: "zip", bytes: [0x50, 0x4b, 5, 6] },
  { kind: "parquet", bytes: [0x50, 0x41, 0x52, 0x31] },
  { kind: "gzip", bytes: [0x1f, 0x8b] },
  { kind: "zstd", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
];

/** What a file is, told by its first bytes; a file name says nothing here. */
function kindOf(head: Uint8Array) {
  return kinds.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte))?.kind ?? null;
}

async function* from(head: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* head;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

/** Records as far as they can be unpacked; then one that says why no further. */
async function* unpacked(stream: AsyncIterable<Uint8Array>, how: Compression): AsyncGenerator<RawRecord> {
  const broken: AppError[] = [];
  async function* asFarAsPossible() {
    try {
      yield* inflated(stream, how);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      broken.push(error);
    }
  }
  let line = 0;
  let byteOffset = 0;
  for await (const raw of splitRecords(asFarAsPossible())) {
    line = raw.line;
    byteOffset = raw.byteOffset + raw.bytes.length;
    yield raw;
  }
  for (const { message } of broken)
    yield { line: line + 1, byteOffset, bytes: new Uint8Array(0), problem: message, last: true };
}

/**
 * The records of a file of any kind: JSONL, a JSON array, JSON objects over many lines, each of them gzipped or packed
 * with zstd, a ZIP archive of such files or an Inspect log, or Parquet.
 * @param skipped told of each file of an archive that is not read, and why
 * @throws AppError invalid_input for an archive or Parquet file that cannot be read at all
 */
export async function* recordsIn(
  stream: AsyncIterable<Uint8Array>,
  skipped?: Skipped,
): AsyncGenerator<RawRecord> {
  const chunks = stream[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  try {
    for (let size = 0; size < 4;) {
      const next = await chunks.next();
      if (next.done) break;
      head.push(next.value);
      size += next.value.length;
    }
    const kind = kindOf(Buffer.concat(head.map((part) => part.subarray(0, 4))));
    const bytes = from(head, chunks);
    if (kind === "zip") yield* zipRecords(bytes, skipped);
    else if (kind === "parquet") yield* parquetRecords(bytes);
    else if (kind !== null) yield* unpacked(bytes, kind);
    else yield* splitRecords(bytes);
  } finally {
    await chunks.return?.();
  }
}
