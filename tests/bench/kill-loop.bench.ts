import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { drawFrom } from "@/lib/policies/random";
import { createStore } from "@/lib/store/store";
import { corridorActions, recordExpert } from "../support/corridor";
import { openKillDatabase, surely } from "../support/kill-loop-database";
import { startCountingModel } from "../support/kill-loop-model";
import { planCorridors, rolloutsOf, type Planned } from "../support/mining";
import { brokenRules } from "../support/store";

/**
 * Workers, a web process and a Postgres of their own are killed at random moments for as long as they mine; in the end
 * nothing may be lost, nothing twice. The lease is a tenth of the usual, and so is the pause between two sweeps.
 */
const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
const KILLS = number("KILLS", 200);
const ROLLOUTS = number("ROLLOUTS", 10_000);
const WORKERS = number("WORKERS", 3);
const EVERY_MS = number("EVERY_MS", 1000);
const LEASE_MS = number("LEASE_MS", 3000);
const SEED = number("SEED", 1);
const LATENCY_MS = 5;
const MAX_STEPS = 6;
const BATCH = 40;
const ATTEMPTS = 4;
/** Longest wait for the rest, once nobody is killed any more. */
const REST_MS = 600_000;

const draw = drawFrom(SEED);
const database = await openKillDatabase();
const { url, query } = database;
const store = createStore(url);
const model = await startCountingModel(LATENCY_MS, MAX_STEPS);

const runs: (Planned & { maxCalls: number | null })[] = [];
let planned = 0;

/** One more run; every fourth may make only so many calls. */
async function addRun(): Promise<void> {
  const at = runs.length;
  const drafts = Array.from({ length: BATCH }, () => {
    const map = `S${".".repeat(Math.floor(draw() * 4))}K${".".repeat(Math.floor(draw() * 4))}G`;
    const wander = Array.from({ length: 6 }, () => corridorActions[Math.floor(draw() * 3)] ?? "left");
    return recordExpert(map, [...wander, "leave"]);
  });
  const config = { baseURL: model.baseURL, model: "served", concurrency: 40, backoffMs: 50 };
  const policy = { kind: "openai", checkpoint: "served", config };
  const settings = {
    preset: "uniform",
    states: 5,
    attempts: ATTEMPTS,
    maxSteps: MAX_STEPS,
    seed: at,
  } as const;
  const run = await planCorridors(store, drafts, policy, settings);
  const maxCalls = at % 4 === 3 ? BATCH * 20 : null;
  if (maxCalls !== null) await store.runs.setBudget(run.runId, { maxCalls, maxTokens: null, maxCost: null });
  for (const trajectoryId of new Set(run.trajectoryIds)) {
    const { contentHash } = await store.trajectories.get(trajectoryId);
    const rows = await store.rollouts.list(run.runId, trajectoryId);
    for (const { stateIndex, attempt } of rows)
      model.expect({ runId: run.runId, runSeed: at, contentHash, stateIndex, attempt });
    if (maxCalls === null) planned += rows.length;
  }
  runs.push({ ...run, maxCalls });
}

type Running = { kind: "worker" | "web"; child: ChildProcess; ready: boolean };
const processes: Running[] = [];
type Cancel = { runId: number; at: number; claims: number };
const cancels: (Cancel & { resumedAt: number; claimsThen: number })[] = [];
const cancelled = new Map<number, Cancel>();
const told = new Map<string, number>();

function start(kind: Running["kind"]): void {
  const seed = String(Math.floor(draw() * 1e9));
  const env = { ...process.env, DATABASE_URL: url, LEASE_MS: String(LEASE_MS), SEED: seed };
  const args = ["--import", "tsx", `tests/support/kill-loop-${kind}.ts`];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const one: Running = { kind, child, ready: false };
  processes.push(one);
  child.stderr?.resume();
  if (child.stdout) createInterface(child.stdout).on("line", (line) => heard(one, line));
  child.once("exit", () => {
    processes.splice(processes.indexOf(one), 1);
    if (!ended) start(kind);
  });
}

function heard(one: Running, line: string): void {
  if (line === "ready") one.ready = true;
  const [, what, runId, at, claims] = /^(cancelled|resuming) (\d+) (\d+) (\d+)$/.exec(line) ?? [];
  const event = { runId: Number(runId), at: Number(at), claims: Number(claims) };
  const before = cancelled.get(event.runId);
  if (what === "cancelled") cancelled.set(event.runId, event);
  if (what === "resuming" && before) {
    cancels.push({ ...before, resumedAt: event.at, claimsThen: event.claims });
    cancelled.delete(event.runId);
  }
  const kind = /^(failed|error)[^:]*:? ?[^:]*/.exec(line)?.[0];
  if (kind) told.set(kind.slice(0, 60), (told.get(kind.slice(0, 60)) ?? 0) + 1);
}

type Held = { id: number; epoch: number; run_id: number; killedAt: number };
const orphans = new Map<string, Held>();
const takeovers: { ms: number; disturbed: boolean }[] = [];
const postgresKills: number[] = [];
const kills = { worker: 0, web: 0, postgres: 0 };
let inHand = 0;
let ended = false;

async function killWorker(one: Running): Promise<void> {
  const sql = "select id, epoch, run_id from rollout where status = 'running' and owner like $1";
  const held = await query<Held>(sql, [`%:${one.child.pid}:%`]).catch(() => []);
  one.ready = false;
  one.child.kill("SIGKILL");
  kills.worker += 1;
  inHand += held.length;
  for (const each of held) orphans.set(`${each.id}:${each.epoch}`, { ...each, killedAt: Date.now() });
}

async function killPostgres(): Promise<void> {
  const running = await query<{ n: number }>(
    "select count(*)::int as n from rollout where status = 'running'",
  );
  const killed = database.kill();
  kills.postgres += 1;
  inHand += running[0]?.n ?? 0;
  postgresKills.push(Date.now());
  await killed;
}

async function killOne(): Promise<void> {
  const kind = draw();
  if (!processes.some((one) => one.ready && one.kind === "worker")) return;
  if (kind < 0.1) return killPostgres();
  const ready = processes.filter((one) => one.ready && one.kind === (kind < 0.2 ? "web" : "worker"));
  const one = ready[Math.floor(draw() * ready.length)];
  if (!one) return;
  if (one.kind === "worker") return killWorker(one);
  one.ready = false;
  one.child.kill("SIGKILL");
  kills.web += 1;
}

const Follow = z.object({
  id: z.number(),
  epoch: z.number(),
  status: z.string(),
  last: z.number().nullable(),
});

/** Who took over what the dead had in hand, and when its first step was there. */
async function watchOrphans(): Promise<void> {
  if (orphans.size === 0) return;
  const ids = [...orphans.values()].map(({ id }) => id);
  const sql = `select id, epoch, status, (select max(s.epoch) from rollout_step s where s.rollout_id = r.id) as last
    from rollout r where id = any($1::int[])`;
  const rows = z.array(Follow).parse(await query(sql, [ids]));
  for (const [key, held] of orphans) {
    const row = rows.find(({ id }) => id === held.id);
    if (!row) continue;
    const over = row.status === "completed" || row.status === "cancelled";
    const stepped = (row.last ?? 0) > held.epoch || (over && row.epoch > held.epoch);
    if (stepped) {
      const disturbed =
        row.epoch > held.epoch + 1 ||
        postgresKills.some((at) => at > held.killedAt - 2 * LEASE_MS) ||
        cancelled.has(held.run_id) ||
        cancels.some(({ runId, resumedAt }) => runId === held.run_id && resumedAt > held.killedAt);
      takeovers.push({ ms: Date.now() - held.killedAt, disturbed });
    }
    if (stepped || over) orphans.delete(key);
  }
}

async function openRollouts(): Promise<number> {
  const sql =
    "select count(*)::int as n from rollout where status in ('queued', 'running', 'cancelled') and run_id in (select id from run where state <> 'done')";
  return (await query<{ n: number }>(sql))[0]?.n ?? 0;
}

const began = Date.now();
await addRun();
await addRun();
for (let i = 0; i < WORKERS; i++) start("worker");
start("web");
const watching = setInterval(() => void watchOrphans().catch(() => undefined), 100);
const total = () => kills.worker + kills.web + kills.postgres;
let shownAt = Date.now();
while (total() < KILLS || planned < ROLLOUTS) {
  await pause(EVERY_MS * (0.5 + draw()));
  if (total() < KILLS) await killOne().catch(() => undefined);
  if ((await surely(openRollouts)) < 2 * BATCH * ATTEMPTS * 6) await surely(addRun);
  if (Date.now() - shownAt < 30_000) continue;
  shownAt = Date.now();
  const { calls, repeated } = model.counts();
  console.log(`${total()} kills, ${planned} rollouts planned, ${calls} calls, ${repeated} repeated`);
}
const restUntil = Date.now() + REST_MS;
while ((await surely(openRollouts)) > 0 && Date.now() < restUntil) await pause(500);
await pause(2 * LEASE_MS);
ended = true;
clearInterval(watching);
for (const { child } of [...processes]) child.kill("SIGKILL");

await report();
await store.close();
await model.close();
await database.close();

async function report(): Promise<void> {
  const broken = await brokenRules((sql) => query(sql));
  let completed = 0;
  let other = 0;
  const overspent: string[] = [];
  const states: Record<string, number> = {};
  for (const run of runs) {
    const { state } = await store.runs.get(run.runId);
    states[state] = (states[state] ?? 0) + 1;
    const of = { ...run, trajectoryIds: [...new Set(run.trajectoryIds)] };
    const { rows } = await rolloutsOf(store, of);
    if (run.maxCalls === null) {
      completed += rows.filter(({ status }) => status === "completed").length;
      other += rows.filter(({ status }) => status !== "completed").length;
      continue;
    }
    const made = model.calls.filter(({ runId }) => runId === run.runId).length;
    const { callsCommitted } = await store.runs.ledger(run.runId);
    if (made > callsCommitted || callsCommitted > run.maxCalls)
      overspent.push(`run ${run.runId}: ${made} calls, ${callsCommitted} counted, ${run.maxCalls} allowed`);
  }
  const twice = await query(
    "select 1 from rollout group by run_id, trajectory_id, state_index, attempt having count(*) > 1",
  );
  const { calls, repeated, unknown } = model.counts();
  const share = (100 * repeated) / calls;
  const seconds = (Date.now() - began) / 1000;
  console.log(
    `kills: ${kills.worker} workers, ${kills.web} web, ${kills.postgres} Postgres, in ${seconds.toFixed(0)} s`,
  );
  console.log(`runs: ${JSON.stringify(states)}`);
  console.log(
    `rollouts: ${planned} planned, ${completed} completed, ${planned - completed} lost, ${twice.length} duplicated, ${other} not completed`,
  );
  console.log(
    `calls: ${calls}, repeated ${repeated} (${share.toFixed(2)} %), in hand of what was killed ${inHand}, unknown ${unknown}`,
  );
  const all = takeovers.map(({ ms }) => ms);
  const calm = takeovers.filter(({ disturbed }) => !disturbed).map(({ ms }) => ms);
  console.log(`first step of a new owner after a kill, lease ${LEASE_MS} ms, goal ${1.5 * LEASE_MS} ms:`);
  console.log(
    `  all: ${spread(all)}\n  neither Postgres, the new owner nor the run stopped meanwhile: ${spread(calm)}`,
  );
  const claimed = cancels.filter(({ claims, claimsThen }) => claimsThen !== claims).length;
  const last = cancels.map(({ runId, at, resumedAt }) => {
    const during = model.calls.filter(
      (call) => call.runId === runId && call.until > at && call.at < resumedAt,
    );
    return Math.max(0, ...during.map(({ until }) => until - at));
  });
  const late = Math.max(0, ...last);
  console.log(
    `cancelled ${cancels.length} times: ${claimed} with claims afterwards, last call ended ${late} ms later at most (goal ${LEASE_MS / 3 + 2000} ms)`,
  );
  console.log(
    `budgets: ${runs.filter(({ maxCalls }) => maxCalls !== null).length}, overspent ${overspent.length} ${overspent.join("; ")}`,
  );
  console.log(`invariants broken: ${Object.keys(broken).length} ${JSON.stringify(broken).slice(0, 2000)}`);
  console.log(`said by the processes: ${JSON.stringify(Object.fromEntries(told))}`);
  const failed = [
    Object.keys(broken).length,
    planned - completed,
    twice.length,
    unknown,
    overspent.length,
    claimed,
  ].some((n) => n > 0);
  if (failed || share > 1 || repeated > inHand) process.exitCode = 1;
}

function spread(of: number[]): string {
  const sorted = [...of].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const over = of.filter((ms) => ms > 1.5 * LEASE_MS).length;
  return `${of.length} rollouts, p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} ms; ${over} over the goal`;
}
