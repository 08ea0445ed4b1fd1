import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { Spool } from "@/lib/exporters/spool";
import { textOf } from "../support/folders";

let folder = "";
const before = process.env.TMPDIR;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gleaner-spool-test-"));
  process.env.TMPDIR = folder;
});
afterEach(async () => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(folder, { recursive: true, force: true });
});

const lines = (count: number) =>
  Array.from({ length: count }, (_, i) => `${i} “said” ${"ä".repeat(i % 90)}\n`);

async function spooled(given: string[]): Promise<string> {
  const spool = new Spool();
  for (const line of given) {
    spool.add(line, "");
    await spool.settle();
  }
  const text = await textOf(spool.bytes());
  await spool.close();
  return text;
}

it.each([0, 1, 700, 40_000])("gives back %i lines in order", async (count) => {
  const given = lines(count);
  expect((await spooled(given)) === given.join("")).toBe(true);
});

it("gives back bytes among lines, however many", async () => {
  const spool = new Spool();
  const given: Buffer[] = [];
  for (let i = 0; i < 5000; i++) {
    const bytes = Buffer.alloc(i === 2500 ? 300_000 : 300, i);
    given.push(bytes, Buffer.from(`${i}é\n`));
    spool.addBytes(bytes);
    spool.add(`${i}é`, "\n");
    await spool.settle();
  }
  const read: Uint8Array[] = [];
  for await (const chunk of spool.bytes()) read.push(chunk);
  await spool.close();
  expect(Buffer.concat(read).equals(Buffer.concat(given))).toBe(true);
});

it("leaves nothing in the temporary folder, even while it is used", async () => {
  const spool = new Spool();
  for (const line of lines(40_000)) {
    spool.add(line, "");
    await spool.settle();
  }
  expect(await readdir(folder)).toEqual([]);
  await spool.close();
});

it("says which folder takes no more, and what to do", async () => {
  await rm(folder, { recursive: true });
  await expect(spooled(lines(40_000))).rejects.toMatchObject({
    code: "internal",
    message: expect.stringContaining(folder),
    fix: expect.stringContaining("TMPDIR"),
  });
  expect(await spooled(lines(700))).toBe(lines(700).join(""));
});
