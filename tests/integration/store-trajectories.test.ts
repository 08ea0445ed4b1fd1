import { describe, expect, it } from "vitest";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { contentHash } from "@/lib/store/content-hash";
import { createStore } from "@/lib/store/store";
import { aStep, aToolCalling, aTrajectory, trajectories } from "../support/factories";
import { useStore } from "../support/store";

const db = useStore();
const only = <T>(items: T[]): T => {
  expect(items).toHaveLength(1);
  return items[0]!;
};

const toolCalling = aToolCalling({ externalId: "with tools" }, 900);

describe("adding", () => {
  it.each([
    ["text steps", aTrajectory({}, 1)],
    ["tool calls", toolCalling],
    [
      "nothing that may be missing",
      aTrajectory({ model: null, success: null, externalId: null, finalObservation: null }, 2),
    ],
  ])("gives back what was stored, with the same hash: %s", async (_, draft) => {
    const { trajectoryIds } = await db.store.trajectories.add([draft], null);
    const stored = await db.store.trajectories.get(only(trajectoryIds));
    expect(stored).toMatchObject(draft);
    expect(stored).toMatchObject({
      environmentName: "house",
      contentHash: contentHash(draft),
      bestReward: null,
    });
    const { environmentId: _e, trajectoryId: _t, contentHash: _h, createdAt: _c, ...rest } = stored;
    const { environmentName: _n, bestReward: _b, ...again } = rest;
    expect(contentHash(again)).toBe(stored.contentHash);
    expect(JSON.stringify(again.tools)).toBe(JSON.stringify(draft.tools));
  });

  it("stores content once, within a batch and across batches, and answers an id for every draft", async () => {
    const batch = trajectories(4, {}, 100);
    const first = await db.store.trajectories.add([...batch, batch[1]!], null);
    expect(first).toMatchObject({ stored: 4, duplicates: 1 });
    expect(first.trajectoryIds[4]).toBe(first.trajectoryIds[1]);
    expect(first.trajectoryIds.slice(0, 4)).toEqual(
      [...first.trajectoryIds.slice(0, 4)].sort((a, b) => a - b),
    );
    const shuffled = { ...Object.fromEntries(Object.entries(batch[2]!).reverse()) };
    const again = await db.store.trajectories.add([batch[0]!, shuffled as TrajectoryDraft], null);
    expect(again).toEqual({
      stored: 0,
      duplicates: 2,
      trajectoryIds: [first.trajectoryIds[0], first.trajectoryIds[2]],
    });
  });

  it("stores each once when several processes add the same, in different orders, at once", async () => {
    const batch = trajectories(60, { environment: "contested" }, 200);
    const others = [createStore(db.url), createStore(db.url)];
    const orders = [batch, [...batch].reverse(), [...batch.slice(30), ...batch.slice(0, 30)]];
    const results = await Promise.all(
      [db.store, ...others].map((store, i) => store.trajectories.add(orders[i]!, null)),
    );
    await Promise.all(others.map((store) => store.close()));
    expect(results.reduce((sum, r) => sum + r.stored, 0)).toBe(60);
    expect(new Set(results.flatMap((r) => r.trajectoryIds)).size).toBe(60);
    expect(results[1]!.trajectoryIds).toEqual([...results[0]!.trajectoryIds].reverse());
    const steps = await db.query(`select count(*)::int as n from step where trajectory_id = any($1)`, [
      results[0]!.trajectoryIds,
    ]);
    expect(steps).toEqual([{ n: 360 }]);
  });

  it("keeps a trajectory's own instruction where its subtask was told otherwise before", async () => {
    const told = aTrajectory({ subtaskKey: "told", instruction: "Find the red key." }, 300);
    const otherwise = aTrajectory({ subtaskKey: "told", instruction: "Find the blue key." }, 301);
    const { trajectoryIds } = await db.store.trajectories.add([told, otherwise], null);
    const { environmentId } = await db.store.trajectories.get(trajectoryIds[0]!);
    await db.store.environments.putSubtasks(environmentId, [
      { subtaskKey: "told", instruction: "Find any key.", bestReward: 0.8, taskType: "key", split: "train" },
    ]);
    const both = await Promise.all(trajectoryIds.map((id) => db.store.trajectories.get(id)));
    expect(both.map((t) => t.instruction)).toEqual(["Find the red key.", "Find the blue key."]);
    expect(both.map((t) => t.bestReward)).toEqual([0.8, 0.8]);
  });

  it.each([
    [
      "a NUL",
      { steps: [aStep(), aStep({ observation: "a\0b" })] },
      /bad-one\.steps\[1\]\.observation holds a NUL/,
    ],
    ["half a character", { instruction: "lone \ud800" }, /bad-one\.instruction holds half of a surrogate/],
    ["a NUL in a key of a tool", { tools: [{ "a\0": 1 }] }, /a key of trajectory bad-one\.tools\[0\]/],
    ["a name longer than an index holds", { subtaskKey: "x".repeat(3000) }, /3000 bytes/],
    ["a reward out of range", { reward: 1.5 }, /bad-one/],
    ["no steps", { steps: [] }, /bad-one/],
  ])("refuses %s with the place of it, and stores nothing of the batch", async (_, change, message) => {
    const before = await db.query("select count(*) from trajectory");
    const batch = [aTrajectory({}, 400), aTrajectory({ externalId: "bad-one", ...change }, 401)];
    await expect(db.store.trajectories.add(batch, null)).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(message),
    });
    expect(await db.query("select count(*) from trajectory")).toEqual(before);
  });

  it("stores texts that are large, and looks at no more than it must to find them duplicates", async () => {
    const long = aTrajectory(
      { steps: Array.from({ length: 12 }, () => aStep({ observation: "x".repeat(700_000) })) },
      500,
    );
    const { trajectoryIds } = await db.store.trajectories.add([long], null);
    const stored = await db.store.trajectories.get(only(trajectoryIds));
    expect(stored.steps.map((s) => s.observation.length)).toEqual(Array(12).fill(700_000));
  });

  it("is part of the import it names, which must exist", async () => {
    await expect(db.store.trajectories.add([aTrajectory({}, 600)], 12345)).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("answers an empty batch", async () => {
    expect(await db.store.trajectories.add([], null)).toEqual({
      stored: 0,
      duplicates: 0,
      trajectoryIds: [],
    });
  });
});

describe("finding", () => {
  it.each([0, -1, 2.5, 999_999, 2 ** 31, Number.NaN])("has no trajectory %d", async (id) => {
    await expect(db.store.trajectories.get(id)).rejects.toMatchObject({ code: "not_found" });
  });

  it("resolves a hash, an external id, or environment/external id", async () => {
    const draft = aTrajectory({ environment: "a/b", externalId: "c/d", subtaskKey: "s" }, 700);
    const id = only((await db.store.trajectories.add([draft], null)).trajectoryIds);
    for (const reference of [contentHash(draft), "c/d", "a/b/c/d"])
      expect(await db.store.trajectories.resolve(reference)).toEqual({ trajectoryId: id, stepCount: 6 });
  });

  it("names all that are meant when several are, and says when none is", async () => {
    const same = [1, 2].map((n) => aTrajectory({ environment: `env-${n}`, externalId: "twice" }, 710 + n));
    await db.store.trajectories.add(same, null);
    await expect(db.store.trajectories.resolve("twice")).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringMatching(/env-1\/twice.*env-2\/twice/),
    });
    expect((await db.store.trajectories.resolve("env-2/twice")).stepCount).toBe(6);
    for (const unknown of ["thrice", "", "/", "x".repeat(100_000), "/".repeat(4000)])
      await expect(db.store.trajectories.resolve(unknown)).rejects.toMatchObject({ code: "not_found" });
  });

  it("gives briefs in id order and leaves out unknown ids", async () => {
    const { trajectoryIds } = await db.store.trajectories.add(
      [aTrajectory({ reward: 0.5 }, 720), aTrajectory({ source: "agent", success: true }, 721)],
      null,
    );
    const briefs = await db.store.trajectories.briefs([...trajectoryIds.toReversed(), 999_999, 2 ** 40]);
    expect(briefs).toEqual([
      { trajectoryId: trajectoryIds[0], source: "expert", success: false, reward: 0.5, stepCount: 6 },
      { trajectoryId: trajectoryIds[1], source: "agent", success: true, reward: 1, stepCount: 6 },
    ]);
  });

  it("lists models once each", async () => {
    await db.store.trajectories.add(
      ["gpt-b", "gpt-a", "gpt-b"].map((model, i) => aTrajectory({ model }, 730 + i)),
      null,
    );
    const models = await db.store.trajectories.models();
    expect(models).toEqual([...new Set(models)].sort());
    expect(models).toEqual(expect.arrayContaining(["expert-1", "gpt-a", "gpt-b"]));
  });
});
