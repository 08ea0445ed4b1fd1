import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { environments } from "@/lib/environments/registry";
import {
  cancelCollection,
  CollectionInput,
  collectionView,
  planCollection,
  resumeCollection,
} from "@/lib/usecases/collections";
import { putEnvironment } from "@/lib/usecases/environments";
import { collect, openCollecting, type Collecting, type Drivers } from "../support/collecting";
import {
  bestAction,
  corridor,
  drawing,
  policyDriver,
  policyOf,
  corridorEnvironment,
} from "../support/corridor";

let at: Collecting;
beforeAll(async () => {
  at = await openCollecting();
});
afterEach(() => at.rest());
afterAll(() => at?.close());

/** Eleven corridors, each a step longer than the one before. */
async function corridors(name: string): Promise<number> {
  // As it answers: an environment found changed would be asked for its subtasks again, and lists only one.
  const { fingerprint } = corridorEnvironment();
  const about = { name, driver: "corridor", config: {}, fingerprint, successThreshold: 1 };
  const { environmentId } = await at.store.environments.put(about, null);
  const subtasks = Array.from({ length: 11 }, (_, i) => ({
    subtaskKey: `S${".".repeat(i)}G`,
    instruction: "open the door",
    bestReward: 1,
    taskType: null,
    split: null,
  }));
  await at.store.environments.putSubtasks(environmentId, subtasks);
  return environmentId;
}

function drivers(connect: () => ReturnType<typeof policyOf>): Drivers {
  return { environments: { corridor }, policies: { test: policyDriver("test", connect) } };
}

describe("with workers", () => {
  it("gives trajectories that are as good as any, and mines as they do", async () => {
    const input = { policyId: at.expert, choice: { first: 5, count: 30 } };
    const plan = await planCollection(at.deps, CollectionInput.parse({ environmentId: at.shop, ...input }));
    expect(plan).toEqual({ subtasks: 30, episodes: 30, maxCalls: 450 });
    const collectionId = await at.start(input);
    await at.work();
    await at.ended(collectionId);
    const { collection, progress, errors } = await collectionView(at.deps, collectionId);
    expect(collection).toMatchObject({ state: "done", endReason: null, checkpoint: expect.any(String) });
    expect(errors).toEqual([]);
    expect(progress).toMatchObject({ episodes: { completed: 30, errored: 0 }, duplicates: 0 });
    const recorded = await at.trajectoriesOf(collectionId);
    expect(recorded).toHaveLength(30);
    expect(recorded.every((t) => t.source === "expert" && t.model === collection.checkpoint)).toBe(true);
    expect(progress.succeeded).toBe(recorded.filter((t) => t.success).length);
    expect(progress.calls).toBe(recorded.reduce((sum, t) => sum + t.steps.length, 0));
    const mean = recorded.reduce((sum, t) => sum + (t.reward ?? 0), 0) / 30;
    expect(progress.meanReward).toBeCloseTo(mean, 9);
    const environment = await environments.webshop.connect(environments.webshop.Config.parse({}));
    const keys = (await environment.subtasks()).slice(5, 35).map(({ subtaskKey }) => subtaskKey);
    expect(recorded.map(({ subtaskKey }) => subtaskKey)).toEqual(keys);
  });

  it("is played by all workers together, each episode by one of them", async () => {
    const environmentId = await corridors("shared");
    const slow = policyOf("patient@1", async ({ observation, signal }) => {
      await pause(60, undefined, { signal });
      return bestAction(observation.text);
    });
    const own = { ...at.deps, ...drivers(() => slow) };
    const { policyId } = await at.store.policies.put({ name: "patient", kind: "test", config: {} });
    const lines = [await at.work(own), await at.work(own)];
    const collectionId = await at.start({ environmentId, policyId, config: { concurrency: 8 } }, own);
    await at.ended(collectionId);
    await at.rest();
    const played = lines.map((each) =>
      each.reduce((sum, line) => sum + Number(/turn \d+: (\d+) episodes played/.exec(line)?.[1] ?? 0), 0),
    );
    expect(Math.min(...played)).toBeGreaterThan(0);
    expect(played.reduce((a, b) => a + b)).toBe(11);
    const recorded = await at.trajectoriesOf(collectionId);
    expect(recorded.map(({ subtaskKey }) => subtaskKey.length)).toEqual(
      Array.from({ length: 11 }, (_, i) => i + 2),
    );
  });

  it("links what is recorded again to what is there, and tells attempts apart by their seed", async () => {
    const again = await collect(at.deps, at.personId, {
      environmentId: at.shop,
      policyId: at.expert,
      choice: { first: 5, count: 3 },
    });
    expect(await at.store.collections.progress(again)).toMatchObject({
      duplicates: 3,
      episodes: { completed: 3 },
    });
    const environmentId = await corridors("attempts");
    const drawn = { ...at.deps, ...drivers(drawing) };
    const { policyId } = await at.store.policies.put({ name: "drawing", kind: "test", config: {} });
    const choice = { count: 11 };
    const three = { environmentId, policyId, choice, config: { attempts: 3, maxSteps: 12 } };
    const first = await collect(drawn, at.personId, three);
    const progress = await at.store.collections.progress(first);
    expect(progress.episodes.completed).toBe(33);
    expect(progress.duplicates).toBeLessThan(11);
    const repeated = await collect(drawn, at.personId, three);
    expect(await at.store.collections.progress(repeated)).toMatchObject({ duplicates: 33 });
  });

  it("stops when it is cancelled, keeps what it has, and goes on where it was", async () => {
    const environmentId = await corridors("cancelled");
    let calls = 0;
    const slow = policyOf("slow@1", async ({ observation, signal }) => {
      calls += 1;
      await pause(calls > 20 ? 20_000 : 1, undefined, { signal });
      return bestAction(observation.text);
    });
    const own = { ...at.deps, ...drivers(() => slow) };
    const { policyId } = await at.store.policies.put({ name: "slow", kind: "test", config: {} });
    const collectionId = await at.start(
      { environmentId, policyId, config: { maxSteps: 14, concurrency: 3 } },
      own,
    );
    await at.work(own);
    await expect.poll(() => calls, { timeout: 10_000 }).toBeGreaterThan(20);
    await cancelCollection(at.deps, collectionId);
    await at.ended(collectionId);
    const stopped = await at.store.collections.progress(collectionId);
    expect(stopped.episodes).toMatchObject({ running: 0, queued: 0, errored: 0 });
    expect(stopped.episodes.completed).toBeGreaterThan(0);
    expect(stopped.episodes.cancelled).toBeGreaterThan(0);
    await expect(cancelCollection(at.deps, collectionId)).rejects.toMatchObject({ code: "conflict" });
    calls = -1_000_000;
    expect(await resumeCollection(own, collectionId, ["cancelled"])).toBe(stopped.episodes.cancelled);
    await at.ended(collectionId);
    expect(await at.store.collections.progress(collectionId)).toMatchObject({
      episodes: { completed: 11, cancelled: 0 },
      succeeded: 11,
    });
  });
});

describe("what cannot be started", () => {
  it("is refused with what to do", async () => {
    const { environmentId } = await putEnvironment(at.deps, { name: "read only", driver: null, config: {} });
    await expect(at.start({ environmentId, policyId: at.expert })).rejects.toMatchObject({
      code: "not_replayable",
    });
    await expect(at.start({ policyId: at.expert, choice: { split: "dev" } })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(at.start({ policyId: at.expert, choice: { keys: ["nowhere"] } })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(at.start({ policyId: at.expert, budget: { maxCalls: 14 } })).rejects.toThrow(
      /does not allow an episode/,
    );
  });

  it("asks an environment for its subtasks that never said them", async () => {
    const about = { name: "unlisted", driver: "webshop", config: {}, fingerprint: null, successThreshold: 1 };
    const { environmentId } = await at.store.environments.put(about, null);
    const collectionId = await collect(at.deps, at.personId, {
      environmentId,
      policyId: at.expert,
      choice: { count: 2 },
    });
    expect((await at.store.collections.progress(collectionId)).episodes.completed).toBe(2);
  });
});
