// npm run bench -- ledger-steps [steps of a rollout]
import pg from "pg";
import type { Environment } from "@/lib/core/ports";
import { runProbe } from "@/lib/core/probe";
import type { Claim } from "@/lib/core/rows";
import { recorderOf } from "@/lib/jobs/explore";
import { createStore } from "@/lib/store/store";
import { corridorEnvironment, policyOf, recordExpert } from "../support/corridor";
import { planCorridors, running } from "../support/mining";
import { judge, median, row } from "../support/ratios";

/**
 * Step commits per second of the product: rollouts which record every step as a worker does, fenced, with the intent of
 * each call stored before it is made; against bare inserts of the same rows, one per transaction, over as many
 * connections to the same database with as many in flight. The model answers at once and the environment costs nothing.
 */
const STEPS = Number(process.argv[2] ?? 80);
const IN_FLIGHT = 50;
/** As many as the store's pool has. */
const CONNECTIONS = 10;
const ROUNDS = 3;

const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);
const bare = new pg.Pool({ connectionString: url, max: CONNECTIONS });

/** So that a step has the size of a real one. */
const page = "You are in the hall of a house with many doors. ".repeat(12);
const corridor = corridorEnvironment();
const environment: Environment = {
  ...corridor,
  open: () => {
    const told = { text: page, actions: null };
    const step = () => Promise.resolve({ ...told, reward: 0, done: false });
    return Promise.resolve({ start: told, instruction: null, step, close: () => Promise.resolve() });
  },
};
const policy = policyOf("pacing@1", ({ history }) => (history.length % 2 === 0 ? "right" : "left"));

async function claims(): Promise<Claim[]> {
  const drafts = Array.from({ length: IN_FLIGHT }, (_, n) =>
    recordExpert(`S${".".repeat(n + 1)}G`, ["right", "leave"]),
  );
  const planned = { kind: "test", checkpoint: "pacing@1" };
  const { runId, trajectoryIds } = await planCorridors(store, drafts, planned, { maxSteps: 200, states: 0 });
  const claimed = trajectoryIds.map((id) => store.rollouts.claim(runId, id, "bench", 600_000));
  return (await Promise.all(claimed)).filter((claim) => claim !== null);
}

async function roll(claim: Claim): Promise<void> {
  const { recorder, failure } = recorderOf(store, claim);
  await runProbe({
    environment,
    policy,
    conversation: { driverId: "corridor", instruction: "open the door", opening: [] },
    subtaskKey: "S.G",
    expertSteps: [],
    probe: { stateIndex: 0, attempt: claim.attempt },
    maxSteps: STEPS,
    successThreshold: 1,
    seed: () => 0,
    recorded: [],
    recorder,
    signal: running,
  });
  const broken = failure();
  if (broken) throw broken;
}

/** @returns step commits per second */
async function product(): Promise<number> {
  const claimed = await claims();
  const began = performance.now();
  await Promise.all(claimed.map(roll));
  const seconds = (performance.now() - began) / 1000;
  const ids = claimed.map(({ rolloutId }) => rolloutId);
  const { rows } = await bare.query<{ steps: number }>(
    "select count(*)::int as steps from rollout_step where rollout_id = any($1)",
    [ids],
  );
  if (rows[0]?.steps !== claimed.length * STEPS) throw new Error(`${rows[0]?.steps} steps were recorded`);
  for (const { rolloutId, epoch } of claimed) await store.rollouts.release(rolloutId, epoch);
  return (claimed.length * STEPS) / seconds;
}

let made = 0;

/** @returns inserts per second */
async function floor(): Promise<number> {
  const text = `insert into bare_step (rollout_id, step_index, epoch, observation, thought, action, reward, messages)
    values ($1, $2, $3, $4, $5, $6, $7, $8)`;
  const messages = JSON.stringify({
    input: [{ role: "user", content: page }],
    reply: { role: "assistant", content: "Action:\nright" },
  });
  const lane = async () => {
    const id = ++made;
    for (let index = 0; index < STEPS; index++)
      await bare.query({ name: "bare", text, values: [id, index, 1, page, null, "right", 0, messages] });
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return (IN_FLIGHT * STEPS) / ((performance.now() - began) / 1000);
}

await bare.query("create table bare_step (like rollout_step including all)");
await product();
await floor();
const ratios: number[] = [];
row(`${IN_FLIGHT} in flight, ${CONNECTIONS} connections`, "product", "bare insert", "ratio");
for (let round = 1; round <= ROUNDS; round++) {
  const [inserts, steps] = [await floor(), await product()];
  ratios.push(steps / inserts);
  row(`round ${round}`, `${steps.toFixed(0)}/s`, `${inserts.toFixed(0)}/s`, (steps / inserts).toFixed(3));
}
judge("step commits against bare inserts, median", median(ratios), { least: 0.3 });
await store.close();
await bare.end();
