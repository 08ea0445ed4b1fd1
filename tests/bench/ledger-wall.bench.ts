// npm run bench -- ledger-wall [trajectories]
import { setTimeout as pause } from "node:timers/promises";
import type { Policy, PolicyDriver } from "@/lib/core/ports";
import type { Probe } from "@/lib/core/plan";
import { runProbe } from "@/lib/core/probe";
import { createQueue } from "@/lib/jobs/queue";
import { createSlots } from "@/lib/jobs/slots";
import { startWorker } from "@/lib/jobs/start-worker";
import { createStore } from "@/lib/store/store";
import { corridor, corridorEnvironment, policyDriver, policyOf, recordExpert } from "../support/corridor";
import { planCorridors, running } from "../support/mining";
import { judge, median, row } from "../support/ratios";

/**
 * How long a run takes through a worker, its queue and its database, against the same rollouts played by a loop in memory:
 * the same environment, the same policy, which thinks for 0.8 s, as many calls at once. Long enough that the first and the last second, when not all lanes are busy, do not decide.
 */
const TRAJECTORIES = Number(process.argv[2] ?? 180);
const THINKS_MS = 800;
const AT_ONCE = 100;
const STATES = 10;
const STEPS = 6;
const ROUNDS = 3;

const url = process.env.DATABASE_URL ?? "";
const store = createStore(url);

const asked = { now: 0, peak: 0, calls: 0 };
const policy: Policy = {
  ...policyOf("thinking@1", async ({ history }) => {
    asked.now += 1;
    asked.calls += 1;
    asked.peak = Math.max(asked.peak, asked.now);
    await pause(THINKS_MS);
    asked.now -= 1;
    return history.length % 2 === 0 ? "right" : "left";
  }),
  callsAtOnce: AT_ONCE,
};
const policies: Record<string, PolicyDriver> = { test: policyDriver("test", () => policy) };

/** Experts that walk to and fro and give up, in corridors that nobody walks to the end of in so few steps. */
const mapOf = (n: number) => `S${".".repeat(20 + n)}G`;
const walk = Array.from({ length: 2 * STATES }, (_, i) => (i % 2 === 0 ? "right" : "left"));
let used = 0;
const drafts = () =>
  Array.from({ length: TRAJECTORIES }, () => recordExpert(mapOf(used++), [...walk, "leave"]));

/** @returns seconds from the first job to the end of the run */
async function product(): Promise<number> {
  const lines: string[] = [];
  const worker = await startWorker({
    databaseUrl: url,
    environments: { corridor },
    policies,
    concurrency: 16,
    leaseMs: 30_000,
    sweepMs: 5000,
    log: (line) => lines.push(line),
  });
  const queue = createQueue(url, "web");
  const kind = { kind: "test", checkpoint: policy.checkpoint };
  const settings = { states: STATES - 1, maxSteps: STEPS, attempts: 1 };
  const { runId, trajectoryIds } = await planCorridors(store, drafts(), kind, settings);
  const began = performance.now();
  for (const trajectoryId of trajectoryIds) await queue.send("mine-trajectory", { runId, trajectoryId });
  while ((await store.runs.get(runId)).state !== "done") await pause(50);
  const seconds = (performance.now() - began) / 1000;
  const { completed } = (await store.runs.progress(runId)).rollouts;
  await worker.stop();
  await queue.close();
  if (completed !== TRAJECTORIES * STATES)
    throw new Error(`${completed} rollouts completed: ${lines.at(-1)}`);
  return seconds;
}

/** @returns seconds of the same rollouts without anything stored */
async function inMemory(): Promise<number> {
  const environment = corridorEnvironment();
  const slots = createSlots(AT_ONCE);
  const recorder = { startCall: () => Promise.resolve(true), recordStep: () => Promise.resolve(true) };
  const roll = (draft: ReturnType<typeof recordExpert>, probe: Probe) =>
    runProbe({
      environment,
      policy,
      conversation: { driverId: "corridor", instruction: draft.instruction, opening: [] },
      subtaskKey: draft.subtaskKey,
      expertSteps: draft.steps,
      probe,
      maxSteps: STEPS,
      successThreshold: 1,
      seed: () => 0,
      recorded: [],
      recorder,
      signal: running,
    });
  const began = performance.now();
  await Promise.all(
    drafts().flatMap((draft) =>
      Array.from({ length: STATES }, (_, n) => slots(() => roll(draft, { stateIndex: 2 * n, attempt: 0 }))),
    ),
  );
  return (performance.now() - began) / 1000;
}

async function measured(play: () => Promise<number>) {
  Object.assign(asked, { now: 0, peak: 0, calls: 0 });
  const seconds = await play();
  return { seconds, calls: asked.calls, peak: asked.peak };
}

const ratios: number[] = [];
console.log(
  `${TRAJECTORIES * STATES} rollouts of ${STEPS} calls of ${THINKS_MS} ms, at most ${AT_ONCE} at once`,
);
row("", "product", "in memory", "ratio", "most at once");
for (let round = 1; round <= ROUNDS; round++) {
  const [loop, mined] = [await measured(inMemory), await measured(product)];
  if (mined.calls !== loop.calls) throw new Error(`${mined.calls} calls were made, not ${loop.calls}`);
  ratios.push(mined.seconds / loop.seconds);
  row(
    `round ${round}`,
    `${mined.seconds.toFixed(1)} s`,
    `${loop.seconds.toFixed(1)} s`,
    (mined.seconds / loop.seconds).toFixed(3),
    `${mined.peak}, ${loop.peak}`,
  );
}
judge("wall clock against the loop in memory, median", median(ratios), { most: 1.05 });
await store.close();
