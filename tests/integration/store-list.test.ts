import { beforeAll, describe, expect, it } from "vitest";
import {
  trajectorySorts,
  type TrajectoryFilter,
  type TrajectoryListRow,
  type TrajectorySort,
} from "@/lib/core/rows";
import {
  aPlannedRun,
  aTrajectory,
  broken,
  mineOut,
  numbersFrom,
  solved,
  trajectories,
  unsolved,
} from "../support/factories";
import { useStore } from "../support/store";

const db = useStore();
const any: TrajectoryFilter = {
  source: null,
  success: null,
  environmentId: null,
  subtaskId: null,
  coverage: null,
  model: null,
  minReward: null,
  maxReward: null,
  runId: null,
  verdict: null,
  review: null,
  replay: null,
  disagreement: null,
  text: null,
  said: null,
};
let all: number[] = [];
let failed: number[] = [];
let [firstRun, secondRun] = [0, 0];

/** 120 trajectories of every kind; the failed ones of the first 60 mined, some of them twice. */
beforeAll(async () => {
  const next = numbersFrom(7);
  const drafts = Array.from({ length: 120 }, (_, seed) => {
    const success = [false, true, null, false][seed % 4]!;
    const length = 1 + Math.floor(next() * 9);
    const steps = aTrajectory({}, seed)
      .steps.concat(aTrajectory({}, seed + 500).steps)
      .slice(0, length + 4);
    return aTrajectory(
      {
        success,
        steps,
        source: seed % 5 === 4 ? "agent" : "expert",
        environment: seed % 3 === 0 ? "house" : "shop",
        model: seed % 2 ? "expert-1" : null,
        reward: success === null ? null : Math.floor(next() * 4) / 4,
        instruction: seed % 10 === 0 ? `Buy 100%_wool \\ ${seed}` : `Find ${seed}.`,
      },
      seed,
    );
  });
  ({ trajectoryIds: all } = await db.store.trajectories.add(drafts, null));
  failed = all.filter((_, i) => i < 60 && drafts[i]!.success === false && drafts[i]!.source === "expert");
  const found = [
    [solved, unsolved, solved],
    [unsolved, solved, unsolved],
    [solved, solved, unsolved],
    [unsolved, broken, unsolved],
    [unsolved, unsolved, solved],
  ];
  const mine = async (ids: number[], salt: number) => {
    const run = await aPlannedRun(db.store, ids);
    for (const id of ids.slice(0, -2))
      await mineOut(
        db.store,
        { runId: run.runId, trajectoryId: id },
        (state) => found[(id * salt) % 5]![state / 2]!,
      );
    return run.runId;
  };
  firstRun = await mine(failed, 1);
  secondRun = await mine(failed.slice(0, 8), 2);
});

async function walk(filter: TrajectoryFilter, sort: TrajectorySort, limit: number, between = async () => {}) {
  const rows: TrajectoryListRow[] = [];
  for (let cursor: string | null = null; ; await between()) {
    const page = await db.store.trajectories.list(filter, sort, cursor, limit);
    expect(page.rows.length).toBeLessThanOrEqual(limit);
    rows.push(...page.rows);
    if (page.next === null) return rows;
    cursor = page.next;
  }
}

const keys: Record<TrajectorySort, (row: TrajectoryListRow) => number | null> = {
  newest: () => 0,
  oldest: () => 0,
  reward: (row) => row.reward,
  length: (row) => row.stepCount,
  beneficial: (row) => row.mined?.beneficial ?? null,
  harmful: (row) => row.mined?.harmful ?? null,
  undecided: (row) => row.mined?.undecided ?? null,
  worth: (row) => row.mined?.worth ?? null,
};

/**
 * The order a list promises, computed from its rows: by value descending, without one last, then by id. Within a run, what
 * has not been mined yet has no steps of any verdict.
 */
function expectOrder(rows: TrajectoryListRow[], sort: TrajectorySort, { runId }: TrajectoryFilter = any) {
  const key = (row: TrajectoryListRow) => keys[sort](row) ?? (runId === null || sort === "reward" ? -1 : 0);
  const sign = sort === "oldest" ? 1 : -1;
  const sorted = [...rows].sort((a, b) => key(b) - key(a) || sign * (a.trajectoryId - b.trajectoryId));
  expect(rows.map((r) => r.trajectoryId)).toEqual(sorted.map((r) => r.trajectoryId));
}

const filters = (): [string, TrajectoryFilter, (row: TrajectoryListRow) => boolean][] => [
  ["everything", any, () => true],
  ["experts", { ...any, source: "expert" }, (r) => r.source === "expert"],
  ["failures", { ...any, success: false }, (r) => r.success === false],
  [
    "failed experts",
    { ...any, source: "expert", success: false },
    (r) => r.source === "expert" && r.success === false,
  ],
  ["a model", { ...any, model: "expert-1" }, (r) => r.model === "expert-1"],
  [
    "rewards",
    { ...any, minReward: 0.25, maxReward: 0.5 },
    (r) => r.reward !== null && r.reward >= 0.25 && r.reward <= 0.5,
  ],
  [
    "text, its wildcards meant as they are",
    { ...any, text: "100%_WOOL \\" },
    (r) => r.instruction.includes("100%"),
  ],
  ["text of a subtask key", { ...any, text: "house_11" }, (r) => r.subtaskKey.startsWith("house_11")],
  ["mined with a harmful step", { ...any, verdict: "harmful" }, (r) => (r.mined?.harmful ?? 0) > 0],
  ["dead ends", { ...any, verdict: "dead_end" }, (r) => (r.mined?.deadEnd ?? 0) > 0],
  ["to review", { ...any, review: "pending" }, (r) => r.mined?.review === "pending"],
  [
    "left to review",
    { ...any, review: "open" },
    (r) => r.mined?.review === "pending" || r.mined?.review === "partial",
  ],
  ["nothing to review", { ...any, review: "none" }, (r) => r.mined?.review === "none"],
  ["not mined", { ...any, review: "unmined" }, (r) => r.mined === null],
  ["a run", { ...any, runId: firstRun }, (r) => failed.includes(r.trajectoryId)],
  [
    "a run's verdict",
    { ...any, runId: secondRun, verdict: "beneficial" },
    (r) => (r.mined?.beneficial ?? 0) > 0,
  ],
  [
    "a model's in a run",
    { ...any, runId: firstRun, model: "expert-1" },
    (r) => failed.includes(r.trajectoryId) && r.model === "expert-1",
  ],
  [
    "a model's harmful",
    { ...any, model: "expert-1", verdict: "harmful" },
    (r) => r.model === "expert-1" && (r.mined?.harmful ?? 0) > 0,
  ],
  ["not mined by a run", { ...any, runId: secondRun, review: "unmined" }, (r) => r.mined === null],
];

describe.each(trajectorySorts)("the list sorted by %s", (sort) => {
  it("visits every row exactly once and in order, whatever the page size, for every filter", async () => {
    const everything = await walk(any, "oldest", 1000);
    for (const [name, filter, belongs] of filters()) {
      const rows = await walk(filter, sort, 7);
      expectOrder(rows, sort, filter);
      expect(
        rows.filter((r) => !belongs(r)),
        name,
      ).toEqual([]);
      const ids = rows.map((r) => r.trajectoryId).sort((a, b) => a - b);
      expect(new Set(ids).size, name).toBe(ids.length);
      expect(ids.length, name).toBeGreaterThan(0);
      const due = everything.filter(belongs).map((r) => r.trajectoryId);
      if (filter.runId === null) expect(ids, name).toEqual(due);
      expect(await db.store.trajectories.ids(filter, 1000), name).toEqual(ids);
      expect((await walk(filter, sort, 1000)).map((r) => r.trajectoryId)).toEqual(
        rows.map((r) => r.trajectoryId),
      );
    }
  });

  it("walks to neighbours as the list stands", async () => {
    for (const [, filter] of filters().filter(([name]) => /everything|failed|a run$|not mined$/.test(name))) {
      const ids = (await walk(filter, sort, 1000)).map((r) => r.trajectoryId);
      for (const i of [0, 1, Math.floor(ids.length / 2), ids.length - 1]) {
        const at = await db.store.trajectories.neighbours(ids[i]!, filter, sort);
        expect(at).toEqual({ previous: ids[i - 1] ?? null, next: ids[i + 1] ?? null });
      }
    }
  });

  it("meets every row that was there once, while others are added", async () => {
    const before = await db.store.trajectories.ids(any, 10_000);
    let seed = 10_000 + 1000 * trajectorySorts.indexOf(sort);
    const rows = await walk(any, sort, 30, async () => {
      await db.store.trajectories.add(trajectories(3, { success: seed % 2 === 0 }, seed), null);
      seed += 3;
    });
    const met = rows.map((r) => r.trajectoryId).filter((id) => before.includes(id));
    expect(met.sort((a, b) => a - b)).toEqual(before);
    expect(new Set(rows.map((r) => r.trajectoryId)).size).toBe(rows.length);
  });
});

describe("the list", () => {
  it("shows what the newest run found, or the run asked for", async () => {
    const both = failed[0]!;
    const newest = (await walk(any, "newest", 1000)).find((r) => r.trajectoryId === both);
    expect(newest?.mined?.runId).toBe(secondRun);
    const first = (await walk({ ...any, runId: firstRun }, "newest", 1000)).find(
      (r) => r.trajectoryId === both,
    );
    expect(first?.mined?.runId).toBe(firstRun);
    const planned = (await walk({ ...any, runId: firstRun }, "newest", 1000)).find(
      (r) => r.trajectoryId === failed.at(-1),
    );
    expect(planned?.mined).toBeNull();
  });

  it("counts exactly up to the cap and no further", async () => {
    const exact = (await db.store.trajectories.ids(any, 10_000)).length;
    expect(await db.store.trajectories.count(any, exact)).toEqual({ count: exact, capped: false });
    expect(await db.store.trajectories.count(any, exact - 1)).toEqual({ count: exact - 1, capped: true });
    expect(await db.store.trajectories.count({ ...any, text: "no such text" }, 10)).toEqual({
      count: 0,
      capped: false,
    });
  });

  it("finds a trajectory by its own instruction where its subtask was told otherwise", async () => {
    const told = ["marzipan", "nougat"].map((sweet, i) =>
      aTrajectory({ subtaskKey: "sweets", instruction: `Eat the ${sweet}.` }, 900 + i),
    );
    const { trajectoryIds } = await db.store.trajectories.add(told, null);
    expect(await db.store.trajectories.ids({ ...any, text: "NOUGAT" }, 10)).toEqual([trajectoryIds[1]]);
    expect(await db.store.trajectories.ids({ ...any, text: "marzipan" }, 10)).toEqual([trajectoryIds[0]]);
  });

  it("finds text that many subtasks share", async () => {
    const many = trajectories(
      5100,
      { environment: "crowd", instruction: "Join the crowd.", success: true },
      20_000,
    );
    for (let i = 0; i < many.length; i += 850) await db.store.trajectories.add(many.slice(i, i + 850), null);
    const rows = await walk({ ...any, text: "the CROWD" }, "reward", 500);
    expect(rows).toHaveLength(5100);
    expectOrder(rows, "reward");
  });

  it("refuses a cursor of another sort, or made up, and text that cannot be stored", async () => {
    const { next } = await db.store.trajectories.list(any, "newest", null, 2);
    for (const cursor of [next, "nonsense", Buffer.from("[]").toString("base64url")])
      await expect(db.store.trajectories.list(any, "reward", cursor, 2)).rejects.toMatchObject({
        code: "invalid_input",
      });
    await expect(db.store.trajectories.list({ ...any, text: "\0" }, "newest", null, 2)).rejects.toMatchObject(
      {
        code: "invalid_input",
      },
    );
  });

  it("finds nothing under ids no row has", async () => {
    for (const id of [999_999, 2 ** 40]) {
      expect(await db.store.trajectories.ids({ ...any, runId: id }, 5)).toEqual([]);
      expect(await db.store.trajectories.ids({ ...any, environmentId: id }, 5)).toEqual([]);
    }
    await expect(db.store.trajectories.neighbours(999_999, any, "newest")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
