import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { useExports } from "../support/dataset-exports";
import { died, openWorkers } from "../support/spawned-workers";
import { useStore } from "../support/store";

const db = useStore();
const exports = useExports(db);

it("a killed worker’s export is taken up again: one file, the same bytes, nothing else left", async () => {
  const datasetId = await exports.dataset(1200, 20_000);
  const { exportId } = await exports.ask(datasetId);
  const workers = openWorkers(db.url, { leaseMs: 1500, sweepMs: 100 });
  const written = () =>
    readdirSync(exports.folder)
      .filter((name) => name.endsWith(".part"))
      .reduce((sum, name) => sum + (statSync(path.join(exports.folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
  try {
    const first = workers.start();
    await expect.poll(written, { timeout: 60_000, interval: 2 }).toBeGreaterThan(1_000_000);
    first.kill("SIGKILL");
    await died(first);
    const left = exports.files();
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/\.1\.part$/);
    expect(await db.store.exports.get(exportId)).toMatchObject({ state: "running", sha256: null });
    workers.start();
    await expect
      .poll(async () => (await db.store.exports.get(exportId)).state, { timeout: 60_000 })
      .toBe("done");
    // The second worker's sweep takes away what the first left.
    await expect.poll(exports.files, { timeout: 20_000 }).toEqual([expect.stringMatching(/\.2\.zip$/)]);
  } finally {
    workers.close();
  }
  const [name = ""] = exports.files();
  const file = readFileSync(path.join(exports.folder, name));
  const { sha256, bytes } = await db.store.exports.get(exportId);
  expect([file.length, createHash("sha256").update(file).digest("hex")]).toEqual([bytes, sha256]);
  expect(file.equals(await exports.streamed(datasetId))).toBe(true);
}, 180_000);
