import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, it } from "vitest";
import { beginImport, Defaults } from "@/lib/usecases/imports";
import { resumeTrajectories, storeTrajectories } from "@/lib/usecases/store-trajectories";
import { bundled } from "../../lib/launch/bundled.mjs";
import { brokenRules, useStore } from "../support/store";

const workspace = useStore();
const defaults = Defaults.parse({ environment: "kitchen" });
const RECORDS = 6000;
let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "gleaner-resume-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Every tenth line is broken. */
const line = (index: number) =>
  index % 10 === 9
    ? `{"broken":${index}`
    : JSON.stringify({
        format: "gleaner/1",
        subtaskKey: `task_${index % 50}`,
        instruction: "cook",
        externalId: `episode ${index}`,
        steps: [1, 2, 3].map((n) => ({ observation: `seen ${index} ${n}`, action: `do ${n}` })),
      });
const text = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `${line(from + index)}\n`).join("");

async function begun(name: string): Promise<number> {
  const { personId } = await workspace.store.people.ensure("ada");
  const about = { kind: "trajectories" as const, fileName: name, format: null, defaults };
  return (await beginImport({ store: workspace.store }, personId, about)).importId;
}

const bytes = (content: string) => Readable.from([Buffer.from(content)]);

it("goes on within one batch after the process that stored it was killed", async () => {
  const file = path.join(folder, "all.jsonl");
  await writeFile(file, text(0, RECORDS));
  const importId = await begun("all.jsonl");
  const args = [bundled("tests/support/import-worker.ts"), workspace.url, String(importId), file];
  const child = spawn(process.execPath, args, { stdio: "ignore" });
  const exited = once(child, "exit");
  let records = 0;
  while (records === 0 && child.exitCode === null)
    records = (await workspace.store.imports.get(importId)).records;
  child.kill("SIGKILL");
  expect((await exited)[1]).toBe("SIGKILL");
  const died = await workspace.store.imports.get(importId);
  expect(died.state).toBe("storing");
  expect(died.records).toBeGreaterThan(0);
  expect(died.records).toBeLessThan(RECORDS);
  // What is stored and what is noted of it are one: no batch is half there.
  const [there] = await workspace.query("select count(*)::int as n from trajectory where import_id = $1", [
    importId,
  ]);
  expect(there?.n).toBe(died.stored);
  expect(died.stored + died.rejected).toBe(died.records);

  const row = await resumeTrajectories({ store: workspace.store }, importId, createReadStream(file));
  expect(row).toMatchObject({ state: "stored", error: null, records: RECORDS });
  expect(row).toMatchObject({ stored: RECORDS * 0.9, duplicates: 0, rejected: RECORDS * 0.1 });
  const [rejected] = await workspace.query(
    "select count(*)::int as n, count(distinct line)::int as lines from import_rejection where import_id = $1",
    [importId],
  );
  expect(rejected).toEqual({ n: RECORDS * 0.1, lines: RECORDS * 0.1 });
  expect(await brokenRules((sql) => workspace.query(sql))).toEqual({});
  // No search has to read through a list of words that are in no index yet.
  const waiting = await workspace.query(
    "select gin_clean_pending_list('trajectory_text_words_idx')::int as pages",
  );
  expect(waiting).toEqual([{ pages: 0 }]);
});

it("stores nothing of another file, and says so", async () => {
  const importId = await begun("a.jsonl");
  const broken = Readable.from(
    (async function* () {
      yield Buffer.from(text(20_000, 21_200));
      throw new Error("the connection broke");
    })(),
  );
  await expect(storeTrajectories({ store: workspace.store }, importId, broken, { defaults })).rejects.toThrow(
    "the connection broke",
  );
  const failed = await workspace.store.imports.get(importId);
  expect(failed).toMatchObject({ state: "failed", records: 1000 });

  const other = text(20_000, 20_500).replace("seen 20001 1", "seen otherwise") + text(20_500, 21_500);
  for (const [file, message] of [
    [other, /this is not the file/],
    [text(20_000, 20_300), /this is not the file/],
  ] as const)
    await expect(resumeTrajectories({ store: workspace.store }, importId, bytes(file))).rejects.toThrow(
      message,
    );
  expect(await workspace.store.imports.get(importId)).toMatchObject({ state: "failed", records: 1000 });

  const row = await resumeTrajectories({ store: workspace.store }, importId, bytes(text(20_000, 21_500)));
  expect(row).toMatchObject({ state: "stored", records: 1500, stored: 1350, duplicates: 0, rejected: 150 });
  await expect(
    resumeTrajectories({ store: workspace.store }, importId, bytes(text(20_000, 21_500))),
  ).rejects.toMatchObject({ code: "conflict" });
});

it("refuses a batch of the one that was shut out, and leaves the import to the other", async () => {
  const { imports } = workspace.store;
  const importId = await begun("b.jsonl");
  const first = await imports.open(importId);
  const second = await imports.open(importId);
  const rejections = [{ line: 1, byteOffset: 0, reason: "no", sample: "x" }];
  const advance = ({ attempt }: typeof first) => {
    const batch = imports.batch(importId);
    for (const each of rejections) batch.reject(each);
    return batch.advance({ attempt, format: null, digest: "d" });
  };
  await expect(advance(first)).rejects.toMatchObject({ code: "conflict" });
  await imports.close(importId, first.attempt, "shut out");
  expect(await imports.get(importId)).toMatchObject({ state: "storing", records: 0, error: null });
  expect((await imports.rejections(importId, null, 10)).rows).toEqual([]);
  await advance(second);
  await imports.close(importId, second.attempt, null);
  expect(await imports.get(importId)).toMatchObject({ state: "stored", records: 1, rejected: 1 });
});
