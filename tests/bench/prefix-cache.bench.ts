/**
 * `npm run bench -- prefix-cache`: how much of its prompts a model server finds in its prefix cache, in the order in which
 * mining asks: real runs over recorded failures, real workers, a server that writes down what arrives, and a simulated
 * cache (tests/support/prefix-cache.ts). Beside it the same requests in other orders. Fails unless the order of the workers
 * reaches 0.9 of an endless cache, and three times breadth-first.
 *
 * A server's cache has room for half as many contexts (the longest prompt of a trajectory) as rollouts are under way there:
 * an 8B model on an 80 GB card holds 65 contexts of 6.5 k tokens (427 k) and is busy with about twice as many calls.
 * Breadth-first over thousands of trajectories comes back to one after hundreds of such caches; here after a dozen, which
 * flatters it.
 */
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { seedOf } from "@/lib/core/plan";
import { recordEpisode } from "@/lib/core/record";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { environments } from "@/lib/environments/registry";
import { webshop } from "@/lib/environments/webshop/environment";
import { createQueue } from "@/lib/jobs/queue";
import { startWorker } from "@/lib/jobs/start-worker";
import { policies } from "@/lib/policies/registry";
import { webshopOpening } from "@/lib/prompts/webshop";
import { createStore } from "@/lib/store/store";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { RunInput, startRun } from "@/lib/usecases/runs";
import { Filter } from "@/lib/usecases/selection";
import { startLoggedModel, type LoggedCall } from "../support/logged-model";
import { connectPolicy } from "../support/policies";
import { createPrefixCache, hitRate, type Found } from "../support/prefix-cache";

const TRAJECTORIES = Number(process.env.BENCH_TRAJECTORIES ?? 64);
/** Contexts a cache has room for, per rollout under way. */
const CONTEXTS = 0.5;
/** Longer failures have longer prompts, beside which the opening that all share is short. */
const LEAST_STEPS = 12;
/** Calls that a server gets at once; each worker has that many rollouts under way there. */
const AT_ONCE = 4;
const LATENCY_MS = 8;
const MAX_STEPS = 10;
const MOST_ATTEMPTS = 24;
const MOST_STATES = 16;
const data = "../shared/data/webshop-1k";

const databaseUrl = process.env.DATABASE_URL ?? "";
const store = createStore(databaseUrl);
const queue = createQueue(databaseUrl, "web");
const deps = { store, queue, environments, policies };
const { personId } = await store.people.ensure("bench");
const catalogue = existsSync(data)
  ? {
      kind: "files",
      items: `${data}/items_shuffle_1000.json`,
      instructions: `${data}/items_ins_v2_1000.json`,
      nouns: `${data}/product_nouns_nltk.json`,
    }
  : { kind: "built-in" };
const shop = await putEnvironment(deps, { name: "shop", driver: "webshop", config: { catalogue } });
const hashes = await recordFailures();

/** Failures of the strong shopper, stored. @returns their content hashes, in order of their ids */
async function recordFailures(): Promise<string[]> {
  const environment = await webshop.connect(webshop.Config.parse({ catalogue }));
  const policy = connectPolicy("shopper-strong", {}, null);
  const drafts: TrajectoryDraft[] = [];
  const { signal } = new AbortController();
  for (const subtask of await environment.subtasks()) {
    if (drafts.length === TRAJECTORIES) break;
    const seed = (index: number) => seedOf(0, subtask.subtaskKey, { stateIndex: 0, attempt: 0 }, index);
    const task = { environment, environmentName: "shop", driverId: "webshop", subtask, policy, seed, signal };
    const draft = await recordEpisode({ ...task, source: "expert", maxSteps: 15 });
    if (!draft.success && draft.steps.length >= LEAST_STEPS) drafts.push(draft);
  }
  await environment.close();
  const { trajectoryIds } = await store.trajectories.add(drafts, null);
  const stored = [];
  for (const id of trajectoryIds.toSorted((a, b) => a - b)) stored.push(await store.trajectories.get(id));
  return stored.map(({ contentHash }) => contentHash);
}

/** Which decision of which rollout a call was about. */
type Label = { trajectory: number; stateIndex: number; attempt: number; index: number };
type Call = LoggedCall & { label: Label };

/** Every decision a run may ask for, by the seed it is asked with. */
function labels(): Map<number, Label[]> {
  const found = new Map<number, Label[]>();
  for (const [trajectory, hash] of hashes.entries())
    for (let stateIndex = 0; stateIndex < MOST_STATES; stateIndex++)
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++)
        for (let index = 0; index < MAX_STEPS; index++) {
          const seed = seedOf(0, hash, { stateIndex, attempt }, index);
          const label = { trajectory, stateIndex, attempt, index };
          const same = found.get(seed);
          if (same) same.push(label);
          else found.set(seed, [label]);
        }
  return found;
}
const known = labels();

const opening = webshopOpening().length;

/** A call's messages are the opening, two per step, and the page to act on. */
function labelled(call: LoggedCall): Call {
  const steps = (call.messages - opening - 1) / 2;
  const label = known.get(call.seed)?.find(({ stateIndex, index }) => stateIndex + index === steps);
  if (!label) throw new Error(`a call with seed ${call.seed} and ${steps} steps belongs to no rollout`);
  return { ...call, label };
}

type Wish = { preset: "uniform" | "careful" | "find"; attempts?: number };
type Mined = { calls: Call[]; seconds: number };

async function mine(
  name: string,
  config: Wish,
  { workers, servers }: { workers: number; servers: number },
): Promise<Mined> {
  const model = await startLoggedModel(servers, LATENCY_MS);
  const [baseURL, ...replicas] = model.urls;
  const settings = { baseURL, replicas, model: name, timeoutMs: 60_000, concurrency: AT_ONCE };
  const { policyId } = await putPolicy(deps, { name, kind: "openai", config: settings });
  const log = (line: string) => line.includes("error") && console.log(line);
  const own = {
    databaseUrl,
    environments,
    policies,
    concurrency: AT_ONCE,
    leaseMs: 30_000,
    sweepMs: 5000,
    log,
  };
  const running = await Promise.all(Array.from({ length: workers }, () => startWorker(own)));
  const began = performance.now();
  const selection = { filter: Filter.parse({ environmentId: shop.environmentId }) };
  const { preset, ...rest } = config;
  const wish = { policyId, selection, preset, config: { maxSteps: MAX_STEPS, ...rest } };
  const { runId } = await startRun(deps, personId, RunInput.parse(wish));
  while ((await store.runs.get(runId)).state !== "done") await pause(500);
  const seconds = (performance.now() - began) / 1000;
  await Promise.all(running.map((worker) => worker.stop()));
  await model.close();
  const { rollouts } = await store.runs.progress(runId);
  if (rollouts.errored > 0) throw new Error(`${rollouts.errored} rollouts broke`);
  return { calls: model.calls.map(labelled), seconds };
}

type Rates = { all: number; first: number };

/** What the calls find in one cache per server, all of them and the first of each rollout. */
function rates(calls: Call[], capacity: number): Rates {
  const caches = new Map<number, ReturnType<typeof createPrefixCache>>();
  const all: Found[] = [];
  const first: Found[] = [];
  for (const { server, blocks, label } of calls) {
    const cache = caches.get(server) ?? createPrefixCache(capacity);
    caches.set(server, cache);
    const found = cache(blocks);
    all.push(found);
    if (label.index === 0) first.push(found);
  }
  return { all: hitRate(all), first: hitRate(first) };
}

/** Every trajectory's first attempt at its first state, all of them open at once, then the next attempt, then the next state. */
function breadthFirst(calls: Call[]): Call[] {
  const depth = ({ label: { stateIndex, attempt, index } }: Call) =>
    (stateIndex * MOST_ATTEMPTS + attempt) * MAX_STEPS + index;
  return calls.toSorted((a, b) => depth(a) - depth(b) || a.label.trajectory - b.label.trajectory);
}

/** The same levels, but only so many rollouts open at once: what a worker without trajectories of its own would do. */
function breadthFirstWith(lanes: number, calls: Call[]): Call[] {
  const rollouts = new Map<string, Call[]>();
  for (const call of breadthFirst(calls)) {
    const { stateIndex, attempt, trajectory } = call.label;
    const key = [stateIndex, attempt, trajectory].join("/");
    rollouts.set(key, [...(rollouts.get(key) ?? []), call]);
  }
  const waiting = [...rollouts.values()];
  const open = waiting.splice(0, lanes);
  const order: Call[] = [];
  while (open.length > 0)
    for (const [lane, rollout] of [...open.entries()].reverse()) {
      const next = rollout.shift() ?? null;
      if (next) order.push(next);
      if (rollout.length > 0) continue;
      const following = waiting.shift();
      if (following) open[lane] = following;
      else open.splice(lane, 1);
    }
  return order;
}

function contextOf(calls: Call[]): number {
  const longest = new Map<number, number>();
  for (const { label, blocks } of calls)
    longest.set(label.trajectory, Math.max(longest.get(label.trajectory) ?? 0, blocks.tokens));
  return [...longest.values()].reduce((sum, tokens) => sum + tokens, 0) / longest.size;
}

const shown = (rate: number) => rate.toFixed(3);
const orders: [string, (calls: Call[], lanes: number) => Call[], capacity: number][] = [
  ["as asked", (calls) => calls, 1],
  ["oracle: an endless cache", (calls) => calls, Infinity],
  ["breadth-first, a level at once", breadthFirst, 1],
  ["breadth-first, as many rollouts at once as asked", (calls, lanes) => breadthFirstWith(lanes, calls), 1],
];

/** @returns whether both goals are reached */
function report(name: string, { calls, seconds }: Mined, workers: number): boolean {
  const context = contextOf(calls);
  const servers = new Set(calls.map(({ server }) => server)).size;
  const capacity = CONTEXTS * context * workers * AT_ONCE;
  const mean = calls.reduce((sum, { blocks }) => sum + blocks.tokens, 0) / calls.length;
  const rollouts = calls.filter(({ label }) => label.index === 0).length;
  console.log(
    `\n${name}: ${rollouts} rollouts, ${calls.length} calls in ${seconds.toFixed(0)} s, prompt ${mean.toFixed(0)} and context ${context.toFixed(0)} tokens, cache ${capacity.toFixed(0)} per server\n`,
  );
  console.log("| order | hit rate | at a rollout's first call |\n|---|---|---|");
  const [ours, oracle, level, lanes] = orders.map(([order, arranged, share]) => {
    const rate = rates(arranged(calls, workers * AT_ONCE * servers), capacity * share);
    console.log(`| ${order} | ${shown(rate.all)} | ${shown(rate.first)} |`);
    return rate;
  });
  if (!ours || !oracle || !level || !lanes) return false;
  if (servers > 1) {
    const dealt = rates(
      calls.map((call, n) => ({ ...call, server: n % servers })),
      capacity,
    );
    console.log(`| as asked, dealt to the servers in turn | ${shown(dealt.all)} | ${shown(dealt.first)} |`);
  }
  const toOracle = ours.all / oracle.all;
  const [toLevel, toLanes] = [ours.all / level.all, ours.first / lanes.first];
  console.log(
    `\n${toOracle.toFixed(3)} of the oracle (goal 0.9); ${toLevel.toFixed(1)}x breadth-first (goal 3); ` +
      `at first calls ${toLanes.toFixed(1)}x breadth-first with as many rollouts at once (goal 3)`,
  );
  return toOracle >= 0.9 && toLevel >= 3 && toLanes >= 3;
}

const uniform: Wish = { preset: "uniform", attempts: 4 };
const cases: [string, Wish, { workers: number; servers: number }][] = [
  ["uniform, 2 workers", uniform, { workers: 2, servers: 1 }],
  ["uniform, 4 workers", uniform, { workers: 4, servers: 1 }],
  ["careful, 2 workers", { preset: "careful" }, { workers: 2, servers: 1 }],
  ["uniform, 4 workers, 3 servers", uniform, { workers: 4, servers: 3 }],
  ["uniform, 1 worker", uniform, { workers: 1, servers: 1 }],
  ["find, 2 workers", { preset: "find" }, { workers: 2, servers: 1 }],
];
console.log(`${hashes.length} trajectories of ${existsSync(data) ? "WebShop-1k" : "the built-in shop"}`);
let reached = true;
for (const [name, config, size] of cases)
  reached = report(name, await mine(name, config, size), size.workers) && reached;
await queue.close();
await store.close();
if (!reached) process.exitCode = 1;
