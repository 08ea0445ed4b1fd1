import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { createStore } from "@/lib/store/store";
import type { Claim } from "@/lib/core/rows";
import { aPlannedRun, aStep, aTrajectory, broken, mineOut, solved, unsolved } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
const LEASE = 60_000;
let seed = 0;
let runId = 0;
let trajectoryId = 0;
const at = () => ({ runId, trajectoryId });

beforeEach(async () => {
  const { trajectoryIds } = await db.store.trajectories.add([aTrajectory({}, (seed += 10))], null);
  trajectoryId = trajectoryIds[0]!;
  ({ runId } = await aPlannedRun(db.store, [trajectoryId]));
});

async function claim(owner = "one", leaseMs = LEASE): Promise<Claim> {
  const claimed = await db.store.rollouts.claim(runId, trajectoryId, owner, leaseMs);
  expect(claimed).not.toBeNull();
  return claimed!;
}
async function record({ rolloutId, epoch }: Claim, index: number) {
  await db.store.rollouts.startCall(rolloutId, epoch);
  return db.store.rollouts.recordStep(rolloutId, epoch, index, aStep({}, index), {
    promptTokens: 10,
    completionTokens: 3,
  });
}
const expire = () =>
  db.query(
    `update rollout set lease_until = now() - interval '1 second' where status = 'running' and run_id = $1`,
    [runId],
  );
const runState = async () => (await db.store.runs.get(runId)).state;
const entry = async () => (await db.store.facts(runId, [trajectoryId])).get(trajectoryId)!.entry;
const statuses = async () => (await db.store.rollouts.list(runId, trajectoryId)).map((r) => r.status);

describe("claiming", () => {
  it("takes rollouts by state then attempt, and starts the run and the trajectory", async () => {
    await db.store.runs.plan(runId, [{ trajectoryId, probes: [{ stateIndex: 2, attempt: 1 }] }]);
    const claims = [await claim(), await claim(), await claim(), await claim()];
    expect(claims.map((c) => [c.stateIndex, c.attempt])).toEqual([
      [0, 0],
      [2, 0],
      [2, 1],
      [4, 0],
    ]);
    expect(claims[0]).toMatchObject({ ...at(), epoch: 1, steps: [] });
    expect(await db.store.rollouts.claim(runId, trajectoryId, "one", LEASE)).toBeNull();
    const run = await db.store.runs.get(runId);
    expect(run).toMatchObject({ state: "running", finishedAt: null });
    expect(run.startedAt).toBeInstanceOf(Date);
    expect((await entry()).state).toBe("running");
  });

  it("never gives one rollout to two of many claimers", async () => {
    const probes = Array.from({ length: 40 }, (_, attempt) => ({ stateIndex: 1, attempt }));
    await db.store.runs.plan(runId, [{ trajectoryId, probes }]);
    const stores = [db.store, createStore(db.url), createStore(db.url)];
    const claimed: number[] = [];
    await Promise.all(
      stores.flatMap((store, i) =>
        [0, 1, 2].map(async (j) => {
          for (;;) {
            const got = await store.rollouts.claim(runId, trajectoryId, `${i}/${j}`, LEASE);
            if (!got) return;
            claimed.push(got.rolloutId);
          }
        }),
      ),
    );
    await Promise.all(stores.slice(1).map((store) => store.close()));
    expect(claimed).toHaveLength(43);
    expect(new Set(claimed).size).toBe(43);
  });

  it("stops the moment the run is being cancelled, and says when there is no such run", async () => {
    const claimers = Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 3; i++) {
        const got = await db.store.rollouts.claim(runId, trajectoryId, "racer", LEASE);
        if (got) await db.store.rollouts.release(got.rolloutId, got.epoch);
      }
    });
    await db.store.runs.move(runId, ["queued", "running"], "cancelling");
    expect(await db.store.rollouts.claim(runId, trajectoryId, "late", LEASE)).toBeNull();
    await Promise.all(claimers);
    await db.store.rollouts.cancelQueued(runId);
    expect(await statuses()).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(await runState()).toBe("cancelled");
    await expect(db.store.rollouts.claim(999_999, trajectoryId, "x", LEASE)).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("recording", () => {
  it("stores steps in order with what they cost, and gives them to the next owner", async () => {
    const first = await claim();
    expect([await record(first, 0), await record(first, 1)]).toEqual([true, true]);
    await db.store.rollouts.release(first.rolloutId, first.epoch);
    const second = await claim("two");
    expect(second).toMatchObject({ rolloutId: first.rolloutId, epoch: 2 });
    expect(second.steps).toEqual([aStep({}, 0), aStep({}, 1)]);
    expect(await record(second, 2)).toBe(true);
    expect(await db.store.rollouts.end(second.rolloutId, second.epoch, solved, "house@1")).toBe(true);
    expect(await db.store.rollouts.get(second.rolloutId)).toMatchObject({
      ...at(),
      status: "completed",
      success: true,
      reward: 1,
      stepCount: 3,
      steps: [0, 1, 2].map((i) => aStep({}, i)),
      finalObservation: "The end.",
      promptVersion: "house@1",
      promptTokens: 30,
      completionTokens: 9,
    });
    expect((await db.store.runs.progress(runId)).calls).toBe(3);
  });

  it("stores a step sent twice once, and refuses one that leaves a gap", async () => {
    const held = await claim();
    expect([await record(held, 0), await record(held, 0)]).toEqual([true, true]);
    expect((await db.store.rollouts.get(held.rolloutId)).promptTokens).toBe(10);
    await expect(record(held, 2)).rejects.toMatchObject({ code: "invalid_input" });
    await expect(
      db.store.rollouts.recordStep(held.rolloutId, held.epoch, 1, aStep({ action: "\0" }), null),
    ).rejects.toMatchObject({ code: "invalid_input", message: expect.stringContaining("step 1") });
  });

  it("counts the next call with the step before it, once, and not for a worker that lost the rollout", async () => {
    const held = await claim("one");
    const step = (by = held) =>
      db.store.rollouts.recordStep(by.rolloutId, by.epoch, 0, aStep({}, 0), null, true);
    const calls = async () => {
      const sql = "select calls_started, calls_reserved from rollout where id = $1";
      return (await db.query(sql, [held.rolloutId]))[0];
    };
    await db.store.rollouts.startCall(held.rolloutId, held.epoch);
    const [before] = [await calls()];
    expect([await step(), await step()]).toEqual([true, true]);
    const reserved = Number(before?.calls_reserved) - 1;
    expect(await calls()).toEqual({ calls_started: 2, calls_reserved: reserved });
    await expire();
    await db.store.rollouts.reap(5);
    await claim("other");
    expect(await step()).toBe(false);
    expect((await calls())?.calls_started).toBe(2);
  });

  it("refuses every write of a worker that lost its rollout", async () => {
    const zombie = await claim("zombie");
    await record(zombie, 0);
    await expire();
    expect(await db.store.rollouts.reap(5)).toEqual([at()]);
    const refused = async () => [
      await db.store.rollouts.startCall(zombie.rolloutId, zombie.epoch),
      await record(zombie, 1),
      await db.store.rollouts.end(zombie.rolloutId, zombie.epoch, solved, ""),
    ];
    expect(await refused()).toEqual([false, false, false]);
    const living = await claim("living");
    expect(living).toMatchObject({ rolloutId: zombie.rolloutId, epoch: zombie.epoch + 1 });
    expect(living.steps).toHaveLength(1);
    expect(await refused()).toEqual([false, false, false]);
    await db.store.rollouts.release(zombie.rolloutId, zombie.epoch);
    expect(await record(living, 1)).toBe(true);
    expect(await record(zombie, 1)).toBe(false);
    expect(await db.store.rollouts.end(living.rolloutId, living.epoch, unsolved, "")).toBe(true);
    expect(await refused()).toEqual([false, false, false]);
    expect(await brokenRules(db.query)).toEqual({});
  });
});

describe("ending", () => {
  it("finishes the trajectory with its last rollout and the run with its last trajectory, verdicts with it", async () => {
    await mineOut(db.store, at(), (state) => (state === 4 ? solved : unsolved));
    expect(await entry()).toMatchObject({ state: "done", beneficial: 4, redundant: 2, review: "pending" });
    const run = await db.store.runs.get(runId);
    expect(run.state).toBe("done");
    expect(run.finishedAt).toBeInstanceOf(Date);
    expect((await db.store.runs.of(trajectoryId)).map((r) => r.runId)).toEqual([runId]);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("is errored when every rollout was, with what broke", async () => {
    await mineOut(db.store, at(), () => broken);
    expect(await entry()).toMatchObject({
      state: "errored",
      errorCode: "endpoint_unavailable",
      errorMessage: "no answer",
      undecided: 6,
    });
    const examples = (await db.store.rollouts.list(runId, trajectoryId)).map(
      ({ rolloutId, stateIndex, attempt }) => ({ rolloutId, trajectoryId, stateIndex, attempt }),
    );
    expect(await db.store.runs.errors(runId)).toEqual([
      { code: "endpoint_unavailable", message: "no answer", rollouts: 3, examples },
    ]);
  });

  it("finishes the run once when the last rollouts end at the same time", async () => {
    const { trajectoryIds } = await db.store.trajectories.add(
      Array.from({ length: 8 }, (_, i) => aTrajectory({}, (seed += 1) + i * 1000)),
      null,
    );
    const run = await aPlannedRun(db.store, trajectoryIds, [0]);
    const stores = [db.store, createStore(db.url)];
    await Promise.all(
      trajectoryIds.map((id, i) =>
        mineOut(stores[i % 2]!, { runId: run.runId, trajectoryId: id }, () => solved),
      ),
    );
    await stores[1]!.close();
    expect((await db.store.runs.get(run.runId)).state).toBe("done");
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("shows what cannot be stored instead of failing, and refuses a reward that is none", async () => {
    const held = await claim();
    await expect(
      db.store.rollouts.end(held.rolloutId, held.epoch, { ...unsolved, reward: 2 }, ""),
    ).rejects.toMatchObject({ code: "invalid_input" });
    const detail = { stepIndex: 1, recorded: "a\0", replayed: "\ud800" };
    const end = { ...broken, message: "odd \0 text", detail };
    expect(await db.store.rollouts.end(held.rolloutId, held.epoch, end, "")).toBe(true);
    expect((await db.store.rollouts.get(held.rolloutId)).errorMessage).toBe("odd ␀ text");
  });
});

describe("leases", () => {
  it("are kept by renewing and lost without", async () => {
    const kept = await claim("keeper", 50);
    await pause(20);
    expect(await db.store.rollouts.renew("keeper", LEASE, [kept.rolloutId])).toEqual({ stoppingRuns: [] });
    await pause(60);
    expect(await db.store.rollouts.reap(5)).toEqual([]);
    expect(await db.store.rollouts.startCall(kept.rolloutId, kept.epoch)).toBe(true);
    await claim("loser", 1);
    await pause(20);
    expect(await db.store.rollouts.reap(5)).toEqual([at()]);
    expect(await statuses()).toEqual(["running", "queued", "queued"]);
  });

  it("tell their owner that the run is being cancelled, and are cancelled when given back then", async () => {
    const held = await claim("worker");
    await record(held, 0);
    await db.store.runs.move(runId, ["running"], "cancelling");
    await db.store.rollouts.cancelQueued(runId);
    expect(await runState()).toBe("cancelling");
    expect(await db.store.rollouts.renew("worker", LEASE, [held.rolloutId])).toEqual({
      stoppingRuns: [runId],
    });
    expect(await db.store.rollouts.renew("another", LEASE, [held.rolloutId])).toEqual({ stoppingRuns: [] });
    await db.store.rollouts.release(held.rolloutId, held.epoch);
    expect(await statuses()).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(await runState()).toBe("cancelled");
    expect((await entry()).state).toBe("cancelled");
    expect((await db.store.rollouts.get(held.rolloutId)).steps).toHaveLength(1);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("make a rollout poison that is lost too often, whoever reaps, but not one that was given back", async () => {
    for (let round = 0; round < 4; round++) {
      const given = await claim();
      await db.store.rollouts.release(given.rolloutId, given.epoch);
    }
    for (let death = 0; death < 3; death++) {
      await claim("victim");
      await expire();
      const reapers = await Promise.all([db.store.rollouts.reap(3), db.store.rollouts.reap(3)]);
      expect(reapers.flat()).toEqual(death < 2 ? [at()] : []);
    }
    const [poisoned] = await db.store.rollouts.list(runId, trajectoryId);
    expect(poisoned).toMatchObject({ status: "errored", errorCode: "poison", success: null });
    expect(poisoned!.errorMessage).toContain("3 workers");
    await mineOut(db.store, at(), () => solved);
    expect((await entry()).state).toBe("done");
  });

  it("that run out while the run is being cancelled end it", async () => {
    await claim("gone");
    await db.store.runs.move(runId, ["running"], "cancelling");
    await db.store.rollouts.cancelQueued(runId);
    await expire();
    expect(await db.store.rollouts.reap(5)).toEqual([]);
    expect(await runState()).toBe("cancelled");
  });
});
