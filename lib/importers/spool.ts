import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AppError } from "@/lib/core/errors";

/** Largest archive or Parquet file that is read: it is kept on disk while it is. */
export const spoolLimit = 512 * 1024 * 1024;

/** A file that can be read anywhere, not only from its beginning. */
export type Spooled = { path: string; size: number; read(from: number, length: number): Promise<Buffer> };

async function* limited(stream: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > spoolLimit)
      throw new AppError("invalid_input", `the ${what} is larger than ${spoolLimit / 1024 ** 2} MB`, {
        fix: "send it in parts, or as JSONL (which may be gzipped)",
      });
    yield chunk;
  }
}

async function readAt(handle: FileHandle, from: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, from);
  return bytes.subarray(0, bytesRead);
}

/**
 * Keeps a stream in a temporary file as long as `read` goes on.
 * @param what names the kind of file in the message, e.g. `ZIP archive`
 * @throws AppError invalid_input when it is larger than `spoolLimit`
 */
export async function* spooled<T>(
  stream: AsyncIterable<Uint8Array>,
  what: string,
  read: (file: Spooled) => AsyncGenerator<T>,
): AsyncGenerator<T> {
  const folder = await mkdtemp(path.join(tmpdir(), "gleaner-import-"));
  let handle: FileHandle | null = null;
  try {
    const file = path.join(folder, "file");
    await pipeline(Readable.from(limited(stream, what)), createWriteStream(file));
    const opened = (handle = await open(file));
    const { size } = await opened.stat();
    yield* read({ path: file, size, read: (from, length) => readAt(opened, from, length) });
  } finally {
    await handle?.close();
    await rm(folder, { recursive: true, force: true });
  }
}
