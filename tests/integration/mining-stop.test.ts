import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "@/lib/core/store";
import { mineTrajectory } from "@/lib/jobs/handlers/mine-trajectory";
import { sweep } from "@/lib/jobs/sweep";
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
