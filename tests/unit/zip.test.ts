import { expect, it } from "vitest";
import { crc32, slowCrc32 } from "@/lib/exporters/crc32";
import { zipOf, type FolderFile } from "@/lib/exporters/zip";
import { centralEntry, descriptor, endOfZip } from "@/lib/exporters/zip-records";
import { membersOf } from "@/lib/importers/zip-directory";
import { bytesOf } from "../support/folders";

/** A file of which only the bytes from `start` on are there. */
const fileFrom = (bytes: Buffer, start = 0) => ({
  path: "",
  size: start + bytes.length,
  read: async (from: number, length: number) => bytes.subarray(from - start, from - start + length),
});

async function* of(...chunks: string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

it("sums as zip does, with and without Node's own", () => {
  const bytes = Buffer.from("123456789");
  for (const sum of [crc32, slowCrc32]) {
    expect(sum(bytes)).toBe(0xcbf4_3926);
    expect(sum(bytes.subarray(4), sum(bytes.subarray(0, 4)))).toBe(0xcbf4_3926);
    expect(sum(Buffer.alloc(0))).toBe(0);
  }
});

it("names every file of a folder, also more than 65,535", async () => {
  const count = 70_000;
  async function* files(): AsyncGenerator<FolderFile> {
    for (let i = 0; i < count; i++) yield { path: `é/${i}`, bytes: of(`${i}`) };
  }
  const zip = await bytesOf(zipOf("folder", files()));
  const members = await membersOf(fileFrom(zip));
  expect(members).toHaveLength(count);
  expect(members.at(-1)).toMatchObject({ name: "folder/é/69999", method: 0, encrypted: false, size: 5 });
  const { from } = members[66_000] ?? { from: 0 };
  expect(zip.toString("utf8", from + 30, from + 30 + "folder/é/66000".length + 1 + 5)).toBe(
    "folder/é/6600066000",
  );
  // The plain record cannot say it, so the zip64 record does.
  expect(zip.readUInt16LE(zip.length - 22 + 10)).toBe(0xffff);
  expect(zip.readBigUInt64LE(zip.length - 22 - 20 - 56 + 32)).toBe(BigInt(count));
});

it("says where files lie beyond 4 GB, and how long they are", async () => {
  const [far, long] = [6_000_000_000, 5_000_000_000];
  const entries = [
    { name: Buffer.from("long"), offset: 0, crc: 1, size: long },
    { name: Buffer.from("far"), offset: far - 100, crc: 2, size: 7 },
    { name: Buffer.from("both"), offset: far - 50, crc: 3, size: long },
  ];
  const directory = Buffer.concat(entries.map(centralEntry));
  const tail = Buffer.concat([directory, endOfZip(entries.length, far, directory.length)]);
  const members = await membersOf(fileFrom(tail, far));
  expect(members.map(({ name, size, from }) => [name, size, from])).toEqual([
    ["long", long, 0],
    ["far", 7, far - 100],
    ["both", long, far - 50],
  ]);
  const lengths = entries.map((entry) => descriptor(entry).length);
  expect(lengths).toEqual([24, 16, 24]);
});

it("ends the file that is read, and the folder, once its reader has gone", async () => {
  const ended: string[] = [];
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield Buffer.from("x");
    } finally {
      ended.push("file");
    }
  }
  async function* files(): AsyncGenerator<FolderFile> {
    try {
      yield { path: "a", bytes: endless() };
    } finally {
      ended.push("folder");
    }
  }
  const reader = zipOf("folder", files()).getReader();
  await reader.read();
  await reader.read();
  await reader.cancel();
  expect(ended).toEqual(["file", "folder"]);
});
