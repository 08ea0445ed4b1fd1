// npm run bench -- ledger-queue [rollouts of the small run] [of the large one]
import pg from "pg";
import { createStore } from "@/lib/store/store";
import { judge, median, p95, row, timeOf } from "../support/ratios";

/**
 * What a worker asks of the store, with 10^6 rollouts queued against 10^4: each question in turn of a small and of a
 * large run, so that a machine busy with something else slows both.
 */
const SMALL = Number(process.argv[2] ?? 10_000);
const LARGE = Number(process.argv[3] ?? 1_000_000);
const PER_TRAJECTORY = 25;
const TIMES = 60;
const ROUNDS = 3;

const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);
const client = new pg.Client({ connectionString: url });
await client.connect();

const budget = { maxCalls: 1_000_000_000, maxTokens: null, maxCost: null };
const config = { preset: "paper", states: 4, attempts: 5, maxSteps: 10, seed: 0, countsAsFailure: [] };

/** Rows made by the database itself; a fifth of the rollouts of one trajectory in ten is completed. */
async function fill(): Promise<void> {
  const trajectories = LARGE / PER_TRAJECTORY;
  await client.query("set session_replication_role = replica");
  const statements = [
    "insert into person (name) values ('bench')",
    "insert into environment (name) values ('house')",
    "insert into subtask (environment_id, subtask_key, instruction) values (1, 'task', 'Find it')",
    `insert into trajectory (environment_id, subtask_id, source, reward, success, step_count, content_hash)
      select 1, 1, 'expert', 0, false, 10, md5(i::text) || md5(i::text || 'x') from generate_series(1, ${trajectories}) i`,
  ];
  for (const statement of statements) await client.query(statement);
  for (const [runId, rollouts] of [SMALL, LARGE].entries()) await plan(runId + 1, rollouts);
  await client.query(
    `select recount_rollouts(run_id, array_agg(trajectory_id)) from run_trajectory group by run_id`,
  );
  await client.query("set session_replication_role = origin");
  await client.query("vacuum analyze");
}

async function plan(runId: number, rollouts: number): Promise<void> {
  await client.query(
    `insert into run (id, name, origin, checkpoint, config, alpha, rule_version, state, person_id)
      values ($1, 'run', 'mined', 'agent', $2, 0, 'eef-1', 'running', 1)`,
    [runId, JSON.stringify(config)],
  );
  const trajectories = rollouts / PER_TRAJECTORY;
  await client.query(`insert into run_trajectory (run_id, trajectory_id)
    select ${runId}, i from generate_series(1, ${trajectories}) i`);
  await client.query(`insert into rollout (run_id, trajectory_id, state_index, attempt)
    select ${runId}, 1 + i / ${PER_TRAJECTORY}, i % ${PER_TRAJECTORY} / 5, i % 5 from generate_series(0, ${rollouts - 1}) i`);
}

type Question = {
  name: string;
  goal: "ratio" | "50 ms";
  ask: (runId: number, at: number) => Promise<unknown>;
};

const end = { status: "completed", reward: 0, success: false, finalObservation: null } as const;

/** Takes the last open rollout of a trajectory: all others are ended already. */
async function prepareLast(runId: number, trajectoryId: number): Promise<() => Promise<unknown>> {
  await client.query(
    `update rollout set status = 'completed', owner = null, lease_until = null, success = false, reward = 0, calls_started = 1,
        finished_at = now()
      where run_id = $1 and trajectory_id = $2 and (state_index, attempt) <> (4, 4)`,
    [runId, trajectoryId],
  );
  const claim = await store.rollouts.claim(runId, trajectoryId, "bench", 600_000);
  if (!claim) throw new Error(`trajectory ${trajectoryId} of run ${runId} has no rollout left`);
  return () => store.rollouts.end(claim.rolloutId, claim.epoch, end, "bench@1");
}

const runs = [
  { runId: 1, trajectories: SMALL / PER_TRAJECTORY },
  { runId: 2, trajectories: LARGE / PER_TRAJECTORY },
] as const;

let turn = 0;
const questions: Question[] = [
  {
    name: "claim of a rollout",
    goal: "ratio",
    ask: (runId, at) => store.rollouts.claim(runId, at, "bench", 600_000),
  },
  {
    name: "claim of a rollout in a run with a budget",
    goal: "ratio",
    ask: (runId, at) => store.rollouts.claim(runId, at, "bench", 600_000),
  },
  { name: "which trajectories wait", goal: "ratio", ask: () => store.rollouts.waiting(50) },
  { name: "taking back of lost rollouts, with none lost", goal: "ratio", ask: () => store.rollouts.reap(5) },
  {
    name: "end of a trajectory's last rollout",
    goal: "ratio",
    ask: () => Promise.reject(new Error("prepared")),
  },
  { name: "progress of a run", goal: "50 ms", ask: (runId) => store.runs.progress(runId) },
];

/** A trajectory that nobody has asked for, so that every claim is the first one of its trajectory. */
const nextOf = (trajectories: number): number => 1 + (turn++ % trajectories);

async function samples({ name, ask }: Question, times: number): Promise<[number[], number[]]> {
  const took: [number[], number[]] = [[], []];
  const budgeted = name.includes("budget");
  for (const { runId } of runs) await store.runs.setBudget(runId, budgeted ? budget : unlimited);
  for (let n = 0; n < times; n++)
    for (const [which, { runId, trajectories }] of runs.entries()) {
      const at = nextOf(trajectories);
      if (name.startsWith("which")) await only(runId);
      const work = name.startsWith("end") ? await prepareLast(runId, at) : () => ask(runId, at);
      took[which === 0 ? 0 : 1].push(await timeOf(work));
    }
  await only(null);
  return took;
}
const unlimited = { maxCalls: null, maxTokens: null, maxCost: null };

/** Pauses all other runs, so that nothing else waits. */
const only = (runId: number | null) =>
  client.query(
    "update run set state = case when $1::int is null or id = $1 then 'running' else 'paused' end",
    [runId],
  );

const { rowCount: filled } = await client.query("select from run limit 1");
if (!filled) await fill();
console.log(
  `${SMALL} rollouts queued against ${LARGE}, ${PER_TRAJECTORY} per trajectory; medians of ${ROUNDS} rounds`,
);
row("p95 of", "small", "large", "ratio");
for (const question of questions) {
  await samples(question, 5);
  const rounds: { small: number; large: number; ratio: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const [small, large] = (await samples(question, TIMES / ROUNDS)).map(p95);
    if (small !== undefined && large !== undefined) rounds.push({ small, large, ratio: large / small });
  }
  const [small, large, ratio] = (["small", "large", "ratio"] as const).map((of) =>
    median(rounds.map((r) => r[of])),
  );
  if (small === undefined || large === undefined || ratio === undefined) throw new Error("no rounds");
  row(question.name, `${small.toFixed(1)} ms`, `${large.toFixed(1)} ms`, ratio.toFixed(2));
  if (question.goal === "ratio") judge(question.name, ratio, { most: 2 });
  else judge(`${question.name}, ms`, large, { most: 50 });
}
await store.close();
await client.end();
