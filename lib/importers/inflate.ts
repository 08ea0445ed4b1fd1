import { Readable } from "node:stream";
import { createGunzip, createInflateRaw } from "node:zlib";
import { Decompress } from "fzstd";
import { AppError } from "@/lib/core/errors";

/** What compressed data may become, in all and per byte of it: more is made to fill a disk, not to be read. */
const inflatedLimit = 20 * 1024 ** 3;
const ratioLimit = 200;
/** Below this no ratio is wrong: little text says one thing often. */
const ratioFrom = 64 * 1024 * 1024;

const ways = {
  stored: null,
  deflate: createInflateRaw,
  gzip: createGunzip,
  zstd: unzstd,
} as const;
export type Compression = keyof typeof ways;

/**
 * Decompressed bytes of a stream.
 * @throws AppError invalid_input where the data is damaged, cut off, or grows out of all proportion
 */
export async function* inflated(
  stream: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  let taken = 0;
  let given = 0;
  async function* counted() {
    for await (const chunk of stream) {
      taken += chunk.length;
      yield chunk;
    }
  }
  try {
    for await (const chunk of through(counted(), compression)) {
      given += chunk.length;
      if (given > inflatedLimit || (given > ratioFrom && given > taken * ratioLimit))
        throw new AppError(
          "invalid_input",
          `${given} bytes come out of ${taken}: this is no file of records`,
        );
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    const detail = cause instanceof Error ? cause.message : "unreadable";
    throw new AppError("invalid_input", `the compressed data is damaged or cut off: ${detail}`, { cause });
  }
}

function through(stream: AsyncIterable<Uint8Array>, compression: Compression): AsyncIterable<Uint8Array> {
  if (compression === "stored") return stream;
  if (compression === "zstd") return unzstd(stream);
  const source = Readable.from(stream, { objectMode: false });
  const inflating = ways[compression]();
  source.on("error", (error) => inflating.destroy(error));
  return source.pipe(inflating);
}

async function* unzstd(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const inflating = new Decompress((chunk) => void ready.push(chunk));
  let before: Uint8Array | null = null;
  const push = (chunk: Uint8Array, final: boolean) => {
    inflating.push(chunk, final);
    const given = ready;
    ready = [];
    return given;
  };
  for await (const chunk of stream) {
    // Small pieces: what one of them becomes is held at once.
    for (let at = 0; at < chunk.length; at += 65_536) {
      if (before) yield* push(before, false);
      before = chunk.slice(at, at + 65_536);
    }
  }
  if (before) yield* push(before, true);
}
