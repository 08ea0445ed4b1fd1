import pg from "pg";
import { afterEach, beforeEach, expect, it } from "vitest";
import { seedOf } from "@/lib/core/plan";
import type { Store } from "@/lib/core/store";
import { createQueue, type WorkerQueue } from "@/lib/jobs/queue";
import { createStore } from "@/lib/store/store";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { planCorridors, rolloutsOf, wanderers, type Planned } from "../support/mining";
import { died, openWorkers, type Workers } from "../support/spawned-workers";
import { brokenRules } from "../support/store";

let database: TestDatabase;
let store: Store;
let queue: WorkerQueue;
let workers: Workers;
let client: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase();
  store = createStore(database.url);
  queue = createQueue(database.url, "web");
  workers = openWorkers(database.url);
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  workers.close();
  await queue.close();
  await store.close();
  await client.end();
  await database.drop();
});

async function startRun(delayMs: number): Promise<Planned> {
  const policy = { kind: "slow", checkpoint: "slow@1", config: { callLog: workers.callLog, delayMs } };
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
  expect(new Set(workers.calls())).toEqual(new Set(await recordedSeeds(planned)));
  expect(await brokenRules(async (sql) => (await client.query(sql)).rows)).toEqual({});
}

it("loses nothing and repeats nothing when the worker is killed again and again", async () => {
  const planned = await startRun(15);
  const kept = new Set<number>();
  let worker = workers.start();
  for (const after of [15, 45, 80]) {
    await until(() => workers.calls().length >= after, 20_000);
    worker.kill("SIGKILL");
    await died(worker);
    const asked = workers.calls();
    for (const seed of await recordedSeeds(planned)) {
      kept.add(seed);
      expect(asked.filter((s) => s === seed).length).toBeGreaterThan(0);
    }
    worker = workers.start();
  }
  await until(isDone(planned), 40_000);
  await expectWhole(planned);
  const asked = workers.calls();
  const repeated = asked.length - new Set(asked).size;
  // Four rollouts at once, three kills: at most the calls in the air are made again.
  expect(repeated).toBeLessThanOrEqual(12);
  expect(kept.size).toBeGreaterThan(60);
}, 90_000);

it("gives back its work on SIGTERM within five seconds, and is not missed", async () => {
  const planned = await startRun(40);
  const first = workers.start();
  await until(() => workers.calls().length >= 10, 20_000);
  const asked = Date.now();
  first.kill("SIGTERM");
  await died(first);
  expect(Date.now() - asked).toBeLessThan(5000);
  expect(first.exitCode).toBe(0);
  const { rows } = await rolloutsOf(store, planned);
  expect(rows.some((r) => r.status === "running")).toBe(false);
  workers.start();
  await until(isDone(planned), 40_000);
  await expectWhole(planned);
}, 90_000);

it("accepts nothing from a worker that was frozen past its lease", async () => {
  const planned = await startRun(40);
  const frozen = workers.start();
  let told = "";
  frozen.stdout?.on("data", (text: Buffer) => (told += text.toString()));
  await until(() => workers.calls().length >= 10, 20_000);
  frozen.kill("SIGSTOP");
  workers.start();
  await until(isDone(planned), 40_000);
  const before = await rolloutsOf(store, planned);
  frozen.kill("SIGCONT");
  await until(() => told.includes("another worker has this rollout now"), 10_000);
  expect(await rolloutsOf(store, planned)).toEqual(before);
  await expectWhole(planned);
}, 90_000);

it("loses nothing when the process kills itself at a statement, before it is sent or once it is answered", async () => {
  const planned = await startRun(5);
  const deaths = [50, 85, 120, 190].map((at, i) => ({
    at,
    when: i % 2 ? ("after" as const) : ("before" as const),
  }));
  for (const death of deaths) {
    const worker = workers.start(death);
    await died(worker);
    expect(worker.signalCode).toBe("SIGKILL");
    expect(await brokenRules(async (sql) => (await client.query(sql)).rows)).toEqual({});
  }
  workers.start();
  await until(isDone(planned), 60_000);
  await expectWhole(planned);
  const asked = workers.calls();
  expect(asked.length - new Set(asked).size).toBeLessThanOrEqual(2 * deaths.length);
}, 180_000);

it("lets in no step of a frozen worker whose rollout is taken while the step waits for its commit", async () => {
  const planned = await startRun(400);
  const frozen = workers.start();
  let told = "";
  frozen.stdout?.on("data", (text: Buffer) => (told += text.toString()));
  await until(() => workers.calls().length >= 3, 40_000);
  // The steps on their way read their epoch and then wait for the row; meanwhile the rollouts go to somebody else.
  await client.query("begin");
  const { rows: held } = await client.query(
    "select id, epoch from rollout where status = 'running' order by id for update",
  );
  expect(held.length).toBeGreaterThan(0);
  const watch = new pg.Client({ connectionString: database.url });
  await watch.connect();
  const waiting = async () => {
    const { rows } = await watch.query(`select 1 from pg_stat_activity
      where wait_event_type = 'Lock' and query like '%record_step(%' and pid <> pg_backend_pid()`);
    return rows.length > 0;
  };
  await until(waiting, 10_000);
  frozen.kill("SIGSTOP");
  const ids = held.map(({ id }) => id);
  const steps =
    "select rollout_id, step_index, epoch from rollout_step where rollout_id = any($1) order by 1, 2";
  const { rows: before } = await watch.query(steps, [ids]);
  await client.query(
    `update rollout set epoch = epoch + 1, owner = 'usurper', lease_until = now() + interval '3 seconds'
      where id = any($1)`,
    [ids],
  );
  await client.query("commit");
  await expect.poll(waiting, { timeout: 5000 }).toBe(false);
  expect((await watch.query(steps, [ids])).rows).toEqual(before);
  await watch.end();
  frozen.kill("SIGCONT");
  await until(() => told.includes("another worker has this rollout now"), 10_000);
  await until(isDone(planned), 90_000);
  const { rows } = await rolloutsOf(store, planned);
  expect(rows.every((r) => r.status === "completed")).toBe(true);
  expect(await brokenRules(async (sql) => (await client.query(sql)).rows)).toEqual({});
}, 180_000);
