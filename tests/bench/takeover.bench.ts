// npm run bench -- takeover [kills]
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { z } from "zod";
import { createQueue } from "@/lib/jobs/queue";
import { createStore } from "@/lib/store/store";
import { recordExpert } from "../support/corridor";
import { planCorridors } from "../support/mining";
import { judge, median } from "../support/ratios";
import { died, openWorkers } from "../support/spawned-workers";

/**
 * How long what a killed worker had in hand waits for another, with the lease and the sweep that workers have unless told
 * otherwise: from kill -9 to the first step of a new owner, while the other worker has more to do than it can. No worker
 * is started again before. Source: reliability.md, goal G4
 */
const KILLS = Number(process.argv[2] ?? 5);
const LEASE_MS = 30_000;
const SWEEP_MS = 5000;
const THINKS_MS = 500;
const MAX_STEPS = 6;

const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);
const queue = createQueue(url, "web");
const workers = openWorkers(url, { leaseMs: LEASE_MS, sweepMs: SWEEP_MS });

/** Corridors too long for the steps that a rollout has: every one takes all of them. */
const wander = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? "right" : "left"));
const drafts = Array.from({ length: 30 * (KILLS + 2) }, (_, n) =>
  recordExpert(`S${".".repeat(20 + n)}G`, [...wander, "leave"]),
);
const policy = {
  kind: "slow",
  checkpoint: "slow@1",
  config: { callLog: workers.callLog, delayMs: THINKS_MS },
};
const { runId, trajectoryIds } = await planCorridors(store, drafts, policy, {
  preset: "uniform",
  states: 50,
  attempts: 2,
  maxSteps: MAX_STEPS,
});
for (const trajectoryId of trajectoryIds) await queue.send("mine-trajectory", { runId, trajectoryId });

const client = new pg.Client({ connectionString: url });
await client.connect();
const Row = z.object({ id: z.number(), epoch: z.number() });
const ask = async (sql: string, ...values: unknown[]) =>
  z.array(Row).parse((await client.query(sql, values)).rows);
const inHand = (pid: number | undefined) =>
  ask("select id, epoch from rollout where status = 'running' and owner like $1", `%:${pid}:%`);
/** The newest epoch with a step of its own. */
const stepped = (ids: number[]) =>
  ask(
    `select rollout_id as id, max(epoch) as epoch from rollout_step where rollout_id = any($1::int[]) group by rollout_id`,
    ids,
  );

async function until<T>(look: () => Promise<T | null>, patienceMs: number): Promise<T> {
  for (const began = Date.now(); Date.now() - began < patienceMs; await pause(50)) {
    const seen = await look();
    if (seen !== null) return seen;
  }
  throw new Error(`nothing happened in ${patienceMs / 1000} s`);
}

const started = () => {
  const child = workers.start();
  return { child, pid: child.pid };
};
const waits: number[] = [];
const living = started();
for (let kill = 0; kill < KILLS; kill++) {
  const doomed = started();
  const held = await until(async () => {
    const [own, others] = [await inHand(doomed.pid), await inHand(living.pid)];
    return own.length > 1 && others.length > 1 ? own : null;
  }, 60_000);
  const gone = died(doomed.child);
  doomed.child.kill("SIGKILL");
  const killedAt = Date.now();
  await gone;
  let open = held;
  while (open.length > 0) {
    const now = new Map(
      (await stepped(open.map(({ id }) => id))).map(({ id, epoch }): [number, number] => [id, epoch]),
    );
    const left = open.filter(({ id, epoch }) => (now.get(id) ?? 0) <= epoch);
    for (let i = left.length; i < open.length; i++) waits.push((Date.now() - killedAt) / 1000);
    if (Date.now() - killedAt > 5 * LEASE_MS)
      throw new Error(`${left.length} rollouts were never taken over`);
    open = left;
    await pause(100);
  }
}

console.log(
  `${waits.length} rollouts of ${KILLS} killed workers, lease ${LEASE_MS / 1000} s, sweep ${SWEEP_MS / 1000} s: first step of ` +
    `a new owner after ${median(waits).toFixed(1)} s (median), ${Math.min(...waits).toFixed(1)} to ${Math.max(...waits).toFixed(1)} s`,
);
judge("longest wait in leases", Math.max(...waits) / (LEASE_MS / 1000), { most: 1.5 });
workers.close();
await client.end();
await queue.close();
await store.close();
