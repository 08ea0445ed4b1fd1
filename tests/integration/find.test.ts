import { beforeAll, describe, expect, it } from "vitest";
import type { TrajectoryFilter, TrajectorySort } from "@/lib/core/rows";
import { saidIn } from "@/lib/core/words";
import { reviewStep } from "@/lib/usecases/reviews";
import { changeView, listViews, saveView } from "@/lib/usecases/saved-views";
import { Filter } from "@/lib/usecases/selection";
import {
  aPlannedRun,
  aStep,
  aTrajectory,
  mineOut,
  solved,
  trajectories,
  unsolved,
} from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
const any = Filter.parse({});
const said = (words: string, change: Partial<TrajectoryFilter> = {}) => ({ ...any, ...change, said: words });
let ids: number[] = [];

async function walk(filter: TrajectoryFilter, sort: TrajectorySort, limit: number): Promise<number[]> {
  const met: number[] = [];
  for (let cursor: string | null = null; ;) {
    const page = await db.store.trajectories.list(filter, sort, cursor, limit);
    met.push(...page.rows.map((row) => row.trajectoryId));
    if (page.next === null) return met;
    cursor = page.next;
  }
}

const found = async (words: string) => (await walk(said(words), "oldest", 50)).map((id) => ids.indexOf(id));

beforeAll(async () => {
  const steps = (change: Parameters<typeof aStep>[0]) => [aStep(), aStep(change, 1), aStep({}, 2)];
  const drafts = [
    aTrajectory({ steps: steps({ observation: "A marzipan pig, 100%_real \\ <b>bold</b>" }) }, 1),
    aTrajectory({ steps: steps({ thought: "Perhaps MARZIPAN & nougat" }) }, 2),
    aTrajectory({ steps: steps({ action: "eat[nougat]", observation: "über Größe\u202e" }) }, 3),
    aTrajectory({ instruction: "Find the marzipan.", steps: [aStep()] }, 4),
    aTrajectory({ steps: steps({ observation: `${"x ".repeat(3000)}toolate` }) }, 5),
  ];
  ({ trajectoryIds: ids } = await db.store.trajectories.add(drafts, null));
});

describe("words said in steps", () => {
  it("are found in what was seen, thought and done, whatever their case, all of them in any order", async () => {
    expect(await found("marzipan")).toEqual([0, 1]);
    expect(await found("Nougat")).toEqual([1, 2]);
    expect(await found("nougat, perhaps marzipan?")).toEqual([1]);
    expect(await found("GRÖSSE größe")).toEqual([]);
    expect(await found("Größe")).toEqual([2]);
  });

  it("are whole words, within what is searched", async () => {
    expect(await found("marzi")).toEqual([]);
    expect(await found("toolate")).toEqual([]);
  });

  it.each(["100%_real", "b'ol)d", "\\ <b>bold</b>", "pig & !bold:*", "'pig' | 'x", "$$pig$$; --"])(
    "mean nothing else: %s",
    async (hostile) => {
      const due = ["100%_real", "\\ <b>bold</b>", "pig & !bold:*"].includes(hostile) ? [0] : [];
      expect(await found(hostile)).toEqual(hostile === "$$pig$$; --" ? [0] : due);
      expect((await db.store.trajectories.count(said(hostile), 10)).capped).toBe(false);
    },
  );

  it("are refused where there are none, too many, or what cannot be stored", async () => {
    for (const wrong of ["", "—", "a b c d e f g h i j k", "x".repeat(201), "nul\0"]) {
      for (const ask of [
        () => db.store.trajectories.list(said(wrong), "newest", null, 10),
        () => db.store.trajectories.count(said(wrong), 10),
        () => db.store.trajectories.passages(ids, wrong),
      ])
        await expect(ask(), wrong).rejects.toMatchObject({ code: "invalid_input" });
    }
  });

  it("are shown where they stand", async () => {
    const [first, second, ...others] = await db.store.trajectories.passages(ids, "marzipan");
    expect(first).toEqual({
      trajectoryId: ids[0],
      stepIndex: 1,
      where: "observation",
      pieces: ["A ", "marzipan", " pig, 100%_real \\ <b>bold</b>"],
    });
    expect(second).toMatchObject({ trajectoryId: ids[1], stepIndex: 1, where: "thought" });
    expect(others).toEqual([]);
    const [both] = await db.store.trajectories.passages([ids[1]!], "nougat MARZIPAN");
    expect(both?.pieces).toEqual(["Perhaps ", "MARZIPAN", " & ", "nougat", ""]);
  });

  it("are the same when the database finds them again for itself", async () => {
    const words =
      "select trajectory_id as id, array_to_string(tsvector_to_array(words), ' ') as words from trajectory_text order by 1";
    const before = await db.query(words);
    await db.query("begin");
    await db.query("delete from trajectory_text");
    expect(Object.keys(await brokenRules(db.query))).toEqual(["trajectory-text"]);
    await db.query("select fill_trajectory_text()");
    expect(await db.query(words)).toEqual(before);
    await db.query("rollback");
    const [row] = await db.query("select said_words($1) as words", ["Größe: DESK/drawer-2 “12.50” desk 𝒳"]);
    const steps = [{ action: "Größe: DESK/drawer-2 “12.50” desk 𝒳", thought: null, observation: "" }];
    expect(row?.words).toEqual(expect.arrayContaining(saidIn(steps)));
  });
});

describe("words that very many say", () => {
  const COUNT = 32_000;
  let crowd: number[] = [];

  /** Made by the database, past the triggers: enough that their number is told from the sample. */
  beforeAll(async () => {
    await db.query("set session_replication_role = replica");
    const rows = await db.query(
      `insert into trajectory (environment_id, subtask_id, source, success, reward, step_count, content_hash)
        select environment_id, subtask_id, 'expert', i % 2 = 0, (i % 7) / 10.0, 1, md5('crowd' || i) || md5('x' || i)
        from trajectory t, generate_series(1, ${COUNT}) i where t.id = $1 returning id`,
      [ids[0]],
    );
    crowd = rows.map((row) => Number(row.id)).sort((a, b) => a - b);
    await db.query(
      `insert into step (trajectory_id, step_index, observation, action)
        select id, 0, case when id % 5 = 0 then 'a loud crowd' else 'a crowd' end, 'wait' from unnest($1::int[]) id`,
      [crowd],
    );
    await db.query("select fill_trajectory_text()");
    await db.query("set session_replication_role = origin");
    await db.query("analyze");
  });

  it("are found in the order of the list, each trajectory once, without being fetched all at once", async () => {
    for (const sort of ["newest", "oldest", "reward"] as const) {
      const met = await walk(said("crowd"), sort, 5000);
      expect([...met].sort((a, b) => a - b)).toEqual(crowd);
      if (sort !== "reward") expect(met).toEqual(sort === "oldest" ? crowd : crowd.toReversed());
    }
    const loud = crowd.filter((id) => id % 5 === 0);
    expect(await walk(said("LOUD crowd"), "oldest", 1000)).toEqual(loud);
    expect(await walk(said("crowd loud marzipan"), "oldest", 1000)).toEqual([]);
  });

  it("are counted exactly up to the cap and no further", async () => {
    const count = (filter: TrajectoryFilter, cap: number) => db.store.trajectories.count(filter, cap);
    expect(await count(said("crowd"), 100)).toEqual({ count: 100, capped: true });
    expect(await count(said("crowd"), COUNT)).toEqual({ count: COUNT, capped: false });
    expect(await count(said("crowd", { success: false }), COUNT)).toEqual({
      count: COUNT / 2,
      capped: false,
    });
    expect(await count(said("crowd", { verdict: "harmful" }), 100)).toEqual({ count: 0, capped: false });
  });

  it("are looked for trajectory by trajectory where hardly any does not say them", async () => {
    const sample = (to: string) =>
      db.query(`update trajectory_text set words = ${to} where trajectory_id = any($1::int[])`, [crowd]);
    await sample("words || '#'::tsvector");
    const count = (filter: TrajectoryFilter, cap: number) => db.store.trajectories.count(filter, cap);
    expect(await walk(said("crowd"), "reward", 5000)).toHaveLength(COUNT);
    expect(await walk(said("crowd nougat"), "newest", 5000)).toEqual([]);
    expect(await count(said("crowd"), 100)).toEqual({ count: 100, capped: true });
    expect(await count(said("crowd"), COUNT)).toEqual({ count: COUNT, capped: true });
    expect(await count(said("crowd", { verdict: "harmful" }), 100)).toEqual({ count: 0, capped: false });
    await sample("case when trajectory_id % 64 = 0 then words else ts_delete(words, '#') end");
  });

  it("have neighbours in the list", async () => {
    const [a, b, c] = crowd.slice(1000, 1003);
    const around = await db.store.trajectories.neighbours(b!, said("crowd"), "oldest");
    expect(around).toEqual({ previous: a, next: c });
  });
});

describe("a count among very many", () => {
  it("is of the newest, and at least so many, where each would have to be looked at", async () => {
    const count = (change: Partial<TrajectoryFilter>, cap: number) =>
      db.store.trajectories.count({ ...any, replay: "not_replayable", ...change }, cap);
    const before = await count({}, 100_000);
    expect(before.capped).toBe(false);
    expect(before.count).toBeGreaterThan(32_000);
    const newer = async (id: number, many: number) => {
      await db.query("select setval(pg_get_serial_sequence('trajectory', 'id'), $1)", [id]);
      await db.store.trajectories.add(trajectories(many, { model: `from ${id}` }, id), null);
    };
    await newer(200_000, 150);
    expect(await count({}, 1000)).toEqual({ count: 150, capped: true });
    expect(await count({}, 100)).toEqual({ count: 100, capped: true });
    expect(await db.store.trajectories.count({ ...any, model: "from 200000" }, 1000)).toEqual({
      count: 150,
      capped: false,
    });
    await newer(400_000, 2);
    expect(await count({}, 1000)).toEqual({ count: 100, capped: true });
    expect(await count({ model: "from 400000" }, 1000)).toEqual({ count: 2, capped: false });
  });
});

describe("what matters most", () => {
  it("comes first, and less once the subtask is solved, whoever solved it", async () => {
    const drafts = [0, 1, 2].map((i) => aTrajectory({ subtaskKey: i < 2 ? "twice" : "once" }, 700 + i));
    const { trajectoryIds } = await db.store.trajectories.add(drafts, null);
    const [one, other, third] = [trajectoryIds[0]!, trajectoryIds[1]!, trajectoryIds[2]!];
    const { runId } = await aPlannedRun(db.store, trajectoryIds);
    const helped = (state: number) => (state === 2 ? solved : unsolved);
    for (const trajectoryId of trajectoryIds)
      await mineOut(db.store, { runId, trajectoryId }, trajectoryId === third ? () => unsolved : helped);
    const worths = async () => {
      const { rows } = await db.store.trajectories.list({ ...any, runId }, "worth", null, 10);
      return Object.fromEntries(rows.map((row) => [row.trajectoryId, row.mined?.worth]));
    };
    // Two actions of each are disagreed on: EEF and IPR say different things of them.
    const before = { [one]: 0.65, [other]: 0.65, [third]: 0.15 };
    expect(await worths()).toEqual(before);
    expect(await walk({ ...any, runId }, "worth", 1)).toEqual([other, one, third]);

    const { personId } = await db.store.people.ensure("Ada");
    const decide = (decision: "approve" | "withdraw", expectedVersion: number) =>
      [0, 1].reduce(async (before, targetIndex) => {
        await before;
        const input = { runId, trajectoryId: one, target: "step" as const, targetIndex, decision };
        const rest = { reason: null, note: null, expectedVersion, clientId: crypto.randomUUID() };
        await reviewStep({ store: db.store }, personId, { ...input, ...rest });
      }, Promise.resolve());
    await decide("approve", 0);
    expect(await worths()).toEqual({ [one]: 0.15, [other]: 0.275, [third]: 0.15 });
    await decide("withdraw", 1);
    expect(await worths()).toEqual(before);
  });

  it("is derived again from what is stored", async () => {
    const worth = "select run_id, trajectory_id, worth from run_trajectory order by 1, 2";
    const before = await db.query(worth);
    expect(before.some((row) => Number(row.worth) > 0)).toBe(true);
    await db.query("update run_trajectory set worth = 0.9, compared = false");
    while ((await db.store.disagreements.catchUp(100)) > 0);
    await db.query("update run_trajectory set compared = false");
    while ((await db.store.disagreements.catchUp(100)) > 0);
    expect(await db.query(worth)).toEqual(before);
  });
});

describe("saved views", () => {
  const view = { name: "Loud", filter: said("loud", { success: false }), sort: "worth" } as const;

  it("are kept for the team by name, renamed, taken off the list and put back", async () => {
    const { personId } = await db.store.people.ensure("Ada");
    const { viewId } = await saveView(db, personId, view);
    expect(await listViews(db)).toEqual([{ viewId, ...view, createdBy: "Ada" }]);
    await expect(saveView(db, personId, view)).rejects.toMatchObject({ code: "conflict" });
    await changeView(db, { viewId, name: "Quiet" });
    const second = await saveView(db, personId, view);
    expect((await listViews(db)).map(({ name }) => name)).toEqual(["Loud", "Quiet"]);
    await expect(changeView(db, { viewId, name: "Loud" })).rejects.toMatchObject({ code: "conflict" });
    await changeView(db, { viewId: second.viewId, deleted: true });
    await changeView(db, { viewId, name: "Loud" });
    expect((await listViews(db)).map((each) => each.viewId)).toEqual([viewId]);
    await expect(changeView(db, { viewId: second.viewId, deleted: false })).rejects.toMatchObject({
      code: "conflict",
    });
    await changeView(db, { viewId, deleted: true });
    await changeView(db, { viewId: second.viewId, deleted: false });
    expect((await listViews(db)).map((each) => each.viewId)).toEqual([second.viewId]);
  });

  it("refuse what is not there, and leave out what an older version meant", async () => {
    for (const change of [{ name: "x" }, { deleted: true }])
      await expect(changeView(db, { viewId: 999_999, ...change })).rejects.toMatchObject({
        code: "not_found",
      });
    const { personId } = await db.store.people.ensure("Ada");
    const old = { name: "old", filter: { verdict: "golden" }, sort: "newest" } as const;
    await db.store.savedViews.save({ ...old, personId });
    await db.store.savedViews.save({ ...old, name: "sparse", filter: { text: "a" }, personId });
    const names = (await listViews(db)).map(({ name }) => name);
    expect(names).not.toContain("old");
    expect((await listViews(db)).find(({ name }) => name === "sparse")?.filter).toEqual({
      ...any,
      text: "a",
    });
  });
});
