import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { trajectorySorts, type TrajectoryFilter, type TrajectorySort } from "@/lib/core/rows";
import { Filter } from "@/lib/usecases/selection";
import { fillPage, isShort, listTrajectories } from "@/lib/usecases/trajectories";
import { aPlannedRun, aTrajectory } from "../support/factories";
import { useStore } from "../support/store";

const db = useStore();
/** More than a text is looked up among without asking first how frequent it is. */
const COUNT = 52_000;
const SUBTASKS = 6500;
/** None of those that are asked first whether a word is frequent. */
const sparse = `id % 9 = 0 and (id - 1) % ${Math.floor((COUNT + 100) / 100)} <> 0`;

const Row = z.object({
  id: z.number(),
  environmentId: z.number(),
  said: z.string(),
  success: z.boolean(),
  reward: z.number().nullable(),
  length: z.number(),
  beneficial: z.number().nullable(),
  harmful: z.number().nullable(),
  undecided: z.number().nullable(),
  worth: z.number().nullable(),
});
type Row = z.infer<typeof Row>;
let rows: Row[] = [];
let runId = 0;
let environmentId = 0;

/** Made by the database: of each property a hash decides, so that none hangs together with the order of another. */
beforeAll(async () => {
  const { trajectoryIds } = await db.store.trajectories.add([aTrajectory({ source: "agent" }, 1)], null);
  ({ runId } = await aPlannedRun(db.store, trajectoryIds, []));
  await db.query("set session_replication_role = replica");
  await db.query("insert into environment (name) values ('north'), ('south')");
  const [north] = await db.query("select id from environment where name = 'north'");
  environmentId = Number(north?.id);
  await db.query(
    `insert into subtask (id, environment_id, subtask_key, instruction) select 100 + i, $1::int + i % 2, 'key_' || i,
      case when i % 1000 = 7 then 'Take the gem ' when i % 20 = 3 then 'Take the lamp ' else 'Take it ' end || i
      from generate_series(0, ${SUBTASKS - 1}) i`,
    [environmentId],
  );
  await db.query(
    `insert into trajectory (id, environment_id, subtask_id, instruction, source, success, reward, step_count, content_hash)
      select 100 + i, s.environment_id, s.id,
        case when i % 500 = 0 then 'A pearl ' || i when i % 7 = 2 and (99 + i) % 260 <> 0 then 'Take a shell ' || i end,
        'expert', i % 1300 = 0, (abs(hashint4(i)) % 40) / 40.0, 1 + abs(hashint4(i + 1)) % 5, md5('p' || i) || md5('q' || i)
      from generate_series(1, ${COUNT}) i join subtask s on s.id = 100 + i % ${SUBTASKS}`,
  );
  await db.query(
    `insert into trajectory_text select id, array_to_tsvector(array['most'] ||
        case when id % 3 = 0 then '{common}'::text[] else '{}' end || case when id % 50 = 0 then '{seldom}'::text[] else '{}' end ||
        case when id % 9 = 1 then '{scattered}'::text[] else '{}' end ||
        case when ${sparse} then '{sparse}'::text[] else '{}' end ||
        case when id % 2 = 0 and id < 24000 then '{early}'::text[] else '{}' end ||
        case when id % 64 = 0 then '{#}'::text[] else '{}' end) from trajectory where id > 100`,
  );
  await db.query("set session_replication_role = origin");
  await db.query(
    `insert into run_trajectory (run_id, trajectory_id, state, latest, beneficial, harmful, undecided, worth)
      select $1::int, id, 'done', true, abs(hashint4(id + 2)) % 4, greatest(0, hashint4(id + 3) % 3), abs(hashint4(id + 4)) % 2,
        (abs(hashint4(id + 5)) % 100) / 100.0 from trajectory where id > 100 and hashint4(id + 6) % 2 = 0`,
    [runId],
  );
  await db.query(
    "update trajectory set latest_run_id = $1 where id in (select trajectory_id from run_trajectory)",
    [runId],
  );
  await db.query("analyze");
  const found = await db.query(
    `select t.id, t.environment_id as "environmentId", coalesce(t.instruction, s.instruction) || ' ' || s.subtask_key as said,
      t.success, t.reward, t.step_count as length, rt.beneficial, rt.harmful, rt.undecided, rt.worth
      from trajectory t join subtask s on s.id = t.subtask_id left join run_trajectory rt on rt.trajectory_id = t.id and rt.latest
      where t.id > 100`,
  );
  rows = z.array(Row).parse(found);
});

const failed = Filter.parse({ source: "expert", success: false });
const within = (row: Row, from: number, to: number) =>
  row.reward !== null && row.reward >= from && row.reward <= to;
const filters: [string, () => Partial<TrajectoryFilter>, (row: Row) => boolean][] = [
  ["what was solved, which hardly any run looks at", () => ({ success: true }), () => true],
  ["a text that is frequent", () => ({ text: "LAMP" }), (row) => row.said.includes("lamp")],
  ["a text that is rare", () => ({ text: "the gem" }), (row) => row.said.includes("the gem")],
  ["a text only their own", () => ({ text: "a pearl" }), (row) => row.said.includes("A pearl")],
  [
    "a frequent text that the spread misses",
    () => ({ text: "a shell", minReward: 0.9 }),
    (row) => row.said.includes("a shell") && within(row, 0.9, 1),
  ],
  ["a text that nothing has", () => ({ text: "no such" }), () => false],
  ["rewards", () => ({ minReward: 0.5, maxReward: 0.525 }), (row) => within(row, 0.5, 0.525)],
  [
    "rewards in a run",
    () => ({ runId, minReward: 0.5, maxReward: 0.525 }),
    (row) => row.worth !== null && within(row, 0.5, 0.525),
  ],
  [
    "rewards of an environment with a harmful step",
    () => ({ environmentId, verdict: "harmful", minReward: 0.8 }),
    (row) => row.environmentId === environmentId && (row.harmful ?? 0) > 0 && within(row, 0.8, 1),
  ],
  ["what few say", () => ({ said: "seldom" }), (row) => row.id % 50 === 0],
  [
    "what some say, of an environment",
    () => ({ said: "common", environmentId, minReward: 0.7 }),
    (row) => row.id % 3 === 0 && row.environmentId === environmentId && within(row, 0.7, 1),
  ],
  [
    "what some say, none of the spread",
    () => ({ said: "sparse" }),
    ({ id }) => id % 9 === 0 && (id - 1) % 521 !== 0,
  ],
  ["what many say here and there", () => ({ said: "scattered" }), (row) => row.id % 9 === 1],
  [
    "what all say, and a harmful step",
    () => ({ said: "most", verdict: "harmful", maxReward: 0.1 }),
    (row) => (row.harmful ?? 0) > 0 && within(row, 0, 0.1),
  ],
];

/** The list as it is promised, computed from all rows: by value descending, without one last, then by id. */
function due(belongs: (row: Row) => boolean, sort: TrajectorySort): number[] {
  const key = (row: Row) => (sort === "newest" || sort === "oldest" ? 0 : (row[sort] ?? -1));
  const sign = sort === "oldest" ? 1 : -1;
  return rows
    .filter(belongs)
    .sort((a, b) => key(b) - key(a) || sign * (a.id - b.id))
    .map(({ id }) => id);
}

describe.each(filters)("the list of %s", (_, change, belongs) => {
  it.each(trajectorySorts)(
    "is whole and in order by %s, from page to page and to neighbours",
    async (sort) => {
      const filter = { ...failed, ...change() };
      const all = due((row) => row.success === filter.success && belongs(row), sort);
      const met: number[] = [];
      for (let cursor: string | null = null; ;) {
        const page = await db.store.trajectories.list(filter, sort, cursor, 700);
        met.push(...page.rows.map((row) => row.trajectoryId));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(met).toEqual(all);
      for (const at of all.length === 0 ? [] : [0, Math.floor(all.length / 2), all.length - 1]) {
        const around = await db.store.trajectories.neighbours(all[at] ?? 0, filter, sort);
        expect(around).toEqual({ previous: all[at - 1] ?? null, next: all[at + 1] ?? null });
      }
    },
  );

  it("is counted exactly, or at least so many where words would have to be read", async () => {
    const filter = { ...failed, ...change() };
    const all = rows.filter((row) => row.success === filter.success && belongs(row)).length;
    const { count, capped } = await db.store.trajectories.count(filter, 1000);
    if (capped && filter.said !== null) expect(count).toBeLessThanOrEqual(all);
    else expect({ count, capped }).toEqual({ count: Math.min(all, 1000), capped: all > 1000 });
  });
});

describe("a page of what is said", () => {
  const shown = async (said: string, sort: TrajectorySort) => {
    const filter = { ...failed, said };
    const first = await listTrajectories(db, filter, sort, null);
    const { page } = await fillPage(db, filter, sort, first);
    return { first: first.page, page, ids: page.rows.map((row) => row.trajectoryId) };
  };

  it("is short where as many were looked at as a page may take, and filled", async () => {
    const { first, page, ids } = await shown("scattered", "worth");
    expect(isShort(first)).toBe(true);
    expect(first.rows.length).toBeGreaterThan(0);
    expect(isShort(page)).toBe(false);
    const all = due((row) => !row.success && row.id % 9 === 1, "worth");
    expect(ids).toEqual(all.slice(0, 100));
  });

  it("goes on after none was found among very many", async () => {
    const { first, page } = await shown("early", "newest");
    expect([first.rows.length, page.rows.length, isShort(page)]).toEqual([0, 0, true]);
    expect((await shown("early", "oldest")).ids).toEqual(
      due((row) => !row.success && row.id % 2 === 0 && row.id < 24000, "oldest").slice(0, 100),
    );
  });
});
