import { createHash, randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import {
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  statfs,
  writeFile,
  type FileHandle,
} from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import type { DatasetExportStore, ExportFileId } from "@/lib/core/dataset-export";
import { AppError } from "@/lib/core/errors";

/** Bytes that stay free on the disk, which the database needs too. */
const LEFT_FREE = 500_000_000;

/** What a folder of exports calls itself. */
const ID_FILE = "folder-id";

/**
 * The name of a folder of exports, by which those on other machines are told from it; made with it where there is none.
 * @throws AppError when it cannot be made
 */
export async function nameFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    const own = path.join(folder, `${ID_FILE}.${randomUUID()}`);
    await writeFile(own, randomUUID());
    // Whoever comes first names it: a link is made whole or not at all.
    await link(own, path.join(folder, ID_FILE)).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    await rm(own);
    return await readFile(path.join(folder, ID_FILE), "utf8");
  } catch (error) {
    throw diskTrouble(folder, error);
  }
}

/** The name of a folder of exports; null where there is none yet. */
export async function folderName(folder: string): Promise<string | null> {
  return readFile(path.join(folder, ID_FILE), "utf8").catch(absent);
}

/** Where the file of an export is once it is whole. Its name is ours: nothing in it was sent by anybody. */
export const preparedFile = (folder: string, { key, epoch }: ExportFileId): string =>
  path.join(folder, `${key}.${epoch}.zip`);

/** Where it is while it is written. */
const partFile = (folder: string, { key, epoch }: ExportFileId): string =>
  path.join(folder, `${key}.${epoch}.part`);

/**
 * Writes an export beside its place, down to the disk; `placePrepared` puts it there.
 * @param wrote told of the bytes of every piece
 * @throws AppError when the disk does not take it; what `signal` was aborted with
 */
export async function writePrepared(
  folder: string,
  id: ExportFileId,
  body: AsyncIterable<Uint8Array>,
  { signal, wrote }: { signal: AbortSignal; wrote: (bytes: number) => void },
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  const summed = async function* () {
    for await (const chunk of body) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      wrote(chunk.byteLength);
      yield chunk;
    }
  };
  const file = partFile(folder, id);
  try {
    await pipeline(summed(), createWriteStream(file, { flags: "w", mode: 0o600, flush: true }), { signal });
  } catch (error) {
    await dropPart(folder, id);
    signal.throwIfAborted();
    throw diskTrouble(folder, error);
  }
  return { bytes, sha256: hash.digest("hex") };
}

/** Gives a written export its name, for good: from then on it can be downloaded. @throws AppError as `writePrepared` */
export async function placePrepared(folder: string, id: ExportFileId): Promise<void> {
  try {
    await rename(partFile(folder, id), preparedFile(folder, id));
    const entry = await open(folder, "r");
    await entry.sync().finally(() => entry.close());
  } catch (error) {
    throw diskTrouble(folder, error);
  }
}

/** What is half written goes; nothing is there already where the folder could not be made. */
export async function dropPart(folder: string, id: ExportFileId): Promise<void> {
  await rm(partFile(folder, id), { force: true }).catch(() => undefined);
}

/**
 * Opens a prepared export to be read.
 * @param bytes what was written
 * @returns null when it is not there, or not as long as it was
 */
export async function openPrepared(
  folder: string,
  id: ExportFileId,
  bytes: number,
): Promise<FileHandle | null> {
  const file = await open(preparedFile(folder, id), "r").catch(absent);
  if (file === null || (await file.stat()).size === bytes) return file;
  await file.close();
  return null;
}

/** Whether a prepared export is there as it was written. */
export async function isPrepared(folder: string, id: ExportFileId, bytes: number): Promise<boolean> {
  return (await stat(preparedFile(folder, id)).catch(absent))?.size === bytes;
}

/** Every file of exports that is there, whole or not. */
async function preparedFiles(folder: string): Promise<(ExportFileId & { file: string })[]> {
  const names = (await readdir(folder).catch(absent)) ?? [];
  return names.flatMap((name) => {
    const [, key, epoch] = /^([0-9a-f-]{36})\.(\d+)\.(?:zip|part)$/.exec(name) ?? [];
    return key === undefined ? [] : [{ key, epoch: Number(epoch), file: path.join(folder, name) }];
  });
}

type Known = Pick<DatasetExportStore, "known" | "fileId" | "withdraw" | "forget">;

/** Removes an export that is over, its file first. False: it is open. */
export async function removePrepared(exports: Known, folder: string, exportId: number): Promise<boolean> {
  await exports.withdraw(exportId, "cancelled");
  const { key } = await exports.fileId(exportId);
  for (const each of await preparedFiles(folder)) if (each.key === key) await rm(each.file, { force: true });
  return exports.forget(exportId);
}

/** Removes what workers that are gone left of exports. Files of exports that this database does not know stay. */
export async function dropLeftovers(exports: Known, folder: string): Promise<void> {
  const files = await preparedFiles(folder);
  if (files.length === 0) return;
  // Read after the files: a claim is known before its file is begun.
  const kept = new Map((await exports.known(files.map(({ key }) => key))).map((e) => [e.key, e.epoch]));
  for (const { key, epoch, file } of files)
    if (kept.has(key) && kept.get(key) !== epoch) await rm(file, { force: true });
}

/** @throws AppError too_large when the disk is nearly full, or all exports together would take more than they may */
export async function demandRoom(folder: string, taken: number, limit: number): Promise<void> {
  if (taken > limit)
    throw new AppError("too_large", `prepared downloads would take more than ${gigabytes(limit)}`, {
      fix: "remove prepared folders that nobody needs any more, set GLEANER_EXPORTS_GB higher, or download it directly",
    });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < LEFT_FREE)
    throw new AppError("too_large", `the disk of ${folder} has less than ${gigabytes(LEFT_FREE)} left`, {
      fix: "free space there or remove prepared folders, then prepare it again; or download it directly",
    });
}

const gigabytes = (bytes: number): string => `${Number((bytes / 1e9).toPrecision(2))} GB`;

const Coded = z.object({ code: z.string() });
const codeOf = (error: unknown): string | undefined => Coded.safeParse(error).data?.code;

function absent(error: unknown): null {
  if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return null;
  throw error;
}

const FULL = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const CLOSED = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "EISDIR", "EEXIST", "ENOENT", "EIO"]);

/** What went wrong with the disk, in words; anything else as it was. */
function diskTrouble(folder: string, error: unknown): unknown {
  if (error instanceof AppError) return error;
  const code = codeOf(error) ?? "";
  if (FULL.has(code))
    return new AppError("too_large", `the disk of ${folder} is full (${code})`, {
      fix: "free space there or remove prepared folders, then prepare it again; or download it directly",
      cause: error,
    });
  if (CLOSED.has(code))
    return new AppError("internal", `the folder ${folder} cannot be written to (${code})`, {
      fix: "let the worker’s user write there, or set GLEANER_DATA to a folder that it may write to; then prepare it again",
      cause: error,
    });
  return error;
}
