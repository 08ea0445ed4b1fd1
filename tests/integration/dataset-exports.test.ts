import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { version } from "@/lib/core/version";
import { exportsFolder } from "@/lib/config/env";
import { folderName, preparedFile } from "@/lib/exporters/prepared";
import { sweepExports } from "@/lib/jobs/sweep-exports";
import {
  cancelExport,
  datasetExport,
  datasetExports,
  preparedExport,
  removeExport,
} from "@/lib/usecases/dataset-exports";
import { useExports } from "../support/dataset-exports";
import { bytesOf } from "../support/folders";
import { useStore } from "../support/store";

const db = useStore();
const prepared = useExports(db);

/** What the link gives. */
async function downloaded(exportId: number): Promise<Buffer> {
  const file = await (await preparedExport(db, exportId)).open();
  return bytesOf(file.createReadStream());
}

const fileOf = async (exportId: number) =>
  preparedFile(prepared.folder, await db.store.exports.fileId(exportId));

afterEach(() => {
  vi.stubEnv("GLEANER_EXPORTS_GB", undefined);
});

describe("a prepared export", () => {
  it.each(["openai", "dpo-trl", "verdicts-csv"])(
    "is what the stream gives, byte for byte: %s",
    async (format) => {
      const datasetId = await prepared.dataset(40, 3000);
      const { exportId, state } = await prepared.ask(datasetId, format);
      expect(state).toBe("queued");
      expect(prepared.sent.at(-1)).toEqual({ exportId });
      await prepared.work(exportId);
      const expected = await prepared.streamed(datasetId, format);
      const got = await downloaded(exportId);
      expect(got.equals(expected)).toBe(true);
      const [row] = await datasetExports(db, datasetId);
      expect(row).toMatchObject({
        ...{
          exportId,
          state: "done",
          version,
          examples: 40,
          exampleCount: 40,
          bytes: got.length,
          error: null,
        },
        sha256: createHash("sha256").update(got).digest("hex"),
        fileName: expect.stringMatching(new RegExp(`^large-\\d+-${format}\\.zip$`)),
      });
    },
  );

  it("is one file however often it is asked for, and by however many", async () => {
    const datasetId = await prepared.dataset(30);
    const before = prepared.files().length;
    const asked = await Promise.all([1, 2, 3, 4].map(() => prepared.ask(datasetId)));
    const [{ exportId } = { exportId: 0 }] = asked;
    expect(new Set(asked.map((row) => row.exportId)).size).toBe(1);
    await Promise.all([1, 2, 3].map(() => prepared.work(exportId)));
    const sent = prepared.sent.length;
    expect(await prepared.ask(datasetId)).toMatchObject({ exportId, state: "done" });
    expect(prepared.sent).toHaveLength(sent);
    expect(prepared.files()).toHaveLength(before + 1);
    expect((await prepared.ask(datasetId, "axolotl")).exportId).not.toBe(exportId);
  });

  it("says how far it is, and ends at once when it is cancelled", async () => {
    const datasetId = await prepared.dataset(600, 20_000);
    const { exportId } = await prepared.ask(datasetId);
    const working = prepared.work(exportId, { leaseMs: 60 });
    await expect
      .poll(async () => (await datasetExport(db, exportId)).examples, { timeout: 30_000, interval: 10 })
      .toBeGreaterThan(0);
    const during = await datasetExport(db, exportId);
    expect(during).toMatchObject({ state: "running", sha256: null });
    expect(during.bytes).toBeGreaterThan(0);
    await expect(preparedExport(db, exportId)).rejects.toMatchObject({ code: "conflict" });
    await expect(removeExport(db, exportId)).rejects.toMatchObject({ code: "conflict" });
    expect(await cancelExport(db, exportId)).toMatchObject({ state: "cancelled" });
    await working;
    const { key } = await db.store.exports.fileId(exportId);
    expect(prepared.files().filter((name) => name.startsWith(key))).toEqual([]);
    await expect(cancelExport(db, exportId)).rejects.toMatchObject({ code: "conflict" });
    expect(await prepared.ask(datasetId)).toMatchObject({ exportId, state: "queued", examples: 0 });
    await prepared.work(exportId);
    expect((await downloaded(exportId)).equals(await prepared.streamed(datasetId))).toBe(true);
  }, 60_000);

  it("is given back by a worker that has to stop, and begun anew by another", async () => {
    const datasetId = await prepared.dataset(30);
    const { exportId } = await prepared.ask(datasetId);
    await prepared.work(exportId, { signal: AbortSignal.abort() });
    expect(await datasetExport(db, exportId)).toMatchObject({ state: "queued", examples: 0 });
    const { key } = await db.store.exports.fileId(exportId);
    expect(prepared.files().filter((name) => name.startsWith(key))).toEqual([]);
    await prepared.work(exportId);
    expect(await datasetExport(db, exportId)).toMatchObject({ state: "done" });
  });

  it("goes with its file when it is removed, and after it was kept long enough", async () => {
    const datasetId = await prepared.dataset(3);
    for (const how of ["removed", "expired"]) {
      const { exportId } = await prepared.ask(datasetId);
      await prepared.work(exportId);
      const { key } = await db.store.exports.fileId(exportId);
      expect(prepared.files().filter((name) => name.startsWith(key))).toHaveLength(1);
      if (how === "removed") await removeExport(db, exportId);
      else {
        await sweepExports(db.store.exports, 50);
        expect(await datasetExports(db, datasetId)).toHaveLength(1);
        await db.query("update dataset_export set expires_at = now() - interval '1 second' where id = $1", [
          exportId,
        ]);
        await sweepExports(db.store.exports, 50);
      }
      expect(prepared.files().filter((name) => name.startsWith(key))).toEqual([]);
      expect(await datasetExports(db, datasetId)).toEqual([]);
      await expect(preparedExport(db, exportId)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("is kept longer for being downloaded", async () => {
    const { exportId } = await prepared.ask(await prepared.dataset(3));
    await prepared.work(exportId);
    await db.query("update dataset_export set expires_at = now() + interval '1 minute' where id = $1", [
      exportId,
    ]);
    await preparedExport(db, exportId);
    const left = ((await datasetExport(db, exportId)).expiresAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(6 * 86_400_000);
  });

  it("is not offered when its file is gone or is not what was written, and is written again when asked for", async () => {
    const datasetId = await prepared.dataset(3);
    const { exportId } = await prepared.ask(datasetId);
    const breaks = [(file: string) => rmSync(file), (file: string) => truncateSync(file, 100)];
    for (const breaking of breaks) {
      await prepared.work(exportId);
      breaking(await fileOf(exportId));
      const seen = await datasetExport(db, exportId);
      expect(seen).toMatchObject({ state: "failed", sha256: null, error: { fix: "prepare it again" } });
      await expect(preparedExport(db, exportId)).rejects.toMatchObject({ code: "not_found" });
      expect(await prepared.ask(datasetId)).toMatchObject({ exportId, state: "queued" });
      await prepared.work(exportId);
      expect((await downloaded(exportId)).equals(await prepared.streamed(datasetId))).toBe(true);
    }
  });
});

describe("what dead workers leave", () => {
  it("goes; files of exports that this database does not know stay", async () => {
    const { exportId } = await prepared.ask(await prepared.dataset(3));
    await prepared.work(exportId);
    const { key, epoch } = await db.store.exports.fileId(exportId);
    const others = "00000000-0000-4000-8000-000000000000";
    const left = [
      `${key}.${epoch - 1}.part`,
      `${key}.${epoch - 1}.zip`,
      `${key}.${epoch}.part.x`,
      `${others}.1.part`,
    ];
    for (const name of left) writeFileSync(path.join(prepared.folder, name), "half");
    await sweepExports(db.store.exports, 50);
    const there = prepared.files();
    expect(left.filter((name) => there.includes(name))).toEqual(left.slice(2));
    expect(there).toContain(`${key}.${epoch}.zip`);
    for (const name of left) rmSync(path.join(prepared.folder, name), { force: true });
  });
});

describe("a worker", () => {
  it("leaves exports of other folders alone, and gives up those asked of another version", async () => {
    const datasetId = await prepared.dataset(3);
    const { personId } = await db.store.people.ensure("Ada");
    const wanted = { datasetId, format: "openai", fileName: "a.zip", personId };
    const elsewhere = await db.store.exports.ask({ ...wanted, version, folder: "elsewhere" });
    await prepared.work(elsewhere.exportId);
    expect((await db.store.exports.get(elsewhere.exportId)).state).toBe("queued");
    expect(await sweepExports(db.store.exports, 50)).not.toContain(elsewhere.exportId);
    const folder = (await folderName(exportsFolder())) ?? "";
    const older = await db.store.exports.ask({ ...wanted, version: "0.0.1", folder });
    await prepared.work(older.exportId);
    expect(await db.store.exports.get(older.exportId)).toMatchObject({
      state: "failed",
      error: { code: "conflict", message: `it was asked of Gleaner 0.0.1, and this is ${version}` },
    });
  });

  it("gives up an export that took five of them down", async () => {
    const { exportId } = await prepared.ask(await prepared.dataset(3));
    const folder = (await folderName(exportsFolder())) ?? "";
    for (let i = 0; i < 5; i++)
      expect(
        await db.store.exports.claim(exportId, { owner: `dies-${i}`, leaseMs: 0, version, folder }),
      ).toMatchObject({
        epoch: i + 1,
      });
    await prepared.work(exportId);
    expect(await datasetExport(db, exportId)).toMatchObject({ state: "failed", error: { code: "poison" } });
  });

  it("cannot write once another has it", async () => {
    const { exportId } = await prepared.ask(await prepared.dataset(3));
    const folder = (await folderName(exportsFolder())) ?? "";
    await db.store.exports.claim(exportId, { owner: "slow", leaseMs: 0, version, folder });
    await prepared.work(exportId);
    const file = { bytes: 1, sha256: "ab".repeat(32), keptMs: 1000 };
    expect(await db.store.exports.report(exportId, 1, { examples: 0, bytes: 0 }, 1000)).toBe(false);
    expect(await db.store.exports.finish(exportId, 1, file)).toBe(false);
    expect(await db.store.exports.fail(exportId, 1, { code: "internal", message: "m", fix: undefined })).toBe(
      false,
    );
    expect(await datasetExport(db, exportId)).toMatchObject({ state: "done" });
  });
});

describe("a disk that does not take it", () => {
  /** Puts something where the next claim is going to write. */
  async function inTheWay(exportId: number, put: (file: string) => void): Promise<string> {
    const { key, epoch } = await db.store.exports.fileId(exportId);
    const file = path.join(prepared.folder, `${key}.${epoch + 1}.part`);
    put(file);
    return file;
  }

  it.each<[string, string, (file: string) => void]>([
    ["full", "too_large", (file) => symlinkSync("/dev/full", file)],
    ["closed", "internal", (file) => mkdirSync(file)],
  ])("%s: says so, and what to do; once there is room it is written", async (_which, code, put) => {
    const datasetId = await prepared.dataset(60, 4000);
    const { exportId } = await prepared.ask(datasetId);
    const file = await inTheWay(exportId, put);
    await prepared.work(exportId);
    expect(await datasetExport(db, exportId)).toMatchObject({
      state: "failed",
      error: {
        code,
        message: expect.stringMatching(
          code === "internal" ? /cannot be written to \(EISDIR\)/ : /is full \(ENOSPC\)/,
        ),
        fix: expect.stringMatching(/prepare it again/),
      },
    });
    rmSync(file, { recursive: true, force: true });
    await prepared.ask(datasetId);
    await prepared.work(exportId);
    expect(readFileSync(await fileOf(exportId)).equals(await prepared.streamed(datasetId))).toBe(true);
  });

  it("takes no more than it may for all of them", async () => {
    const datasetId = await prepared.dataset(60, 4000);
    const { exportId } = await prepared.ask(datasetId);
    vi.stubEnv("GLEANER_EXPORTS_GB", "0.0001");
    await prepared.work(exportId);
    expect(await datasetExport(db, exportId)).toMatchObject({
      state: "failed",
      error: { code: "too_large", fix: expect.stringMatching(/GLEANER_EXPORTS_GB/) },
    });
    const { key } = await db.store.exports.fileId(exportId);
    expect(prepared.files().filter((name) => name.startsWith(key))).toEqual([]);
  });

  it("with no folder that can be made, refuses at once; the dataset’s page still opens", async () => {
    const datasetId = await prepared.dataset(3);
    const taken = path.join(prepared.data, "taken");
    writeFileSync(taken, "a file");
    vi.stubEnv("GLEANER_DATA", taken);
    try {
      await expect(prepared.ask(datasetId)).rejects.toMatchObject({
        code: "internal",
        fix: expect.stringMatching(/GLEANER_DATA/),
      });
      expect(await datasetExports(db, datasetId)).toEqual([]);
      expect(await sweepExports(db.store.exports, 50)).toEqual([]);
    } finally {
      vi.stubEnv("GLEANER_DATA", prepared.data);
    }
  });
});
