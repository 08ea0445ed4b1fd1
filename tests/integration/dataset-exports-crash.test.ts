import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { createStore } from "@/lib/store/store";
import { doom, pardon, type Death } from "../support/crash-point";
import { sweepExports } from "@/lib/jobs/sweep-exports";
import { removeExport } from "@/lib/usecases/dataset-exports";
import { useExports } from "../support/dataset-exports";
import { died, openWorkers } from "../support/spawned-workers";
import { useStore } from "../support/store";

const db = useStore();
const prepared = useExports(db);

it("a killed worker’s export is taken up again: one file, the same bytes, nothing else left", async () => {
  const datasetId = await prepared.dataset(1200, 20_000);
  const { exportId } = await prepared.ask(datasetId);
  const workers = openWorkers(db.url, { leaseMs: 1500, sweepMs: 100 });
  const written = () =>
    readdirSync(prepared.folder)
      .filter((name) => name.endsWith(".part"))
      .reduce(
        (sum, name) =>
          sum + (statSync(path.join(prepared.folder, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  try {
    const first = workers.start();
    await expect.poll(written, { timeout: 60_000, interval: 2 }).toBeGreaterThan(1_000_000);
    first.kill("SIGKILL");
    await died(first);
    const left = prepared.files();
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/\.1\.part$/);
    expect(await db.store.exports.get(exportId)).toMatchObject({ state: "running", sha256: null });
    workers.start();
    await expect
      .poll(async () => (await db.store.exports.get(exportId)).state, { timeout: 60_000 })
      .toBe("done");
    // The second worker's sweep takes away what the first left.
    await expect.poll(prepared.files, { timeout: 20_000 }).toEqual([expect.stringMatching(/\.2\.zip$/)]);
  } finally {
    workers.close();
  }
  const [name = ""] = prepared.files();
  const file = readFileSync(path.join(prepared.folder, name));
  const { sha256, bytes } = await db.store.exports.get(exportId);
  expect([file.length, createHash("sha256").update(file).digest("hex")]).toEqual([bytes, sha256]);
  expect(file.equals(await prepared.streamed(datasetId))).toBe(true);
}, 180_000);

it("is one whole file at whatever statement a worker dies", async () => {
  const datasetId = await prepared.dataset(8);
  const expected = await prepared.streamed(datasetId);
  /** One worker that dies there, and one that takes over. */
  const round = async (name: string, death: Death | null) => {
    const { exportId } = await prepared.ask(datasetId);
    const url = new URL(db.url);
    url.searchParams.set("application_name", name);
    const doomed = doom(name, death);
    const mine = createStore(url.href);
    try {
      await prepared.work(exportId, { store: mine });
    } catch (error) {
      if (!doomed.dead) throw error;
    } finally {
      await mine.close().catch(() => undefined);
      pardon(name);
    }
    await db.query("update dataset_export set lease_until = now() where owner is not null");
    await prepared.work(exportId);
    await sweepExports(db.store.exports, 50);
    const { key, epoch } = await db.store.exports.fileId(exportId);
    const files = prepared.files().filter((name) => name.startsWith(key));
    const { state } = await db.store.exports.get(exportId);
    const same =
      files.length === 1 && readFileSync(path.join(prepared.folder, files[0] ?? "")).equals(expected);
    await removeExport(db, exportId);
    return {
      statements: doomed.statements,
      outcome: `${state}, ${same}, ${files[0] === `${key}.${epoch}.zip`}`,
    };
  };
  const { statements, outcome } = await round("undisturbed", null);
  expect(outcome).toBe("done, true, true");
  expect(statements.length).toBeGreaterThan(6);
  const wrong: Record<string, string> = {};
  for (const when of ["before", "after"] as const)
    for (let at = 0; at < statements.length; at++) {
      const { outcome: found } = await round(`dies-${when}-${at}`, { at, when });
      if (found !== outcome) wrong[`${when} ${at} ${statements[at]}`] = found;
    }
  expect(wrong).toEqual({});
}, 300_000);
