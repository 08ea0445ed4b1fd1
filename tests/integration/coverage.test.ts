import { beforeAll, describe, expect, it } from "vitest";
import { coverageStates, coverageTotals, type CoveredSubtask } from "@/lib/core/coverage";
import { reviewStep } from "@/lib/usecases/reviews";
import { Filter } from "@/lib/usecases/selection";
import {
  aPlannedRun,
  aRun,
  aTrajectory,
  anEvidence,
  broken,
  mineOut,
  solved,
  trajectories,
  unsolved,
} from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
const expert = (subtaskKey: string, seed: number, success: boolean | null = false) =>
  aTrajectory({ subtaskKey, success }, seed);
let ids: number[] = [];
let [run, imported] = [0, 0];
const id = (at: number) => ids[at] ?? 0;

/** One subtask for each way it can go. */
beforeAll(async () => {
  const drafts = [
    expert("mined", 0),
    expert("mined", 1, null),
    expert("imported", 2),
    expert("imported", 3),
    expert("redeemed", 4),
    expert("redeemed", 5, true),
    expert("broken", 6),
    expert("lost", 7),
    expert("untouched", 8),
    expert("vetoed", 9),
    aTrajectory({ subtaskKey: "agents", source: "agent" }, 10),
    expert("unknown", 11, null),
  ];
  ids = (await db.store.trajectories.add(drafts, null)).trajectoryIds;
  const mined = [0, 4, 6, 7, 9].map(id);
  run = (await aPlannedRun(db.store, mined)).runId;
  const found = (trajectoryId: number, stateIndex: number) => {
    if (trajectoryId === id(6)) return broken;
    return trajectoryId === id(7) || stateIndex === 0 ? unsolved : solved;
  };
  for (const trajectoryId of mined)
    await mineOut(db.store, { runId: run, trajectoryId }, (state) => found(trajectoryId, state));
  imported = (await aRun(db.store, { origin: "imported", name: "found elsewhere" })).runId;
  await db.store.rollouts.addEvidence(imported, [
    anEvidence({ trajectoryId: id(3), stateIndex: 3, end: { ...solved, reward: 0.9 } }),
    anEvidence({ trajectoryId: id(3), stateIndex: 4 }),
    anEvidence({ trajectoryId: id(10), stateIndex: 0 }),
  ]);
});

async function subtasks(change: Partial<Parameters<typeof db.store.coverage.subtasks>[0]> = {}) {
  const filter = { environmentId: null, taskType: null, state: null, ...change };
  return (await db.store.coverage.subtasks(filter, "failures", null, 1000)).rows;
}
const named = async (subtaskKey: string): Promise<CoveredSubtask | undefined> =>
  (await subtasks()).find((row) => row.subtaskKey === subtaskKey);
const totals = async () => coverageTotals(await db.store.coverage.counts());
const listed = (coverage: (typeof coverageStates)[number]) =>
  db.store.trajectories.ids({ ...Filter.parse({ coverage }) }, 1000);

async function decide(at: number, target: "step" | "solution", decision: "approve" | "veto" | "withdraw") {
  const { personId } = await db.store.people.ensure("Ada");
  const before = (await db.store.reviews.list(run, id(at))).filter((r) => r.target === target);
  await reviewStep(db, personId, {
    ...{ runId: run, trajectoryId: id(at), target, targetIndex: 0, decision, reason: null, note: null },
    ...{ expectedVersion: before.length, clientId: crypto.randomUUID() },
  });
}

describe("coverage", () => {
  it("knows what the expert failed, and what of it is solved", async () => {
    const states = Object.fromEntries((await subtasks()).map((row) => [row.subtaskKey, row.state]));
    expect(states).toEqual({
      mined: "solved",
      imported: "solved",
      broken: "remaining",
      lost: "remaining",
      untouched: "remaining",
      vetoed: "solved",
    });
    expect(await totals()).toMatchObject({ failed: 6, everSolved: 3, remaining: 3, solved: 3, approved: 0 });
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("says of each what failed, and what solved it first", async () => {
    expect(await named("mined")).toMatchObject({
      ...{ experts: 2, failed: 1, bestReward: 1, environment: "house" },
      solvedBy: { runId: run, run: "a run", trajectoryId: id(0), stateIndex: 2 },
    });
    expect(await named("imported")).toMatchObject({
      ...{ experts: 2, failed: 2, bestReward: 1 },
      solvedBy: { runId: imported, run: "found elsewhere", trajectoryId: id(3), stateIndex: 3 },
    });
    expect(await named("broken")).toMatchObject({ solvedBy: null, bestReward: null });
    expect(await named("lost")).toMatchObject({ solvedBy: null, bestReward: 0 });
  });

  it("does not count a success from a failed trajectory where another of the expert succeeded", async () => {
    expect(await named("redeemed")).toBeUndefined();
    expect((await subtasks({ state: "solved" })).map((row) => row.subtaskKey)).not.toContain("redeemed");
    expect(await db.store.trajectories.ids({ ...Filter.parse({ coverage: "solved" }) }, 10)).not.toContain(
      id(4),
    );
  });

  it("lists the trajectories of subtasks in a state, all of them", async () => {
    expect(await listed("solved")).toEqual([0, 1, 2, 3, 9].map(id));
    expect(await listed("remaining")).toEqual([6, 7, 8].map(id));
    expect(await listed("approved")).toEqual([]);
    const subtaskId = (await named("imported"))?.subtaskId ?? 0;
    const of = (filter: object) => db.store.trajectories.ids({ ...Filter.parse(filter) }, 10);
    expect(await of({ subtaskId })).toEqual([id(2), id(3)]);
    expect(await of({ subtaskId, coverage: "remaining" })).toEqual([]);
    expect(await of({ subtaskId, coverage: "solved", verdict: "undecided" })).toEqual([id(3)]);
    expect(await of({ subtaskId: 2 ** 40 })).toEqual([]);
  });

  it("tells approved solutions from solved ones; a vetoed one stays solved", async () => {
    await decide(9, "solution", "veto");
    await decide(0, "solution", "approve");
    expect((await named("vetoed"))?.state).toBe("solved");
    expect((await named("mined"))?.state).toBe("approved");
    expect(await listed("approved")).toEqual([id(0), id(1)]);
    expect(await totals()).toMatchObject({ failed: 6, everSolved: 3, solved: 2, approved: 1 });
    await decide(0, "solution", "withdraw");
    expect((await named("mined"))?.state).toBe("solved");
    // Approving an action of its expert part approves the solution too: a dataset would take it.
    await decide(0, "step", "approve");
    expect((await named("mined"))?.state).toBe("approved");
    await decide(0, "step", "veto");
    expect((await named("mined"))?.state).toBe("solved");
    expect(await db.store.coverage.vetoes()).toEqual([{ environment: "house", decided: 1, vetoed: 1 }]);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("counts what a finished run was the first to solve, and what it spent", async () => {
    await db.store.runs.move(run, ["queued", "running"], "done");
    const [first, ...others] = await db.store.coverage.spent(5);
    expect(first).toMatchObject({ runId: run, newlySolved: 2, calls: 15, prices: null });
    expect(others).toEqual([]);
  });
});

describe("coverage as facts come in", () => {
  it("follows a later success of the expert, and a later failure", async () => {
    const before = await totals();
    await db.store.trajectories.add([expert("lost", 100, true), expert("unknown", 101)], null);
    expect(await named("lost")).toBeUndefined();
    expect((await named("unknown"))?.state).toBe("remaining");
    expect((await totals()).failed).toBe(before.failed);
    await db.store.trajectories.add([expert("lost", 100, true), expert("unknown", 101)], null);
    expect((await named("unknown"))?.failed).toBe(1);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("follows task types that an environment lists later", async () => {
    const { environmentId } = await db.store.trajectories.get(id(8));
    for (const taskType of ["pick", "place"])
      await db.store.environments.putSubtasks(environmentId, [
        { subtaskKey: "untouched", instruction: "x", bestReward: null, taskType, split: null },
      ]);
    expect((await subtasks({ taskType: "place" })).map((row) => row.subtaskKey)).toEqual(["untouched"]);
    const counts = await db.store.coverage.counts();
    expect(counts.map(({ taskType, remaining }) => [taskType, remaining])).toEqual([
      [null, 2],
      ["place", 1],
    ]);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("stays right while many solve and import at once", async () => {
    const drafts = trajectories(24, { environment: "crowd" }, 1000).map((draft, i) => ({
      ...draft,
      subtaskKey: `crowd_${i % 8}`,
    }));
    const added = (await db.store.trajectories.add(drafts, null)).trajectoryIds;
    const { runId } = await aPlannedRun(db.store, added);
    await Promise.all([
      ...added.map((trajectoryId, i) =>
        mineOut(db.store, { runId, trajectoryId }, () => (i % 8 < 5 ? solved : unsolved)),
      ),
      ...[0, 1, 2, 3].map((at) =>
        db.store.trajectories.add(
          trajectories(20, { environment: "crowd", subtaskKey: `late_${at}` }, 2000 + 20 * at),
          null,
        ),
      ),
    ]);
    const crowd = (await db.store.coverage.counts()).find(({ environment }) => environment === "crowd");
    expect(crowd).toMatchObject({ solved: 5, remaining: 7, approved: 0 });
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("is what the facts rebuild", async () => {
    const all = "select * from subtask_coverage order by subtask_id";
    const first = (row: Record<string, unknown>) => ({ ...row, first_trajectory_id: null });
    const before = (await db.query(all)).map(first);
    await db.query("select rebuild_coverage()");
    expect((await db.query(all)).map(first)).toEqual(before);
  });
});

it.each(["failures", "newest"] as const)("pages of subtasks, %s first, meet each once", async (sort) => {
  const filter = { environmentId: null, taskType: null, state: null };
  const met: CoveredSubtask[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await db.store.coverage.subtasks(filter, sort, cursor, 3);
    met.push(...page.rows);
    if (page.next === null) break;
    cursor = page.next;
  }
  const whole = (await db.store.coverage.subtasks(filter, sort, null, 1000)).rows;
  expect(met).toEqual(whole);
  expect(new Set(met.map((row) => row.subtaskId)).size).toBe((await totals()).failed);
  const key = (row: CoveredSubtask) => (sort === "failures" ? row.failed * 1e6 : 0) + row.subtaskId;
  expect(met.map(key)).toEqual(met.map(key).sort((a, b) => b - a));
  for (const state of coverageStates) expect(await subtasks({ state })).toHaveLength((await totals())[state]);
  const other = sort === "failures" ? "newest" : "failures";
  const { next } = await db.store.coverage.subtasks(filter, sort, null, 2);
  await expect(db.store.coverage.subtasks(filter, other, next, 2)).rejects.toMatchObject({
    code: "invalid_input",
  });
});

it("lists trajectories of many subtasks in every order, each once", async () => {
  for (let i = 0; i < 6; i++)
    await db.store.trajectories.add(trajectories(850, { environment: "many" }, 10_000 + 850 * i), null);
  const filter = Filter.parse({ coverage: "remaining", source: "expert", success: false });
  for (const sort of ["newest", "reward", "harmful"] as const) {
    const met: number[] = [];
    for (let cursor: string | null = null; ;) {
      const page = await db.store.trajectories.list(filter, sort, cursor, 700);
      met.push(...page.rows.map((row) => row.trajectoryId));
      if (page.next === null) break;
      cursor = page.next;
    }
    expect(met.sort((a, b) => a - b)).toEqual(await db.store.trajectories.ids(filter, 10_000));
    expect(met.length).toBeGreaterThan(5100);
  }
  expect(await brokenRules(db.query)).toEqual({});
});
