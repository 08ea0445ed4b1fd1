// npm run bench -- store, with COUNT trajectories of STEPS steps; KEEP=1 measures the database that is there again.
import pg from "pg";
import { coverageSorts, type CoverageFilter } from "@/lib/core/coverage";
import { trajectorySorts, type TrajectoryFilter, type TrajectorySort } from "@/lib/core/rows";
import { writeCursor } from "@/lib/store/cursor";
import { createStore } from "@/lib/store/store";
import { numbersFrom, trajectories } from "../support/factories";
import { mined, recorded } from "../support/many-rows";

/** As many as there are, where the database was filled before. */
let count = Number(process.env.COUNT ?? 20_000);
const steps = Number(process.env.STEPS ?? 30);
const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);
const client = new pg.Client({ connectionString: url });
await client.connect();

/** Which lists to look at, by name; everything else is left out then. */
const only = process.env.ONLY === undefined ? null : new RegExp(process.env.ONLY);

const TIMES = 60;
/** So often each sort of a list is read: fewer would make its 95th percentile the worst of all. */
const PAGES = 40;
/** What a page may take, milliseconds, and how many times a read by key. */
const MOST_MS = 50;
const MOST_KEYS = 5;
const over: { pages: number; slow: string[] } = { pages: 0, slow: [] };
const random = numbersFrom(1);
const pick = (most: number) => 1 + Math.floor(random() * most);
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
const failed = { ...any, source: "expert" as const, success: false };

/** How long a thing takes, milliseconds: median and 95th percentile, a few runs to warm up left out. */
async function time(work: () => Promise<unknown>, times: number): Promise<[number, number]> {
  const took: number[] = [];
  for (let i = 0; i < times + 3; i++) {
    const began = performance.now();
    await work();
    if (i >= 3) took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  // By nearest rank: of twenty times the 95th percentile is the nineteenth, not the worst.
  const at = (share: number) => took[Math.ceil(share * took.length) - 1] ?? 0;
  return [at(0.5), at(0.95)];
}

const say = (name: string, p50: number, p95: number, note = "") =>
  console.log(
    `${name.padEnd(52)} p50 ${p50.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms  ${note}`,
  );

async function measure(name: string, work: () => Promise<unknown>, times = TIMES): Promise<void> {
  say(name, ...(await time(work, times)));
}

async function fill(): Promise<void> {
  await client.query("set session_replication_role = replica");
  for (const statement of [...recorded(count, steps), ...mined]) {
    const began = performance.now();
    await client.query(statement);
    const seconds = (performance.now() - began) / 1000;
    if (seconds > 1)
      console.log(`${seconds.toFixed(0).padStart(5)} s  ${statement.slice(0, 100).replace(/\s+/g, " ")}`);
  }
  await client.query("set session_replication_role = origin");
  await client.query("vacuum analyze");
}

type Row = {
  id: number;
  reward: number | null;
  step_count: number;
  b: number | null;
  h: number | null;
  u: number | null;
  w: number | null;
};

/** A cursor at a random trajectory, as a list over everything would give it there. */
async function cursorAt(sort: TrajectorySort, runId: number | null): Promise<string> {
  const run = runId ?? "t.latest_run_id";
  const { rows } = await client.query<Row>(
    `select t.id, t.reward, t.step_count, beneficial as b, harmful as h, undecided as u, worth as w from trajectory t
      ${runId === null ? "left" : ""} join lateral (
        select * from run_trajectory rt where rt.trajectory_id = t.id and rt.run_id = ${run} offset 0) rt on true
      where t.id >= $1 order by t.id limit 1`,
    [pick(count - 200)],
  );
  const row = rows[0];
  if (!row) return writeCursor([sort, 0, null, 1]);
  const keys = { newest: null, oldest: null, reward: row.reward, length: row.step_count };
  const key = { ...keys, beneficial: row.b, harmful: row.h, undecided: row.u, worth: row.w }[sort];
  const phase = key === null && sort !== "newest" && sort !== "oldest" ? 1 : 0;
  return writeCursor([sort, phase, key, row.id]);
}

const filters: [string, TrajectoryFilter][] = [
  ["failed experts", failed],
  ["everything", any],
  ["failures of anyone", { ...any, success: false }],
  ["failed experts of an environment", { ...failed, environmentId: 3 }],
  ["failed experts of a model", { ...failed, model: "model 2" }],
  ["failed experts, rewards 0.5 to 0.51", { ...failed, minReward: 0.5, maxReward: 0.51 }],
  ["failed experts of a run", { ...failed, runId: 1 }],
  ["with a harmful step", { ...failed, verdict: "harmful" }],
  ["with an undecided step (rare)", { ...failed, verdict: "undecided" }],
  ["review complete (rare)", { ...failed, review: "complete" }],
  ["not mined", { ...failed, review: "unmined" }],
  ["strategies disagree", { ...failed, disagreement: "any" }],
  ["strategies disagree, a pair in 1 of 2 mined", { ...failed, disagreement: "eef-critic" }],
  ["strategies disagree, a pair in 1 of 8 mined", { ...failed, disagreement: "ipr-critic" }],
  ["strategies disagree, a pair in 1 of 200 mined", { ...failed, disagreement: "eef-ipr" }],
  ["strategies disagree, a pair without any", { ...failed, disagreement: "bc-ipr" }],
  ["strategies disagree in a run", { ...failed, runId: 1, disagreement: "any" }],
  ["strategies disagree, a pair in 1 of 8 of a run", { ...failed, runId: 1, disagreement: "ipr-critic" }],
  ["strategies disagree, with a harmful step", { ...failed, verdict: "harmful", disagreement: "any" }],
  ["tasks that are not solved yet", { ...failed, coverage: "remaining" }],
  ["tasks that are solved, not approved", { ...failed, coverage: "solved" }],
  ["tasks with an approved solution", { ...failed, coverage: "approved" }],
  ["tasks not solved yet of an environment", { ...failed, environmentId: 3, coverage: "remaining" }],
  ["trajectories of one task", { ...failed, subtaskId: 5 }],
  ["text, frequent", { ...failed, text: "lamp" }],
  ["text, rare", { ...failed, text: "number 123" }],
  ["text, none", { ...failed, text: "no such thing" }],
  ...["word1", "word20", "word200", "word2000", "word1 word20", "word200 word300", "nothing", "item123"].map(
    (said): [string, TrajectoryFilter] => [`said in steps: ${said}`, { ...failed, said }],
  ),
  ["said in steps of an environment: word200", { ...failed, environmentId: 3, said: "word200" }],
  ["said in steps, with a harmful step: word200", { ...failed, verdict: "harmful", said: "word200" }],
];

/** The first page and random places in a list; only the first where the list of this filter has no such place. */
async function placesIn(filter: TrajectoryFilter, sort: TrajectorySort): Promise<(string | null)[]> {
  const mined = filter.runId !== null || filter.verdict !== null || filter.review !== null;
  const places: (string | null)[] = [null];
  for (let i = 0; i < 20; i++) {
    const cursor = await cursorAt(sort, filter.runId);
    const [, phase] = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (phase === 0 || !mined) places.push(cursor);
  }
  return places;
}

/** What a page is held against: as many rows by their primary keys, in this very run. */
async function baseline(): Promise<number> {
  const ids = () => Array.from({ length: 100 }, () => pick(count));
  const [p50, p95] = await time(() => store.trajectories.briefs(ids()), TIMES);
  say("100 primary key reads at once", p50, p95);
  return p95;
}

async function lists(): Promise<void> {
  const byKey = await baseline();
  for (const [name, filter] of filters.filter(([of]) => only === null || only.test(of))) {
    const took: [string, number, number][] = [];
    // Nothing that is not mined has verdicts to sort by.
    for (const sort of filter.review === "unmined" ? trajectorySorts.slice(0, 4) : trajectorySorts) {
      const places = await placesIn(filter, sort);
      const page = () => store.trajectories.list(filter, sort, places[pick(places.length) - 1] ?? null, 100);
      took.push([sort, ...(await time(page, PAGES))]);
    }
    const [slowest, , p95] = took.reduce((a, b) => (b[2] > a[2] ? b : a));
    const p50 = took.reduce((sum, [, median]) => sum + median, 0) / took.length;
    say(`page of 100: ${name}`, p50, p95, `(${slowest}) ${(p95 / byKey).toFixed(1)}x by key`);
    over.pages++;
    if (p95 > MOST_MS || p95 > MOST_KEYS * byKey) over.slow.push(name);
    if (filter.said !== null) await passages(filter, filter.said);
    await measure(`count to 1,000: ${name}`, () => store.trajectories.count(filter, 1000), 20);
  }
  console.log(
    `${over.slow.length} of ${over.pages} pages over ${MOST_MS} ms or ${MOST_KEYS}x by key: ${over.slow.join(" | ")}`,
  );
}

const covered: [string, Partial<CoverageFilter>][] = [
  ["all", {}],
  ["remaining", { state: "remaining" }],
  ["approved", { state: "approved" }],
  ["of a type", { environmentId: 3, taskType: "type 2" }],
  ["remaining of a type", { environmentId: 3, taskType: "type 2", state: "remaining" }],
];
async function passages(filter: TrajectoryFilter, said: string): Promise<void> {
  const { rows } = await store.trajectories.list(filter, "newest", null, 100);
  const ids = rows.map(({ trajectoryId }) => trajectoryId);
  await measure(`where ${ids.length} say: ${said}`, () => store.trajectories.passages(ids, said), 20);
}

async function others(): Promise<void> {
  const { rows } = await client.query<{ id: number }>(
    "select id from trajectory order by random() limit 100",
  );
  const one = () => rows[pick(rows.length) - 1]?.id ?? 1;
  await measure("primary key read through the store", () => store.trajectories.briefs([one()]));
  await measure(`one trajectory with its ${steps} steps`, () => store.trajectories.get(one()));
  await measure("neighbours, by most harmful", () => store.trajectories.neighbours(one(), failed, "harmful"));
  await measure(
    "facts of 100 trajectories",
    () =>
      store.facts(
        1,
        rows.map(({ id }) => id),
      ),
    20,
  );
  await measure("models", () => store.trajectories.models(), 20);
  await measure("environments with counts", () => store.environments.list(), 10);
  await measure("overview", () => store.overview(), 10);
  await measure("coverage, by environment and task type", () => store.coverage.counts(), 20);
  await measure("vetoes by environment", () => store.coverage.vetoes(), 20);
  await measure("what the newest runs spent", () => store.coverage.spent(5), 20);
  for (const sort of coverageSorts)
    for (const [name, change] of covered) {
      const asked = { environmentId: null, taskType: null, state: null, ...change };
      const cursors = [null, writeCursor([sort, 1, pick(count / 2)])];
      for (const [at, cursor] of cursors.entries())
        await measure(
          `tasks the expert failed, ${sort}, ${name}${at === 0 ? "" : ", deep"}`,
          () => store.coverage.subtasks(asked, sort, cursor, 50),
          20,
        );
    }
  await measure("progress of one run", () => store.runs.progress(1), 10);
  await measure("runs with progress", () => store.runs.list(null, 50), 10);
  await measure("waiting trajectories", () => store.rollouts.waiting(50), 20);
  const { rows: open } = await client.query<{ id: number }>(
    "select trajectory_id as id from run_trajectory where run_id = 3 order by random() limit 200",
  );
  const next = () => open.pop()?.id ?? 1;
  await measure("claim, record a step, end", async () => {
    const claim = await store.rollouts.claim(3, next(), "bench", 60_000);
    if (!claim) return;
    const step = { observation: "o", thought: null, action: "a", reward: 0, messages: null };
    await store.rollouts.recordStep(claim.rolloutId, claim.epoch, 0, step, null);
    const end = { status: "completed", reward: 0, success: false, finalObservation: null } as const;
    await store.rollouts.end(claim.rolloutId, claim.epoch, end, "bench@1");
  });
  await measure("claim alone", () => store.rollouts.claim(3, next(), "bench", 60_000));
}

async function importing(): Promise<void> {
  const batches = Array.from({ length: 20 }, (_, i) => {
    const change = { steps: trajectories(1, {}, i)[0]?.steps.flatMap((step) => Array(5).fill(step)) ?? [] };
    // Others than those of an earlier measurement, which are duplicates now.
    return trajectories(200, change, 10_000_000 + count + i * 200);
  });
  const began = performance.now();
  for (const batch of batches) await store.trajectories.add(batch, null);
  const seconds = (performance.now() - began) / 1000;
  const rate = Math.round((batches.length * 200 * 30) / seconds);
  console.log(`import, 4,000 trajectories of 30 steps: ${rate} steps/s`);
  const again = performance.now();
  for (const batch of batches) await store.trajectories.add(batch, null);
  console.log(`the same again, all duplicates: ${((performance.now() - again) / 1000).toFixed(2)} s`);
}

/** @throws Error where filling was broken off: what is missing would make lists faster */
async function prepare(): Promise<void> {
  const { rows } = await client.query<{ last: number | null; whole: boolean }>(
    "select (select max(id) from trajectory) as last, exists (select from subtask_coverage) as whole",
  );
  const { last, whole } = rows[0] ?? { last: null, whole: false };
  if (last !== null && !whole) throw new Error("the database was not filled to its end: make a new one");
  const began = performance.now();
  if (last === null) await fill();
  else {
    count = last;
    // As after filling: what an import left waits to be put into the index of words.
    await client.query("vacuum analyze");
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  console.log(
    `${count} trajectories ${last === null ? `of ${steps} steps made in ${seconds} s` : "there already"}`,
  );
}

await prepare();
if (only === null) await others();
await lists();
if (only === null) await importing();
await store.close();
await client.end();
