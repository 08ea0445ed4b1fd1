import { beforeEach, describe, expect, it } from "vitest";
import { paperRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import {
  anEvidence,
  aPlannedRun,
  aRun,
  aStep,
  aTrajectory,
  broken,
  mineOut,
  solved,
  trajectories,
  unsolved,
} from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let seed = 0;
let ids: number[] = [];

beforeEach(async () => {
  ({ trajectoryIds: ids } = await db.store.trajectories.add(trajectories(3, {}, (seed += 10)), null));
});

const entriesOf = async (runId: number) => (await db.store.runs.trajectories(runId, null, 100)).rows;

describe("a run", () => {
  it("is kept as it was started, with who started it", async () => {
    const config = RunConfig.parse({ states: 3, attempts: 2, seed: 9 });
    const run = await aRun(db.store, { name: "first", config, alpha: 0.5 });
    expect(run).toMatchObject({
      name: "first",
      config,
      alpha: 0.5,
      state: "queued",
      createdBy: "Ada",
      error: null,
    });
    expect(await db.store.runs.get(run.runId)).toEqual(run);
    for (const bad of [{ policyId: 999_999 }, { personId: 999_999 }])
      await expect(aRun(db.store, bad)).rejects.toMatchObject({ code: "not_found" });
    await expect(aRun(db.store, { name: "\0" })).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("moves from the states named only, and notes when it began and ended", async () => {
    const { runId } = await aRun(db.store);
    expect(await db.store.runs.move(runId, ["running"], "done")).toBe(false);
    expect(await db.store.runs.move(runId, ["queued"], "running")).toBe(true);
    expect(await db.store.runs.move(runId, ["queued", "running"], "failed", "it broke")).toBe(true);
    const run = await db.store.runs.get(runId);
    expect(run).toMatchObject({ state: "failed", error: "it broke" });
    expect(run.finishedAt!.getTime()).toBeGreaterThanOrEqual(run.startedAt!.getTime());
    for (const id of [999_999, 2 ** 33])
      await expect(db.store.runs.move(id, ["queued"], "done")).rejects.toMatchObject({ code: "not_found" });
  });

  it("is listed newest first, in pages, each with its progress", async () => {
    const made = [await aRun(db.store), await aPlannedRun(db.store, ids), await aRun(db.store)];
    const first = await db.store.runs.list(null, 2);
    expect(first.rows.map((r) => r.runId)).toEqual([made[2]!.runId, made[1]!.runId]);
    expect(first.rows.map((r) => r.progress.rollouts.queued)).toEqual([0, 9]);
    const second = await db.store.runs.list(first.next, 1);
    expect(second.rows.map((r) => r.runId)).toEqual([made[0]!.runId]);
  });

  it("moves what it asks of evidence, within what can be asked", async () => {
    const { runId } = await aRun(db.store);
    expect(await db.store.runs.get(runId)).toMatchObject(paperRule);
    const rule = { alpha: 0.95, minAttempts: 4, ruleVersion: "eef-2" } as const;
    await db.store.runs.setRule(runId, rule);
    expect(await db.store.runs.get(runId)).toMatchObject(rule);
    for (const wrong of [{ alpha: 2 }, { minAttempts: 0 }, { minAttempts: 65 }, { minAttempts: 1.5 }])
      await expect(db.store.runs.setRule(runId, { ...rule, ...wrong })).rejects.toMatchObject({
        code: "invalid_input",
      });
    await expect(db.store.runs.setRule(999_999, rule)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("planning", () => {
  it("adds what is missing and leaves the rest alone", async () => {
    const run = await aPlannedRun(db.store, ids.slice(0, 2));
    const probes = [0, 1, 2].map((stateIndex) => ({ stateIndex, attempt: 0 }));
    const claimed = await db.store.rollouts.claim(run.runId, ids[0]!, "one", 60_000);
    const plan = ids.map((trajectoryId) => ({ trajectoryId, probes }));
    await Promise.all([db.store.runs.plan(run.runId, plan), db.store.runs.plan(run.runId, plan)]);
    const rows = await db.store.rollouts.list(run.runId, ids[0]!);
    expect(rows.map((r) => [r.stateIndex, r.status])).toEqual([
      [0, "running"],
      [1, "queued"],
      [2, "queued"],
      [4, "queued"],
    ]);
    expect(rows[0]!.rolloutId).toBe(claimed!.rolloutId);
    expect(await db.store.runs.trajectoryIds(run.runId)).toEqual(ids);
    expect(await db.store.runs.trajectoryIds(run.runId, ["running"])).toEqual([ids[0]]);
  });

  it("reopens a run that was done, and plans nothing new in one that was cancelled", async () => {
    const run = await aPlannedRun(db.store, ids.slice(0, 1));
    const at = { runId: run.runId, trajectoryId: ids[0]! };
    await mineOut(db.store, at, () => solved);
    const more = (stateIndex: number) =>
      db.store.runs.plan(run.runId, [{ trajectoryId: ids[0]!, probes: [{ stateIndex, attempt: 0 }] }]);
    await more(5);
    expect((await db.store.runs.get(run.runId)).state).toBe("queued");
    await db.store.runs.move(run.runId, ["queued"], "cancelling");
    await db.store.rollouts.cancelQueued(run.runId);
    await more(3);
    expect((await db.store.rollouts.list(run.runId, ids[0]!)).map((r) => r.status).sort()).toEqual([
      "cancelled",
      "cancelled",
      "completed",
      "completed",
      "completed",
    ]);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("refuses trajectories and runs that do not exist", async () => {
    const { runId } = await aRun(db.store);
    const plan = [{ trajectoryId: 999_999, probes: [{ stateIndex: 0, attempt: 0 }] }];
    await expect(db.store.runs.plan(runId, plan)).rejects.toMatchObject({ code: "not_found" });
    await expect(db.store.runs.plan(999_999, [])).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("marking", () => {
  it("changes what is named, and not what the rollouts say otherwise", async () => {
    const run = await aPlannedRun(db.store, ids.slice(0, 1));
    const id = ids[0]!;
    const divergence = { stepIndex: 2, recorded: "a", replayed: "b\0" };
    await db.store.runs.mark(run.runId, id, { replay: "diverged", divergence });
    await db.store.runs.mark(run.runId, id, { state: "done", harmful: 2 });
    expect((await entriesOf(run.runId))[0]).toMatchObject({
      state: "queued",
      replay: "diverged",
      divergence: { ...divergence, replayed: "b␀" },
      harmful: 2,
    });
    await db.store.runs.mark(run.runId, id, { state: "running" });
    expect((await entriesOf(run.runId))[0]!.state).toBe("running");
    await mineOut(db.store, { runId: run.runId, trajectoryId: id }, () => solved);
    await db.store.runs.mark(run.runId, id, { state: "running" });
    expect((await entriesOf(run.runId))[0]!.state).toBe("done");
    expect((await db.store.runs.get(run.runId)).state).toBe("done");
    for (const [runId, trajectoryId] of [
      [run.runId, ids[1]!],
      [999_999, id],
    ] as const)
      await expect(db.store.runs.mark(runId, trajectoryId, {})).rejects.toMatchObject({ code: "not_found" });
  });

  it("keeps the newest run with evidence as the newest, in whatever order runs end", async () => {
    const [older, newer] = [await aPlannedRun(db.store, ids), await aPlannedRun(db.store, ids)];
    const id = ids[0]!;
    await mineOut(db.store, { runId: newer.runId, trajectoryId: id }, () => solved);
    await mineOut(db.store, { runId: older.runId, trajectoryId: id }, () => unsolved);
    expect((await db.store.runs.of(id)).map((r) => r.runId)).toEqual([newer.runId, older.runId]);
    expect(
      await db.query(`select run_id from run_trajectory where trajectory_id = $1 and latest`, [id]),
    ).toEqual([{ run_id: newer.runId }]);
    expect(await db.store.runs.of(ids[1]!)).toEqual([]);
    expect(await brokenRules(db.query)).toEqual({});
  });
});

describe("queueing again", () => {
  it("drops the steps of errored rollouts, keeps those of cancelled ones, and goes on", async () => {
    const run = await aPlannedRun(db.store, ids.slice(0, 2));
    const [first, second] = [ids[0]!, ids[1]!];
    await mineOut(db.store, { runId: run.runId, trajectoryId: first }, (state) => (state ? solved : broken));
    const held = (await db.store.rollouts.claim(run.runId, second, "one", 60_000))!;
    await db.store.rollouts.startCall(held.rolloutId, held.epoch);
    await db.store.rollouts.recordStep(held.rolloutId, held.epoch, 0, aStep(), null);
    await db.store.runs.move(run.runId, ["running"], "cancelling");
    await expect(db.store.runs.requeue(run.runId, ["cancelled"])).rejects.toMatchObject({ code: "conflict" });
    await db.store.rollouts.release(held.rolloutId, held.epoch);
    await db.store.rollouts.cancelQueued(run.runId);
    expect(await db.store.runs.requeue(run.runId, ["errored"])).toEqual([first]);
    expect(await db.store.runs.requeue(run.runId, ["cancelled"])).toEqual([second]);
    expect(await db.store.runs.requeue(run.runId, ["errored", "cancelled"])).toEqual([]);
    expect(await db.store.runs.get(run.runId)).toMatchObject({ state: "queued", finishedAt: null });
    const again = (await db.store.rollouts.claim(run.runId, second, "one", 60_000))!;
    expect(again).toMatchObject({ rolloutId: held.rolloutId, steps: [aStep()] });
    await db.store.rollouts.end(again.rolloutId, again.epoch, unsolved, "");
    for (const trajectoryId of [first, second])
      await mineOut(db.store, { runId: run.runId, trajectoryId }, () => solved);
    const progress = await db.store.runs.progress(run.runId);
    expect(progress).toMatchObject({
      trajectories: { total: 2, done: 2, errored: 0, diverged: 0 },
      rollouts: { completed: 6, succeeded: 5, queued: 0, running: 0, errored: 0, cancelled: 0 },
      calls: 7,
    });
    expect(progress.verdicts).toMatchObject({ redundant: 10, beneficial: 2 });
    expect(await brokenRules(db.query)).toEqual({});
  });
});

describe("evidence made elsewhere", () => {
  it("is stored once per key and judged like our own", async () => {
    const run = await aRun(db.store, { origin: "imported" });
    const trajectoryId = ids[0]!;
    const drafts = [
      anEvidence({ trajectoryId, end: unsolved }),
      anEvidence({ trajectoryId, stateIndex: 3, steps: [] }),
      anEvidence({ trajectoryId, stateIndex: 3, attempt: 1, end: broken }),
      anEvidence({ trajectoryId, end: solved }),
    ];
    expect(await db.store.rollouts.addEvidence(run.runId, drafts)).toEqual({ stored: 3, duplicates: 1 });
    expect(await db.store.rollouts.addEvidence(run.runId, drafts)).toEqual({ stored: 0, duplicates: 4 });
    const facts = (await db.store.facts(run.runId, [trajectoryId, ids[1]!, 2 ** 40])).get(trajectoryId)!;
    expect(facts.entry).toMatchObject({
      state: "done",
      beneficial: 3,
      redundant: 3,
      errorCode: "endpoint_unavailable",
    });
    expect(facts.rollouts.map((r) => [r.stateIndex, r.attempt, r.status, r.success, r.stepCount])).toEqual([
      [0, 0, "completed", false, 2],
      [3, 0, "completed", true, 0],
      [3, 1, "errored", null, 2],
    ]);
    expect((await db.store.rollouts.get(facts.rollouts[0]!.rolloutId)).steps).toEqual(drafts[0]!.steps);
    expect((await db.store.runs.get(run.runId)).state).toBe("queued");
    expect(await db.store.runs.move(run.runId, ["queued", "running"], "done")).toBe(true);
    expect((await db.store.runs.of(trajectoryId)).map((r) => r.runId)).toEqual([run.runId]);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("is refused whole when something in it cannot be", async () => {
    const run = await aRun(db.store, { origin: "imported" });
    const good = anEvidence({ trajectoryId: ids[0]! });
    for (const [bad, code] of [
      [anEvidence({ trajectoryId: 999_999 }), "not_found"],
      [
        anEvidence({ trajectoryId: ids[0]!, stateIndex: 1, steps: [aStep({ thought: "\0" })] }),
        "invalid_input",
      ],
      [
        anEvidence({ trajectoryId: ids[0]!, stateIndex: 1, end: { ...unsolved, reward: -1 } }),
        "invalid_input",
      ],
    ] as const)
      await expect(db.store.rollouts.addEvidence(run.runId, [good, bad])).rejects.toMatchObject({ code });
    expect(await db.store.rollouts.list(run.runId, ids[0]!)).toEqual([]);
  });
});

describe("the overview", () => {
  it("counts what there is", async () => {
    const before = await db.store.overview();
    const drafts = [
      aTrajectory({ environment: "counted", success: true }, 5001),
      aTrajectory({ environment: "counted" }, 5002),
    ];
    const { trajectoryIds } = await db.store.trajectories.add(drafts, null);
    const run = await aPlannedRun(db.store, [trajectoryIds[1]!]);
    await mineOut(db.store, { runId: run.runId, trajectoryId: trajectoryIds[1]! }, (s) =>
      s ? solved : unsolved,
    );
    const after = await db.store.overview();
    expect(after.environments.find((e) => e.environment === "counted")).toEqual({
      environment: "counted",
      expertSolved: 1,
      expertFailed: 1,
      expertUnknown: 0,
      nowSolved: 1,
    });
    expect(after.verdicts.beneficial - before.verdicts.beneficial).toBe(2);
    expect(after.review.toReview - before.review.toReview).toBe(2);
    expect(after.counts.trajectories - before.counts.trajectories).toBe(2);
    expect(after.counts).toMatchObject({
      runs: before.counts.runs + 1,
      rollouts: before.counts.rollouts + 3,
      capped: false,
    });
  });
});
