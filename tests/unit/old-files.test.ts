import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { removeOld } from "@/lib/server/old-files";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "old-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it("removes what was not written to since then, and nothing else", async () => {
  for (const name of ["old", "new"]) await writeFile(path.join(folder, name), "x");
  await utimes(path.join(folder, "old"), 1_000, 1_000);
  await removeOld(folder, 2_000_000);
  expect(await readdir(folder)).toEqual(["new"]);
});

it("goes on where a file is gone by the time it is looked at", async () => {
  // A link to nothing: listed, and not there when it is asked about.
  await symlink(path.join(folder, "nothing"), path.join(folder, "a-gone"));
  await writeFile(path.join(folder, "b-old"), "x");
  await utimes(path.join(folder, "b-old"), 1_000, 1_000);
  await removeOld(folder, 2_000_000);
  expect(await readdir(folder)).toEqual(["a-gone"]);
});
