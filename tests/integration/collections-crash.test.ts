import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { CollectionConfig } from "@/lib/core/collection";
import { seedOf } from "@/lib/core/plan";
import type { Store } from "@/lib/core/store";
import { createQueue, type WorkerQueue } from "@/lib/jobs/queue";
import { createStore } from "@/lib/store/store";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { died, openWorkers, type Workers } from "../support/spawned-workers";
import { brokenRules } from "../support/store";

const SUBTASKS = 24;
const MAX_STEPS = 12;

let database: TestDatabase;
let store: Store;
let queue: WorkerQueue;
let client: pg.Client;
let workers: Workers;

beforeEach(async () => {
  database = await createTestDatabase();
  store = createStore(database.url);
  queue = createQueue(database.url, "web");
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  workers = openWorkers(database.url);
});
afterEach(async () => {
  workers.close();
  await queue.close();
  await store.close();
  await client.end();
  await database.drop();
});

const corridorOf = (i: number) => `S${".".repeat(i % 4)}K${".".repeat(Math.floor(i / 4))}G`;

async function startCollection(delayMs: number, maxCalls: number | null = null): Promise<number> {
  const { personId } = await store.people.ensure("Ada");
  const { policyId } = await store.policies.put({
    name: "slow",
    kind: "slow",
    config: { callLog: workers.callLog, delayMs },
  });
  const about = { name: "corridor", driver: "corridor", config: {}, fingerprint: null, successThreshold: 1 };
  const { environmentId } = await store.environments.put(about, null);
  const subtasks = Array.from({ length: SUBTASKS }, (_, i) => ({
    subtaskKey: corridorOf(i),
    instruction: "open the door",
    bestReward: 1,
    taskType: null,
    split: null,
  }));
  await store.environments.putSubtasks(environmentId, subtasks);
  const { collectionId } = await store.collections.create({
    name: "corridors",
    environmentId,
    policyId,
    checkpoint: "slow@1",
    source: "expert",
    config: CollectionConfig.parse({ choice: {}, maxSteps: MAX_STEPS, concurrency: 4 }),
    budget: { maxCalls, maxTokens: null },
    personId,
  });
  for (let turn = 0; turn < 4; turn++) await queue.send("collect-episodes", { collectionId, turn });
  return collectionId;
}

const until = (condition: () => boolean | Promise<boolean>, timeout: number) =>
  expect.poll(condition, { timeout, interval: 50 }).toBe(true);

const isDone = (collectionId: number) => async () =>
  (await store.collections.get(collectionId)).state === "done";

/** Every episode ended once, with a trajectory of its own that is whole; and every step had its call. */
async function expectWhole(collectionId: number): Promise<void> {
  const { rows } = await store.collections.episodes(collectionId, null, 1000);
  expect(rows.map(({ subtaskKey }) => subtaskKey)).toEqual(
    Array.from({ length: SUBTASKS }, (_, i) => corridorOf(i)),
  );
  expect(
    rows.every(({ status, duplicate, success }) => status === "completed" && !duplicate && success),
  ).toBe(true);
  expect(new Set(rows.map(({ trajectoryId }) => trajectoryId)).size).toBe(SUBTASKS);
  const { rows: counted } = await client.query("select count(*)::int as n from trajectory");
  expect(counted).toEqual([{ n: SUBTASKS }]);
  const seeds = rows.flatMap(({ subtaskKey, attempt, stepCount }) =>
    Array.from({ length: stepCount ?? 0 }, (_, i) => seedOf(0, subtaskKey, { stateIndex: 0, attempt }, i)),
  );
  expect(new Set(workers.calls())).toEqual(new Set(seeds));
  expect(await brokenRules(async (sql) => (await client.query(sql)).rows)).toEqual({});
}

it("loses nothing and records nothing twice when the worker is killed again and again", async () => {
  const collectionId = await startCollection(15);
  let worker = workers.start();
  for (const after of [15, 45, 80]) {
    await until(() => workers.calls().length >= after, 20_000);
    worker.kill("SIGKILL");
    await died(worker);
    expect(await brokenRules(async (sql) => (await client.query(sql)).rows)).toEqual({});
    worker = workers.start();
  }
  await until(isDone(collectionId), 60_000);
  await expectWhole(collectionId);
  const { calls: counted } = await store.collections.progress(collectionId);
  // A call is counted before it is made: whoever was killed in between counted one that never was.
  expect(counted).toBeGreaterThanOrEqual(workers.calls().length);
  expect(counted - workers.calls().length).toBeLessThanOrEqual(3 * 2);
}, 120_000);

it("keeps its budget through a kill: what the dead had called stays spent, the rest comes back", async () => {
  const collectionId = await startCollection(15, 100);
  let worker = workers.start();
  await until(() => workers.calls().length >= 30, 20_000);
  worker.kill("SIGKILL");
  await died(worker);
  worker = workers.start();
  await until(isDone(collectionId), 60_000);
  const { endReason } = await store.collections.get(collectionId);
  const { calls: counted, episodes } = await store.collections.progress(collectionId);
  expect(endReason).toBe("call_budget");
  expect(workers.calls().length).toBeLessThanOrEqual(counted);
  expect(counted).toBeLessThanOrEqual(100);
  expect(counted).toBeGreaterThan(100 - MAX_STEPS);
  expect(episodes.completed + episodes.skipped).toBe(SUBTASKS);
  expect(await brokenRules(async (sql) => (await client.query(sql)).rows)).toEqual({});
}, 120_000);

it("gives back its episodes on SIGTERM within five seconds, and is not missed", async () => {
  const collectionId = await startCollection(40);
  const first = workers.start();
  await until(() => workers.calls().length >= 10, 20_000);
  const asked = Date.now();
  first.kill("SIGTERM");
  await died(first);
  expect(Date.now() - asked).toBeLessThan(5000);
  expect(first.exitCode).toBe(0);
  expect((await store.collections.progress(collectionId)).episodes.running).toBe(0);
  workers.start();
  workers.start();
  await until(isDone(collectionId), 60_000);
  await expectWhole(collectionId);
}, 120_000);

it("accepts nothing from a worker that was frozen past its lease", async () => {
  const collectionId = await startCollection(40);
  const frozen = workers.start();
  let told = "";
  frozen.stdout?.on("data", (text: Buffer) => (told += text.toString()));
  await until(() => workers.calls().length >= 10, 20_000);
  frozen.kill("SIGSTOP");
  workers.start();
  await until(isDone(collectionId), 60_000);
  const before = await store.collections.episodes(collectionId, null, 1000);
  frozen.kill("SIGCONT");
  await until(() => told.includes("another worker has this episode now"), 10_000);
  expect(await store.collections.episodes(collectionId, null, 1000)).toEqual(before);
  await expectWhole(collectionId);
}, 120_000);
