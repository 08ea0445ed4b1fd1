import { afterEach, beforeEach, expect, it } from "vitest";
import { createQueue, type WorkerQueue } from "@/lib/jobs/queue";
import { createTestDatabase, type TestDatabase } from "../support/database";

let database: TestDatabase;
let web: WorkerQueue;
let worker: WorkerQueue;

beforeEach(async () => {
  database = await createTestDatabase();
  web = createQueue(database.url, "web");
  worker = createQueue(database.url, "worker");
});
afterEach(async () => {
  await Promise.all([web.close(), worker.close()]);
  await database.drop();
});

const job = (trajectoryId: number) => ({ runId: 1, trajectoryId });

it("delivers what the web process sends, each waiting job once, and takes the next without a pause", async () => {
  for (const id of [1, 2, 2, 2, 3]) await web.send("mine-trajectory", job(id));
  for (let id = 4; id <= 24; id++) await web.send("mine-trajectory", job(id));
  const done: number[] = [];
  const since = Date.now();
  await worker.work("mine-trajectory", 2, async ({ trajectoryId }) => void done.push(trajectoryId));
  await expect.poll(() => done.length, { timeout: 8000 }).toBe(24);
  expect(Date.now() - since).toBeLessThan(4500);
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect([...done].sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
});

it("takes what must be first before all that wait, and before itself where it waits", async () => {
  for (const id of [1, 2, 3]) await web.send("mine-trajectory", job(id));
  for (const id of [3, 4, 4]) await web.send("mine-trajectory", job(id), "first");
  const done: number[] = [];
  await worker.work("mine-trajectory", 1, async ({ trajectoryId }) => void done.push(trajectoryId));
  await expect.poll(() => done.length, { timeout: 8000 }).toBe(5);
  expect(done).toEqual([3, 4, 1, 2, 3]);
});

it("works on no more than asked at once", async () => {
  let now = 0;
  let most = 0;
  let done = 0;
  for (let id = 1; id <= 12; id++) await web.send("mine-trajectory", job(id));
  await worker.work("mine-trajectory", 3, async () => {
    most = Math.max(most, (now += 1));
    await new Promise((resolve) => setTimeout(resolve, 30));
    now -= 1;
    done += 1;
  });
  await expect.poll(() => done, { timeout: 8000 }).toBe(12);
  expect(most).toBe(3);
});

it("takes a new job of the same trajectory while a worker that died still holds the old one", async () => {
  await web.send("mine-trajectory", job(1));
  let tries = 0;
  await worker.work("mine-trajectory", 2, async () => {
    tries += 1;
    if (tries === 1) await new Promise(() => undefined); // never comes back
  });
  await expect.poll(() => tries, { timeout: 5000 }).toBe(1);
  await web.send("mine-trajectory", job(1));
  await expect.poll(() => tries, { timeout: 5000 }).toBe(2);
});

it("refuses a payload that is not ids", async () => {
  await expect(web.send("mine-trajectory", { runId: 0, trajectoryId: 1.5 })).rejects.toThrow();
});
