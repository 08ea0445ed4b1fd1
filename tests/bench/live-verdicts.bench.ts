// npm run bench -- live-verdicts
// How long a preview of a rule takes, against reading the facts it would otherwise be computed from.
import pg from "pg";
import { createStore } from "@/lib/store/store";
import { previewRule } from "@/lib/usecases/rule-preview";

const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);
const client = new pg.Client({ connectionString: url });
await client.connect();

const SIZES = [200, 3000];
const most = Math.max(...SIZES);
const statements = [
  "insert into person (name) values ('bench')",
  "insert into environment (name) values ('bench')",
  `insert into subtask (environment_id, subtask_key, instruction) select 1, 'task_' || i, 'Do it' from generate_series(1, ${most}) i`,
  `insert into trajectory (environment_id, subtask_id, source, reward, success, step_count, content_hash)
    select 1, i, 'expert', 0, false, 30, md5(i::text) || md5(i::text || 'x') from generate_series(1, ${most}) i`,
  `insert into step (trajectory_id, step_index, observation, thought, action)
    select i, n, repeat(md5(i::text || n), 12), repeat(md5(n::text), 3), 'click[' || n || ']'
    from generate_series(1, ${most}) i, generate_series(0, 29) n`,
  ...SIZES.flatMap((size, i) => [
    `insert into run (name, origin, checkpoint, config, alpha, rule_version, state, person_id)
      values ('run', 'mined', 'agent', '{}', 0, 'eef-1', 'done', 1)`,
    `insert into run_trajectory (run_id, trajectory_id, state) select ${i + 1}, id, 'done' from generate_series(1, ${size}) id`,
    `insert into rollout (run_id, trajectory_id, state_index, attempt, status, success, reward, calls_started, step_count)
      select ${i + 1}, id, s * 5, k, 'completed', x, case when x then 1 else 0 end, 8, 8
      from generate_series(1, ${size}) id, generate_series(0, 5) s, generate_series(0, 3) k,
        lateral (select abs(hashint4(id * 64 + s * 8 + k)) % 100 < abs(hashint4(id * 7 + s)) % 60 as x) y`,
  ]),
  `insert into rollout_step (rollout_id, step_index, epoch, observation, thought, action)
    select id, n, 1, repeat(md5(n::text), 12), repeat(md5(n::text), 3), 'click[' || n || ']'
    from rollout, generate_series(0, 7) n`,
];
await client.query("set session_replication_role = replica");
for (const statement of statements) await client.query(statement);
await client.query("set session_replication_role = origin");
await client.query("vacuum analyze");

async function time(name: string, work: () => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < 23; i++) {
    const began = performance.now();
    await work();
    if (i >= 3) took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const [p50, p95] = [took[10] ?? 0, took[18] ?? 0];
  console.log(
    `${name.padEnd(48)} p50 ${p50.toFixed(1).padStart(7)} ms   p95 ${p95.toFixed(1).padStart(7)} ms`,
  );
  return p50;
}

for (const [i, size] of SIZES.entries()) {
  const runId = i + 1;
  const ids = await store.runs.trajectoryIds(runId);
  let at = 0;
  // Another confidence every time, as when the slider moves.
  const rule = () => ({ alpha: (at++ % 100) / 100, minAttempts: 1, ruleVersion: "eef-1" as const });
  const facts = await time(`facts of ${size} trajectories`, () => store.facts(runId, ids));
  await time(`evidence of ${size} trajectories`, () => store.runs.evidence(runId));
  const preview = await time(`preview of ${size} trajectories`, () => previewRule({ store }, runId, rule()));
  console.log(`preview / facts: ${(preview / facts).toFixed(2)}`);
}
await store.close();
await client.end();
