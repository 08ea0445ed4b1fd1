// npm run bench -- review-list [reviews]
import pg from "pg";
import { seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { createStore } from "@/lib/store/store";
import { numbersFrom } from "../support/factories";
import { judge, p95, row, timeOf } from "../support/ratios";

/**
 * The history of 10^6 decisions: every filter the page offers, and combinations that hardly any decision fits, at random
 * depths, beside reads of one trajectory by its primary key in the same run.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const PAGE = 50;
const TIMES = 40;
const DEPTHS = 12;
const MOST_MS = 50;
const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);
const client = new pg.Client({ connectionString: url });
await client.connect();

const TRAJECTORIES = Math.ceil(count / 50);
const random = numbersFrom(1);
const pick = (most: number) => Math.floor(random() * most);

/**
 * Made by the database itself, past triggers and foreign keys, which the rows satisfy. Runs follow one another in time;
 * people, reasons and verdicts are drawn; one person never gives one of the reasons; every 25th decision is undone.
 */
const made = [
  "insert into person (name) select 'person ' || i from generate_series(1, 20) i",
  "insert into environment (name) select 'environment ' || i from generate_series(1, 8) i",
  `insert into subtask (environment_id, subtask_key, instruction) select 1 + i % 8, 'task_' || i, 'Find it.'
    from generate_series(1, ${TRAJECTORIES}) i`,
  `insert into trajectory (environment_id, subtask_id, source, success, reward, step_count, content_hash)
    select environment_id, id, 'expert', false, 0, 10, md5(id::text) || md5(id::text || 'x') from subtask order by id`,
  `insert into step (trajectory_id, step_index, observation, action)
    select i, n, 'o', (array['click','search','look','buy'])[1 + abs(hashint4(i + n)) % 4] || '[' || n || ']'
    from generate_series(1, ${TRAJECTORIES}) i, generate_series(0, 9) n`,
  `insert into run (name, origin, checkpoint, config, alpha, rule_version, state, person_id)
    select 'run ' || i, 'mined', 'agent', '{}', 0, 'eef-1', 'done', 1 from generate_series(1, 100) i`,
  `insert into run_trajectory (run_id, trajectory_id, state) select 1 + (id - 1) * 100 / ${TRAJECTORIES}, id, 'done'
    from trajectory`,
  `insert into review (run_id, trajectory_id, environment_id, target, target_index, decision, reason, verdict_seen,
      version, client_id, person_id, at)
    select rt.run_id, rt.trajectory_id, t.environment_id, 'step', step, decision, case when decision = 'veto' then reason end,
      (array['${seenVerdicts.slice(0, 5).join("','")}'])[1 + abs(hashint4(n + 5)) % 5], version, 'c' || n,
      case when reason = 'unsafe' and decision = 'veto' then 1 + person % 19 else 1 + person end,
      timestamptz '2026-01-01' + n * interval '10 seconds'
    from generate_series(0, ${count - 1}) n, lateral (select 1 + n / 50 as trajectory, n % 50 % 10 as step,
        1 + n % 50 / 10 as version, abs(hashint4(n + 1)) % 20 as person,
        (array['approve','approve','approve','veto','promote','withdraw'])[1 + abs(hashint4(n + 2)) % 6] as decision,
        case when abs(hashint4(n + 3)) % 20000 = 0 then 'rare' else
          (array['wrong_action','lucky','unsafe','other'])[1 + abs(hashint4(n + 4)) % 4] end as reason) x
      join run_trajectory rt on rt.trajectory_id = x.trajectory join trajectory t on t.id = rt.trajectory_id`,
];

const any: ReviewFilter = {
  ...{ personId: null, decision: null, verdictSeen: null, reason: null, environmentId: null, runId: null },
  ...{ trajectoryId: null, from: null, until: null, contradicting: false, undone: null },
};
const filters: [string, Partial<ReviewFilter>][] = [
  ["everything", {}],
  ["of a person", { personId: 7 }],
  ["vetoes", { decision: "veto" }],
  ["seen as harmful", { verdictSeen: "harmful" }],
  ["a frequent reason", { reason: "lucky" }],
  ["a rare reason", { reason: "rare" }],
  ["a reason nobody gave", { reason: "nobody" }],
  ["of an environment", { environmentId: 3 }],
  ["of a run", { runId: 40 }],
  ["of a trajectory", { trajectoryId: Math.ceil(TRAJECTORIES / 2) }],
  ["of a day long ago", { from: new Date("2026-01-20"), until: new Date("2026-01-21") }],
  ["contradicting the miner", { contradicting: true }],
  ["undone", { undone: true }],
  ["standing", { undone: false }],
  ["a person's vetoes of harmful", { personId: 7, decision: "veto", verdictSeen: "harmful" }],
  ["a person and a reason never given by that person", { personId: 20, reason: "unsafe" }],
  ["a run and an environment", { runId: 3, environmentId: 5 }],
  ["contradicting in an environment, undone", { contradicting: true, environmentId: 2, undone: true }],
  ["undone approvals of a person", { undone: true, decision: "approve", personId: 3 }],
  ["a rare reason, still standing", { reason: "rare", undone: false }],
  ["a reason that goes with no approval", { reason: "lucky", decision: "approve" }],
];

async function fill(): Promise<void> {
  await client.query("set session_replication_role = replica");
  for (const statement of made) await client.query(statement);
  await client.query("set session_replication_role = origin");
  await client.query("vacuum analyze");
}

/** Cursors from the first page down to where time allows, and some from random places of all decisions. */
async function placesIn(filter: ReviewFilter): Promise<(string | null)[]> {
  const places: (string | null)[] = [null];
  for (let i = 0; i < DEPTHS; i++) {
    const { rows } = await client.query<{ id: number; time: string }>(
      "select id, at::text as time from review where id = $1",
      [1 + pick(count)],
    );
    if (rows[0]) places.push(Buffer.from(JSON.stringify(rows[0])).toString("base64url"));
  }
  const { next } = await store.reviews.history(filter, null, PAGE);
  return next === null ? places : [...places, next];
}

async function measured(times: number, work: () => Promise<unknown>): Promise<number[]> {
  for (let i = 0; i < 5; i++) await work();
  const took: number[] = [];
  for (let i = 0; i < times; i++) took.push(await timeOf(work));
  return took;
}

const began = performance.now();
await fill();
console.log(`${count} decisions made in ${((performance.now() - began) / 1000).toFixed(0)} s`);
const keys = await measured(400, () => store.trajectories.briefs([1 + pick(TRAJECTORIES)]));
const key = p95(keys);
const half = (took: number[]) => [...took].sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? NaN;
row("", "p50 ms", "p95 ms", "of a key read", "rows at best");
row("one trajectory by its primary key", half(keys).toFixed(2), key.toFixed(2), "1.0", "");
const all: { name: string; worst: number }[] = [];
for (const [name, change] of filters) {
  const filter = { ...any, ...change };
  const places = await placesIn(filter);
  let most = 0;
  const took = await measured(TIMES, async () => {
    const { rows } = await store.reviews.history(filter, places[pick(places.length)] ?? null, PAGE);
    most = Math.max(most, rows.length);
  });
  const worst = p95(took);
  all.push({ name, worst });
  row(name, half(took).toFixed(1), worst.toFixed(1), (worst / key).toFixed(1), String(most));
}
row(
  "vetoes of the newest 20,000 decisions",
  "",
  p95(await measured(10, () => store.reviews.standing(any, 20_000))).toFixed(1),
);
const slowest = all.reduce((a, b) => (b.worst > a.worst ? b : a));
judge(`p95 of the slowest filter (${slowest.name}), ms`, slowest.worst, { most: MOST_MS });
await store.close();
await client.end();
