import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { drawFrom } from "@/lib/policies/random";
import { createStore } from "@/lib/store/store";
import { corridorActions, recordExpert } from "../support/corridor";
import { openKillDatabase, surely } from "../support/kill-loop-database";
import { startCountingModel } from "../support/kill-loop-model";
import { outcomeOf, type Acknowledged } from "../support/kill-loop-outcome";
import { startProcesses, type Running } from "../support/kill-loop-processes";
import { planCorridors } from "../support/mining";

/**
 * Workers, a web process and a Postgres of their own are killed at random moments for as long as they mine; in the end
 * nothing may be lost, nothing twice. The lease is a tenth of the usual, and so is the pause between two sweeps.
 */
const number = (name: string, usual: number) => Number(process.env[name] ?? usual);
const KILLS = number("KILLS", 200);
const ROLLOUTS = number("ROLLOUTS", 10_000);
const WORKERS = number("WORKERS", 3);
/** Model calls from one kill to the next on average: a busy machine gets as much done between two kills as a quiet one. */
const CALLS_PER_KILL = number("CALLS_PER_KILL", 160);
const LEASE_MS = number("LEASE_MS", 3000);
const LATENCY_MS = number("LATENCY_MS", 20);
const CALLS_AT_ONCE = number("CALLS_AT_ONCE", 4);
const SEED = number("SEED", 1);
/** Of the kills; web processes get a tenth, the workers the rest. */
const POSTGRES_SHARE = number("POSTGRES_SHARE", 0.1);
const MAX_STEPS = 3;
const BATCH = 20;
const ATTEMPTS = 4;
const STATES = 5;
/** Calls that every fourth run may make: fewer than it would. */
const MAX_CALLS = BATCH * 15;
/** Rollouts that wait for a worker at any time, at least. */
const BACKLOG = 2 * BATCH * ATTEMPTS * (STATES + 1);
/** Longest wait for the rest, once nobody is killed any more. */
const REST_MS = 600_000;
/** Longest time from one kill to the next; more says that something hangs. */
const STALL_MS = 120_000;
const SHOW_MS = 30_000;

const draw = drawFrom(SEED);
const database = await openKillDatabase();
const { url, query } = database;
const store = createStore(url);
const model = await startCountingModel(LATENCY_MS, MAX_STEPS);
const env = { DATABASE_URL: url, LEASE_MS: String(LEASE_MS) };
const processes = startProcesses(env, () => Math.floor(draw() * 1e9));

const acknowledged = new Map<number, Acknowledged>();
let tried = 0;
let planned = 0;

/** One more run; every fourth may make only so many calls. One that was planned half counts as it is in the end. */
async function addRun(): Promise<void> {
  const seed = tried++;
  const drafts = Array.from({ length: BATCH }, () => {
    const map = `S${".".repeat(Math.floor(draw() * 4))}K${".".repeat(Math.floor(draw() * 4))}G`;
    const wander = Array.from({ length: 6 }, () => corridorActions[Math.floor(draw() * 3)] ?? "left");
    return recordExpert(map, [...wander, "leave"]);
  });
  const config = { baseURL: model.baseURL, model: "served", concurrency: CALLS_AT_ONCE, backoffMs: 50 };
  const policy = { kind: "openai", checkpoint: "served", config };
  const settings = {
    preset: "uniform",
    states: STATES,
    attempts: ATTEMPTS,
    maxSteps: MAX_STEPS,
    seed,
  } as const;
  const { runId } = await planCorridors(store, drafts, policy, settings);
  const maxCalls = seed % 4 === 3 ? MAX_CALLS : null;
  if (maxCalls !== null) await store.runs.setBudget(runId, { maxCalls, maxTokens: null, maxCost: null });
  const sql = "select count(*)::int as n from rollout where run_id = $1";
  const rollouts = (await query<{ n: number }>(sql, [runId]))[0]?.n ?? 0;
  acknowledged.set(runId, { rollouts, maxCalls });
  if (maxCalls === null) planned += rollouts;
}

type Held = { id: number; epoch: number; run_id: number; killedAt: number };
const orphans = new Map<string, Held>();
const takeovers: { ms: number; disturbed: boolean }[] = [];
const postgresKills: number[] = [];
const kills = { worker: 0, web: 0, postgres: 0 };
let inHand = 0;

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
  const sql = "select count(*)::int as n from rollout where status = 'running'";
  const running = await surely("counting what runs", () => query<{ n: number }>(sql));
  kills.postgres += 1;
  inHand += running[0]?.n ?? 0;
  postgresKills.push(Date.now());
  await database.kill();
}

async function killOne(): Promise<void> {
  const kind = draw();
  if (!processes.running.some((one) => one.ready && one.kind === "worker")) return;
  if (kind < POSTGRES_SHARE) return killPostgres();
  const wanted = kind < POSTGRES_SHARE + 0.1 ? "web" : "worker";
  const ready = processes.running.filter((one) => one.ready && one.kind === wanted);
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
let watching = false;

/** Who took over what the dead had in hand, and when its first step was there. */
async function watchOrphans(): Promise<void> {
  if (orphans.size === 0 || watching) return;
  watching = true;
  try {
    const ids = [...orphans.values()].map(({ id }) => id);
    const sql = `select id, epoch, status, (select max(s.epoch) from rollout_step s where s.rollout_id = r.id) as last
      from rollout r where id = any($1::int[])`;
    const rows = z.array(Follow).parse(await query(sql, [ids]));
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    for (const [key, held] of orphans) {
      const row = rowOf.get(held.id);
      if (row && isSettled(row, held)) orphans.delete(key);
    }
  } catch {
    // The database is down; the next look follows soon.
  } finally {
    watching = false;
  }
}

function isSettled(row: z.infer<typeof Follow>, held: Held): boolean {
  const over = row.status === "completed" || row.status === "cancelled";
  const stepped = (row.last ?? 0) > held.epoch || (over && row.epoch > held.epoch);
  if (!stepped) return over;
  const disturbed =
    row.epoch > held.epoch + 1 ||
    postgresKills.some((at) => at > held.killedAt - 2 * LEASE_MS) ||
    processes.wasCancelled(held.run_id, held.killedAt);
  takeovers.push({ ms: Date.now() - held.killedAt, disturbed });
  return true;
}

async function openRollouts(): Promise<number> {
  const sql = `select count(*)::int as n from rollout where status in ('queued', 'running', 'cancelled')
    and run_id in (select id from run where state <> 'done')`;
  return (await query<{ n: number }>(sql))[0]?.n ?? 0;
}

const began = Date.now();
const total = () => kills.worker + kills.web + kills.postgres;
let doing = "";
let last = { calls: 0 };

function show(): void {
  const { calls, repeated } = model.counts();
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  const rate = ((calls - last.calls) / (SHOW_MS / 1000)).toFixed(0);
  last = { calls };
  const counts = `${total()} kills, ${planned} rollouts planned, ${calls} calls (${rate}/s), ${repeated} repeated`;
  console.log(`${seconds} s: ${counts}; ${orphans.size} orphans; ${doing}`);
}

function during<T>(what: string, work: () => Promise<T>): Promise<T> {
  doing = what;
  return surely(what, work);
}

async function mineAndKill(): Promise<void> {
  await during("adding a run", addRun);
  for (let i = 0; i < WORKERS; i++) processes.start("worker");
  processes.start("web");
  let next = { calls: CALLS_PER_KILL, before: Date.now() + STALL_MS };
  while (total() < KILLS || planned < ROLLOUTS) {
    await pause(300 * (0.5 + draw()));
    const { calls } = model.counts();
    if (calls >= next.calls) {
      doing = "killing";
      if (total() < KILLS) await killOne();
      next = { calls: calls + CALLS_PER_KILL * (0.5 + draw()), before: Date.now() + STALL_MS };
    }
    if (Date.now() > next.before)
      throw new Error(`fewer than ${CALLS_PER_KILL} calls in ${STALL_MS / 1000} s`);
    if ((await during("counting what is open", openRollouts)) < BACKLOG) await during("adding a run", addRun);
    doing = "waiting for the next kill";
  }
  const restUntil = Date.now() + REST_MS;
  while ((await during("waiting for the rest", openRollouts)) > 0 && Date.now() < restUntil) await pause(500);
  await pause(2 * LEASE_MS);
}

const timers = [setInterval(() => void watchOrphans(), 100), setInterval(show, SHOW_MS)];
try {
  await mineAndKill();
  processes.end();
  await report();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  timers.forEach(clearInterval);
  processes.end();
  await store.close();
  await model.close();
  await database.close();
}

async function report(): Promise<void> {
  const found = await outcomeOf(query, model, acknowledged);
  const { calls, repeated } = model.counts();
  const share = (100 * repeated) / calls;
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  const broken = Object.keys(found.broken).length;
  const all = takeovers.map(({ ms }) => ms);
  const calm = takeovers.filter(({ disturbed }) => !disturbed).map(({ ms }) => ms);
  const { cancels, told } = processes;
  const claimed = cancels.filter(({ claims, claimsThen }) => claimsThen !== claims).length;
  const late = cancels.map(({ runId, at, resumedAt }) => {
    const ends = (found.calls.get(runId) ?? []).filter((call) => call.until > at && call.at < resumedAt);
    return Math.max(0, ...ends.map(({ until }) => until - at));
  });
  const lines = [
    `kills: ${total()} (${kills.worker} workers, ${kills.web} web, ${kills.postgres} Postgres) in ${seconds} s; ${WORKERS} workers, ${CALLS_AT_ONCE} calls at once each, ${LATENCY_MS} ms a call`,
    `runs: ${JSON.stringify(found.states)}`,
    `rollouts: ${found.planned} planned, ${found.completed} completed, ${found.lost} lost, ${found.twice} duplicated, ${found.unfinished} not completed`,
    `calls: ${calls}, repeated ${repeated} (${share.toFixed(2)} %, goal 1 %), rollouts in hand of what was killed ${inHand}, unknown ${found.unknown}`,
    `first step of a new owner after a kill, lease ${LEASE_MS} ms, goal ${1.5 * LEASE_MS} ms:`,
    `  all: ${spread(all)}`,
    `  neither Postgres, the new owner nor the run stopped meanwhile: ${spread(calm)}`,
    `cancelled ${cancels.length} times: ${claimed} with claims afterwards, last call ended ${Math.max(0, ...late)} ms later at most (goal ${LEASE_MS / 3 + 2000} ms)`,
    `budgets: ${found.budgets} runs of at most ${MAX_CALLS} calls, overspent ${found.overspent.length} ${found.overspent.join("; ")}`,
    `invariants broken: ${broken} ${JSON.stringify(found.broken).slice(0, 2000)}`,
    `said by the processes: ${JSON.stringify(Object.fromEntries(told), null, 1)}`,
  ];
  console.log(lines.join("\n"));
  const { lost, unfinished, twice, unknown, overspent } = found;
  const failed = [broken, lost, unfinished, twice, unknown, overspent.length, claimed].some((n) => n > 0);
  if (failed || share > 1 || repeated > inHand) process.exitCode = 1;
}

function spread(of: number[]): string {
  const sorted = [...of].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  const over = of.filter((ms) => ms > 1.5 * LEASE_MS).length;
  return `${of.length} rollouts, p50 ${at(0.5)}, p95 ${at(0.95)}, max ${at(1)} ms; ${over} over the goal`;
}
