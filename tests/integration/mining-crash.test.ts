import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { seedOf } from "@/lib/core/plan";
import type { Store } from "@/lib/core/store";
import { createQueue, type WorkerQueue } from "@/lib/jobs/queue";
import { createStore } from "@/lib/store/store";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { planCorridors, rolloutsOf, wanderers, type Planned } from "../support/mining";

const root = fileURLToPath(new URL("../..", import.meta.url));
let database: TestDatabase;
let store: Store;
let queue: WorkerQueue;
let folder: string;
let callLog: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  store = createStore(database.url);
  queue = createQueue(database.url, "web");
  folder = mkdtempSync(path.join(tmpdir(), "gleaner-mining-"));
  callLog = path.join(folder, "calls");
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await queue.close();
  await store.close();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function startWorker(): ChildProcess {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/corridor-worker.ts"], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database.url },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  child.stderr?.on("data", (text: Buffer) => process.stderr.write(text));
  return child;
}

const died = (child: ChildProcess) => new Promise<void>((resolve) => child.once("exit", () => resolve()));

function calls(): number[] {
  try {
    return readFileSync(callLog, "utf8").trim().split("\n").map(Number);
  } catch {
    return [];
  }
}

async function startRun(delayMs: number): Promise<Planned> {
  const policy = { kind: "slow", checkpoint: "slow@1", config: { callLog, delayMs } };
  const planned = await planCorridors(store, wanderers, policy, { attempts: 2 });
  for (const trajectoryId of planned.trajectoryIds)
    await queue.send("mine-trajectory", { runId: planned.runId, trajectoryId });
  return planned;
}

const until = (condition: () => boolean | Promise<boolean>, timeout: number) =>
  expect.poll(condition, { timeout, interval: 50 }).toBe(true);

const isDone = (planned: Planned) => async () => (await store.runs.get(planned.runId)).state === "done";

/** The seed of every recorded step: the same decision always has the same seed, so a second call of it shows. */
async function recordedSeeds(planned: Planned): Promise<number[]> {
  const hashes = new Map<number, string>();
  for (const id of planned.trajectoryIds) hashes.set(id, (await store.trajectories.get(id)).contentHash);
  const { rollouts } = await rolloutsOf(store, planned);
  return rollouts.flatMap((r) => r.steps.map((_, i) => seedOf(0, hashes.get(r.trajectoryId) ?? "", r, i)));
}

async function expectWhole(planned: Planned): Promise<void> {
  const { rows, rollouts } = await rolloutsOf(store, planned);
  const keys = rows.map((r) => `${r.trajectoryId}/${r.stateIndex}/${r.attempt}`);
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys).toHaveLength(2 * wanderers.reduce((sum, w) => sum + w.steps.length, 0));
  expect(rows.every((r) => r.status === "completed")).toBe(true);
  expect(rollouts.every((r) => r.steps.length === r.stepCount && r.stepCount > 0)).toBe(true);
  expect(new Set(calls())).toEqual(new Set(await recordedSeeds(planned)));
}

it("loses nothing and repeats nothing when the worker is killed again and again", async () => {
  const planned = await startRun(15);
  const kept = new Set<number>();
  let worker = startWorker();
  for (const after of [15, 45, 80]) {
    await until(() => calls().length >= after, 20_000);
    worker.kill("SIGKILL");
    await died(worker);
    const asked = calls();
    for (const seed of await recordedSeeds(planned)) {
      kept.add(seed);
      expect(asked.filter((s) => s === seed).length).toBeGreaterThan(0);
    }
    worker = startWorker();
  }
  await until(isDone(planned), 40_000);
  await expectWhole(planned);
  const asked = calls();
  const repeated = asked.length - new Set(asked).size;
  // Two trajectories at once, three kills: at most the calls in the air are made again.
  expect(repeated).toBeLessThanOrEqual(6);
  expect(kept.size).toBeGreaterThan(60);
}, 90_000);

it("gives back its work on SIGTERM within five seconds, and is not missed", async () => {
  const planned = await startRun(40);
  const first = startWorker();
  await until(() => calls().length >= 10, 20_000);
  const asked = Date.now();
  first.kill("SIGTERM");
  await died(first);
  expect(Date.now() - asked).toBeLessThan(5000);
  expect(first.exitCode).toBe(0);
  const { rows } = await rolloutsOf(store, planned);
  expect(rows.some((r) => r.status === "running")).toBe(false);
  startWorker();
  await until(isDone(planned), 40_000);
  await expectWhole(planned);
}, 90_000);

it("accepts nothing from a worker that was frozen past its lease", async () => {
  const planned = await startRun(40);
  const frozen = startWorker();
  let told = "";
  frozen.stdout?.on("data", (text: Buffer) => (told += text.toString()));
  await until(() => calls().length >= 10, 20_000);
  frozen.kill("SIGSTOP");
  startWorker();
  await until(isDone(planned), 40_000);
  const before = await rolloutsOf(store, planned);
  frozen.kill("SIGCONT");
  await until(() => told.includes("another worker has this rollout now"), 10_000);
  expect(await rolloutsOf(store, planned)).toEqual(before);
  await expectWhole(planned);
}, 90_000);
