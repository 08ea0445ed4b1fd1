import "server-only";
import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { env } from "@/lib/config/env";
import { AppError } from "@/lib/core/errors";
import { removeOld } from "./old-files";

/** A file that arrived and waits to be stored or forgotten. Its name is ours; the sender's is only shown. */
export const Upload = z.object({
  uploadId: z.uuid(),
  fileName: z.string().max(300),
  bytes: z.number().int().min(0),
  kind: z.enum(["trajectories", "evidence"]),
});
export type Upload = z.infer<typeof Upload>;

const MAX_BYTES = 20 * 1024 ** 3;
const KEPT_MS = 24 * 60 * 60 * 1000;

const folder = () => path.join(env().GLEANER_DATA, "uploads");
const dataFile = (uploadId: string) => path.join(folder(), `${z.uuid().parse(uploadId)}.data`);
const metaFile = (uploadId: string) => path.join(folder(), `${z.uuid().parse(uploadId)}.json`);

/**
 * Keeps a request's body as a file, streamed. An interrupted upload leaves nothing behind.
 * @throws AppError invalid_input for an empty or too large body
 */
export async function receiveUpload(
  body: ReadableStream<Uint8Array> | null,
  fileName: string,
): Promise<Upload> {
  if (!body)
    throw new AppError("invalid_input", "the request has no body", {
      fix: "send the file itself as the body",
    });
  await mkdir(folder(), { recursive: true });
  await removeOld(folder(), Date.now() - KEPT_MS);
  const uploadId = randomUUID();
  try {
    await pipeline(Readable.from(limited(body)), createWriteStream(dataFile(uploadId)));
    const { size } = await stat(dataFile(uploadId));
    if (size === 0) throw new AppError("invalid_input", `${fileName} is empty`);
    const upload: Upload = { uploadId, fileName, bytes: size, kind: await kindOf(uploadId) };
    await writeFile(metaFile(uploadId), JSON.stringify(upload));
    return upload;
  } catch (error) {
    await forgetUpload(uploadId);
    throw error;
  }
}

async function* limited(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0])) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw new AppError("invalid_input", "the file is larger than 20 GB", {
        fix: "split it, or use the command line",
      });
    yield chunk;
  }
}

/** Evidence names a trajectory, a state and an outcome; anything else is read as trajectories. */
async function kindOf(uploadId: string): Promise<Upload["kind"]> {
  for await (const chunk of createReadStream(dataFile(uploadId), { end: 65_535, encoding: "utf8" })) {
    const head = String(chunk).slice(0, 65_536).split("\n", 1)[0] ?? "";
    return /"trajectory"\s*:/.test(head) && /"state"\s*:/.test(head) && /"outcome"\s*:/.test(head)
      ? "evidence"
      : "trajectories";
  }
  return "trajectories";
}

/** @throws AppError not_found when it was stored, forgotten or never there */
export async function findUpload(uploadId: string): Promise<Upload> {
  try {
    return Upload.parse(JSON.parse(await readFile(metaFile(uploadId), "utf8")));
  } catch (cause) {
    throw new AppError("not_found", "this upload is no longer here", { fix: "choose the file again", cause });
  }
}

export const openUpload = (uploadId: string): AsyncIterable<Uint8Array> =>
  createReadStream(dataFile(uploadId));

export async function forgetUpload(uploadId: string): Promise<void> {
  await Promise.all([dataFile(uploadId), metaFile(uploadId)].map((file) => rm(file, { force: true })));
}
