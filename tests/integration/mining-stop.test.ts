import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "@/lib/core/store";
import { mineTrajectory } from "@/lib/jobs/handlers/mine-trajectory";
import { sweep } from "@/lib/jobs/sweep";
import { cancelRun, pauseRun, unpauseRun } from "@/lib/usecases/runs";
import { bestAction, optimal, policyOf, recordExpert } from "../support/corridor";
import { openMining, rolloutsOf, running, wanderers, type Mining } from "../support/mining";

let mining: Mining;
let store: Store;
beforeEach(async () => {
  mining = await openMining();
  store = mining.store;
});
afterEach(() => mining.close());

describe("stopping", () => {
  it("gives back what it has in hand when the process must end, and goes on where it was", async () => {
    const seeds: number[] = [];
    const stop = new AbortController();
    const policy = policyOf("optimal@1", ({ seed, observation }) => {
      seeds.push(seed);
      if (seeds.length === 5) stop.abort();
      return bestAction(observation.text);
    });
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1");
    const payload = { runId: planned.runId, trajectoryId: planned.trajectoryIds[0]! };
    const { deps } = mining.miner(policy);
    await mineTrajectory(deps, payload, stop.signal);
    const halfway = await rolloutsOf(store, planned);
    expect(halfway.rows.some((r) => r.status === "running")).toBe(false);
    expect(halfway.rollouts.reduce((sum, r) => sum + r.steps.length, 0)).toBe(5);
    expect((await store.runs.get(planned.runId)).state).toBe("running");
    await mineTrajectory(deps, payload, running);
    expect((await store.runs.get(planned.runId)).state).toBe("done");
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it("is cancelled by its lease renewal, keeps what was found, and resumes without asking again", async () => {
    const seeds: number[] = [];
    const policy = policyOf("optimal@1", async ({ seed, observation, signal }) => {
      seeds.push(seed);
      if (seeds.length === 9) {
        await cancel();
        await pause(20_000, undefined, { signal });
      }
      return bestAction(observation.text);
    });
    const planned = await mining.plan(wanderers.slice(0, 2), "optimal@1");
    const [first, second] = planned.trajectoryIds;
    const { runId } = planned;
    const cancel = async () => {
      await store.runs.move(runId, ["queued", "running"], "cancelling");
      await store.rollouts.cancelQueued(runId);
    };
    const { deps } = mining.miner(policy, { leaseMs: 300 });
    await mineTrajectory(deps, { runId, trajectoryId: first! }, running);
    await mineTrajectory(deps, { runId, trajectoryId: second! }, running);
    expect((await store.runs.get(runId)).state).toBe("cancelled");
    const stopped = await rolloutsOf(store, planned);
    expect(new Set(stopped.rows.map((r) => r.status))).toEqual(new Set(["completed", "cancelled"]));
    expect(seeds).toHaveLength(9);

    expect((await store.runs.requeue(runId, ["cancelled"])).sort()).toEqual(
      [...planned.trajectoryIds].sort(),
    );
    await mining.mineAll(deps, planned);
    expect((await store.runs.get(runId)).state).toBe("done");
    const { rows } = await rolloutsOf(store, planned);
    expect(rows.every((r) => r.status === "completed")).toBe(true);
    // Only the call that was in the air when the run was cancelled is made again.
    expect(seeds.length - new Set(seeds).size).toBe(1);
  });
});

describe("a worker that comes back from the dead", () => {
  it("writes nothing once another has its rollout", async () => {
    let wake = () => {};
    const awake = new Promise<void>((resolve) => (wake = resolve));
    let asleep = false;
    const dozing = policyOf("optimal@1", async () => {
      asleep = true;
      await awake;
      return "leave";
    });
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1", { states: 0 });
    const payload = { runId: planned.runId, trajectoryId: planned.trajectoryIds[0]! };
    const zombie = mining.miner(dozing, { owner: "zombie", leaseMs: 100 });
    zombie.silence();
    const haunting = mineTrajectory(zombie.deps, payload, running);
    await expect.poll(() => asleep).toBe(true);
    const sent: unknown[] = [];
    const queue = { send: async (_: string, job: unknown) => void sent.push(job) };
    await expect
      .poll(() => sweep({ store, queue }, () => false).then(() => sent.length), { timeout: 5000 })
      .toBeGreaterThan(0);
    expect(sent[0]).toEqual(payload);
    await mineTrajectory(mining.miner(optimal(), { owner: "living" }).deps, payload, running);
    const before = await rolloutsOf(store, planned);
    wake();
    await haunting;
    expect(zombie.lines.join()).toContain("another worker has this rollout now");
    expect(await rolloutsOf(store, planned)).toEqual(before);
    expect(before.rollouts[0]).toMatchObject({ status: "completed", success: true });
  });

  it("is given up as poison when every worker that takes the rollout dies of it", async () => {
    const planned = await mining.plan([recordExpert("S.G", ["right", "leave"])], "optimal@1", { states: 0 });
    const [trajectoryId] = planned.trajectoryIds;
    const queue = { send: async () => undefined };
    for (let death = 0; death < 5; death++) {
      expect(await store.rollouts.claim(planned.runId, trajectoryId!, `victim ${death}`, 1)).not.toBeNull();
      await pause(20);
      await sweep({ store, queue }, () => false);
    }
    await mining.mineAll(mining.miner(optimal()).deps, planned);
    const { rows } = await rolloutsOf(store, planned);
    expect(rows).toMatchObject([{ status: "errored", errorCode: "poison" }]);
    expect((await mining.factsOf(planned)).entry).toMatchObject({
      state: "errored",
      errorCode: "poison",
    });
  });
});

describe("pausing", () => {
  it("gives back what is in hand, claims nothing, and goes on without asking again", async () => {
    const seeds: number[] = [];
    const policy = policyOf("optimal@1", async ({ seed, observation, signal }) => {
      seeds.push(seed);
      if (seeds.length === 9) {
        await pauseRun({ store }, planned.runId);
        await pause(20_000, undefined, { signal });
      }
      return bestAction(observation.text);
    });
    const planned = await mining.plan(wanderers.slice(0, 2), "optimal@1");
    const { deps } = mining.miner(policy, { leaseMs: 300 });
    await mining.mineAll(deps, planned);
    expect((await store.runs.get(planned.runId)).state).toBe("paused");
    const held = await rolloutsOf(store, planned);
    expect(new Set(held.rows.map((r) => r.status))).toEqual(new Set(["completed", "queued"]));
    expect(await store.rollouts.waiting(10)).toEqual([]);
    await mining.mineAll(deps, planned);
    expect(seeds).toHaveLength(9);
    await expect(pauseRun({ store }, planned.runId)).rejects.toMatchObject({ code: "conflict" });

    const sent: unknown[] = [];
    const queue = { send: async (_: string, job: unknown) => void sent.push(job) };
    expect(await unpauseRun({ store, queue }, planned.runId)).toBe(sent.length);
    expect(sent.length).toBeGreaterThan(0);
    await mining.mineAll(deps, planned);
    expect((await store.runs.get(planned.runId)).state).toBe("done");
    expect((await rolloutsOf(store, planned)).rows.every((r) => r.status === "completed")).toBe(true);
    // Only the call that was in the air when the run was paused is made again.
    expect(seeds.length - new Set(seeds).size).toBe(1);
    const { perMinute, workers } = await store.runs.activity(planned.runId);
    expect(perMinute.reduce((sum, n) => sum + n)).toBe((await rolloutsOf(store, planned)).rows.length);
    expect(workers).toMatchObject([{ running: 0, leaseLeftMs: null, errored: 0 }]);
  });

  it("ends with what was running when nothing else is left, and can be cancelled", async () => {
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1", { states: 0 });
    const [trajectoryId] = planned.trajectoryIds;
    const claim = await store.rollouts.claim(planned.runId, trajectoryId!, "one", 60_000);
    await pauseRun({ store }, planned.runId);
    const { workers } = await store.runs.activity(planned.runId);
    expect(workers).toMatchObject([{ owner: "one", running: 1, done: 0 }]);
    expect(workers[0]?.leaseLeftMs).toBeGreaterThan(50_000);
    const end = { status: "completed", reward: 0, success: false, finalObservation: null } as const;
    expect(await store.rollouts.end(claim!.rolloutId, claim!.epoch, end, "")).toBe(true);
    expect((await store.runs.get(planned.runId)).state).toBe("done");

    const other = await mining.plan(wanderers.slice(1, 2), "optimal@1", { states: 0 });
    await pauseRun({ store }, other.runId);
    await cancelRun({ store }, other.runId);
    expect((await store.runs.get(other.runId)).state).toBe("cancelled");
  });
});

it("loses the lease of a rollout it could not write to, though it lives on and is busy with others", async () => {
  const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1", { states: 0 });
  const payload = { runId: planned.runId, trajectoryId: planned.trajectoryIds[0]! };
  const { deps } = mining.miner(optimal(), { owner: "living", leaseMs: 300 });
  const busy = deps.leases.hold(planned.runId);
  const end = () => Promise.reject(new Error("the database was gone for a moment"));
  const failing = { ...store, rollouts: { ...store.rollouts, end } };
  const mined = mineTrajectory({ ...deps, store: failing }, payload, running);
  await expect(mined).rejects.toThrow("gone for a moment");
  await expect.poll(() => store.rollouts.reap(5), { timeout: 3000 }).toEqual([payload]);
  busy.release();
});
