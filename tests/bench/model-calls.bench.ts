import { setMaxListeners } from "node:events";
import type { Gates } from "@/lib/core/gate";
import { DEFAULT_PACE } from "@/lib/core/limit";
import type { Policy } from "@/lib/core/ports";
import { settingsOf } from "@/lib/core/drivers";
import { createGates } from "@/lib/jobs/endpoint-gates";
import { openai } from "@/lib/policies/openai";
import { createStore } from "@/lib/store/store";
import { startFaultyModel } from "../support/faulty-model";

/**
 * Calls per second of the shared, adaptive limit against the best fixed number of calls at once, on a server that breaks
 * a fifth of its requests and turns away whatever is beyond a capacity nobody is told. Time is scaled: a call takes a
 * tenth of the usual, and so do the pauses of the limit.
 */
const CAPACITY = 40;
const LATENCY_MS = 80;
const LANES = 60;
const SECONDS = Number(process.env.BENCH_SECONDS ?? 20);
const FAULTS = 0.2;
const WORKERS = 2;
const scaled = { ...DEFAULT_PACE, cooldownMs: DEFAULT_PACE.cooldownMs / 10, quietMs: 200, probeMs: 100 };

const store = createStore(process.env.DATABASE_URL ?? "");
const good = { reply: "Thought:\nI look.\n\nAction:\nsearch[mittens]" };

type Result = { rate: number; perReply: number; errored: number; peak: number };

/** @param lanes rollouts at once; where nothing limits their calls, this is the fixed number of calls at once */
async function measure(name: string, shared: boolean, lanes: number, seed: number): Promise<Result> {
  const reply = () => good;
  const server = await startFaultyModel({
    capacity: CAPACITY,
    latencyMs: LATENCY_MS,
    faultRate: FAULTS,
    seed,
    reply,
  });
  const workers = Array.from({ length: WORKERS }, (_, n) =>
    createGates(store.endpoints, { owner: `${name} ${n}`, log: () => {}, reportMs: 50, pace: scaled }),
  );
  const config = { baseURL: server.baseURL, model: name, timeoutMs: 400, backoffMs: 50, attempts: 20 };
  const policy = (gates: Gates) =>
    openai.connect(settingsOf(openai, config, name), null, shared ? gates : undefined);
  const policies = workers.map(({ gates }) => policy(gates));
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const result = await work(policies, lanes, stop.signal);
  for (const worker of workers) await worker.close();
  await server.close();
  const { replies, refused, broken } = server.counts;
  return {
    rate: result.acted / SECONDS,
    perReply: (replies + refused + broken) / replies,
    errored: result.errored,
    peak: server.peak(),
  };
}

async function work(policies: Policy[], lanes: number, signal: AbortSignal) {
  const until = performance.now() + SECONDS * 1000;
  const result = { acted: 0, errored: 0 };
  const lane = async (policy: Policy, number: number) => {
    for (let seed = number * 1_000_000; performance.now() < until; seed++) {
      const turn = {
        conversation: { driverId: "webshop", instruction: "Find me wool mittens", opening: [] },
        history: [],
        observation: { text: "WebShop [SEP] Search", actions: null },
        seed,
        affinity: "",
        signal,
      };
      const acted = await policy.act(turn).then(
        () => true,
        () => false,
      );
      result[acted ? "acted" : "errored"] += 1;
    }
  };
  await Promise.all(
    policies.flatMap((policy, at) =>
      Array.from({ length: lanes / policies.length }, (_, n) => lane(policy, at * lanes + n)),
    ),
  );
  return result;
}

const shown = ({ rate, perReply, errored, peak }: Result) =>
  `${rate.toFixed(0)} replies/s, ${perReply.toFixed(2)} requests per reply, ${errored} given up, at most ${peak} at once`;

const ROUNDS = 3;
const ratios: number[] = [];
let errored = 0;
// Each round measures both, so that a machine busy with something else slows both.
for (let round = 1; round <= ROUNDS; round++) {
  let best = 0;
  for (const fixed of [20, 40, 50, 60]) {
    const result = await measure(`fixed ${fixed} ${round}`, false, fixed, round);
    console.log(`fixed at ${fixed}: ${shown(result)}`);
    best = Math.max(best, result.rate);
  }
  const name = `adaptive ${round}`;
  const adaptive = await measure(name, true, LANES, round);
  console.log(`adaptive: ${shown(adaptive)}`);
  const row = (await store.endpoints.list()).find(({ model }) => model === name);
  const changes = row ? await store.endpoints.changes(row.endpointId, 100) : [];
  const limits = changes.map(({ limit }) => limit).reverse();
  console.log(`its limit: ${limits.join(" ")}`);
  errored += adaptive.errored;
  ratios.push(adaptive.rate / best);
}
const ratio = ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
const all = ratios.map((each) => each.toFixed(2)).join(", ");
console.log(`adaptive / best fixed: ${all}; median ${ratio.toFixed(2)} (goal 0.85)`);
await reports();
await store.close();
if (ratio < 0.85 || errored > 0) process.exitCode = 1;

/** What sharing the limit costs: the time of one report, which covers all calls since the last. */
async function reports(): Promise<void> {
  const endpoint = { baseURL: "http://h/v1", model: "cost" };
  const limits = { start: 20, min: 10, max: 100 };
  const tally = { answered: 5, refused: 0, broken: 0, streak: 0, retryAfterMs: 0 };
  const report = {
    endpoint,
    limits,
    pace: DEFAULT_PACE,
    owner: "one",
    tally,
    inUse: 5,
    want: 20,
    leaseMs: 15_000,
  };
  await store.endpoints.sync(report);
  const began = performance.now();
  for (let n = 0; n < 200; n++) await store.endpoints.sync(report);
  const ms = (performance.now() - began) / 200;
  const share = (ms * 4) / 1000;
  console.log(
    `one report: ${ms.toFixed(1)} ms; four per second and worker: ${(share * 100).toFixed(1)} % of one connection`,
  );
}
