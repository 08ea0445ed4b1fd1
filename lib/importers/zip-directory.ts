import { createReadStream } from "node:fs";
import { AppError } from "@/lib/core/errors";
import { inflated, type Compression } from "./inflate";
import type { Spooled } from "./spool";

/** One file in a ZIP archive, as the archive's directory tells it. */
export type Member = { name: string; method: number; encrypted: boolean; size: number; from: number };

const methods: Record<number, Compression> = { 0: "stored", 8: "deflate", 93: "zstd" };
const directoryLimit = 256 * 1024 * 1024;
const wide = 0xffffffff;
const damaged = (what: string) =>
  new AppError("invalid_input", `the ZIP archive is damaged or cut off: ${what}`, { fix: "send it again" });

/** Where the directory lies; ZIP64 says it elsewhere. */
async function findDirectory(file: Spooled): Promise<{ from: number; length: number }> {
  const from = Math.max(0, file.size - 65_557);
  const tail = await file.read(from, file.size - from);
  const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end === -1 || end + 22 > tail.length) throw damaged("it has no directory");
  const length = tail.readUInt32LE(end + 12);
  const at = tail.readUInt32LE(end + 16);
  if (at !== wide && length !== wide) return { from: at, length };
  const locator = end - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== 0x07064b50) throw damaged("its directory is nowhere");
  const record = await file.read(Number(tail.readBigUInt64LE(locator + 8)), 56);
  if (record.length < 56) throw damaged("its directory is nowhere");
  return { from: Number(record.readBigUInt64LE(48)), length: Number(record.readBigUInt64LE(40)) };
}

/** What a ZIP64 field says of the sizes that do not fit the plain ones. */
function wideValues(extra: Buffer): bigint[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const [id, length] = [extra.readUInt16LE(at), extra.readUInt16LE(at + 2)];
    const field = extra.subarray(at + 4, at + 4 + length);
    if (id === 1)
      return Array.from({ length: Math.floor(field.length / 8) }, (_, i) => field.readBigUInt64LE(i * 8));
    at += 4 + length;
  }
  return [];
}

/** The files of an archive in its own order. @throws AppError invalid_input for an archive that cannot be read */
export async function membersOf(file: Spooled): Promise<Member[]> {
  const { from, length } = await findDirectory(file);
  if (length > directoryLimit || from + length > file.size) throw damaged("its directory is not all there");
  const directory = await file.read(from, length);
  const members: Member[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== 0x02014b50) break;
    const [names, extras, comments] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const extra = at + 46 + (names ?? 0);
    const end = extra + (extras ?? 0);
    const values = wideValues(directory.subarray(extra, end));
    if (directory.readUInt32LE(at + 24) === wide) values.shift();
    const given = (field: number) => {
      const plain = directory.readUInt32LE(at + field);
      return plain === wide ? Number(values.shift() ?? 0) : plain;
    };
    members.push({
      name: directory.toString("utf8", at + 46, extra),
      method: directory.readUInt16LE(at + 10),
      encrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
      size: given(20),
      from: given(42),
    });
    at = end + (comments ?? 0);
  }
  return members;
}

/** The bytes of one file of an archive. @throws AppError invalid_input where they cannot be had */
export async function* memberBytes(file: Spooled, member: Member): AsyncGenerator<Uint8Array> {
  const compression = methods[member.method];
  if (member.encrypted) throw new AppError("invalid_input", "it is encrypted");
  if (compression === undefined)
    throw new AppError("invalid_input", `it is packed by a method that is not read (${member.method})`, {
      fix: "pack it again with deflate or zstd",
    });
  const header = await file.read(member.from, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== 0x04034b50) throw damaged("a file in it is not there");
  const from = member.from + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (member.size === 0) return;
  if (from + member.size > file.size) throw damaged("a file in it is not all there");
  const bytes = createReadStream(file.path, { start: from, end: from + member.size - 1 });
  yield* inflated(bytes, compression);
}
