import pg from "pg";
import type { Policy } from "@/lib/core/ports";
import type { RunConfig } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import { createConnections } from "@/lib/jobs/connections";
import type { JobName, JobPayload } from "@/lib/jobs/definitions";
import { mineTrajectory, type MiningDeps } from "@/lib/jobs/handlers/mine-trajectory";
import { createLanes } from "@/lib/jobs/lanes";
import { createLeases } from "@/lib/jobs/leases";
import { sweep } from "@/lib/jobs/sweep";
import { createStore } from "@/lib/store/store";
import { cancelRun } from "@/lib/usecases/runs";
import { bestAction, corridor, corridorActions, policyDriver, policyOf, recordExpert } from "./corridor";
import { doom, pardon, type Death, type Doom } from "./crash-point";
import { planCorridors, rolloutsOf, type Planned } from "./mining";
import { brokenRules } from "./store";

/**
 * Small runs that are mined by a worker which dies at a statement of its choice, and ended by one that does not. The
 * worker does in this process what a worker process does, one thing after the other, so that its statements have a fixed
 * order; the queue is a list, because whoever dies loses what it was sent either way.
 */
export type Scenario = {
  name: string;
  settings: Partial<RunConfig>;
  maxCalls: number | null;
  /** After how many model calls a person cancels the run, through the same doomed connection; null never. */
  cancelAfter: number | null;
};

const failures = [recordExpert("S.G", ["right", "leave"]), recordExpert("So.G", ["left", "right", "leave"])];
const careful = {
  preset: "careful",
  careful: {
    test: { low: 0.2, high: 0.6, falseAccept: 0.3, falseReject: 0.3 },
    confirm: 0.6,
    retries: 1,
    least: 1,
    every: 1,
    most: 2,
    budget: 4,
  },
} as const;

export const scenarios: Scenario[] = [
  { name: "uniform", settings: { states: 1, maxSteps: 3 }, maxCalls: null, cancelAfter: null },
  {
    name: "careful, with a budget it keeps to",
    settings: { states: 1, maxSteps: 3, ...careful },
    maxCalls: 1000,
    cancelAfter: null,
  },
  {
    name: "ended by its budget",
    settings: { states: 1, maxSteps: 3, attempts: 2 },
    maxCalls: 8,
    cancelAfter: null,
  },
  { name: "cancelled", settings: { states: 1, maxSteps: 3, attempts: 2 }, maxCalls: null, cancelAfter: 4 },
];

/** Knows the way two times in three, by the seed and nothing else: the same rollout always goes the same way. */
const choose = (seed: number, text: string) =>
  seed % 3 === 0 ? (corridorActions[seed % 5] ?? "left") : bestAction(text);

/** Long enough that no lease is renewed by the clock: the worker renews with every call instead. */
const LEASE_MS = 600_000;

type Outcome = { state: string; verdicts: string; calls: number };

export type Crash = {
  /** The statement at which the first worker died; null when it had none so late. */
  statement: string | null;
  /** Everything that should be otherwise. */
  wrong: string[];
  repeated: number;
};

/** Mines runs of one scenario on a database of their own, one after the other. */
export async function openCrashes(url: string, scenario: Scenario) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const store = createStore(url);
  let round = 0;

  const startRun = async (): Promise<Planned> => {
    const planned = await planCorridors(
      store,
      failures,
      { kind: "test", checkpoint: "wavering@1" },
      scenario.settings,
    );
    if (scenario.maxCalls !== null)
      await store.runs.setBudget(planned.runId, {
        maxCalls: scenario.maxCalls,
        maxTokens: null,
        maxCost: null,
      });
    return planned;
  };

  /** One worker from its start to its end or death. */
  async function work(planned: Planned, death: Death | null, calls: number[]): Promise<Doom> {
    const name = `worker-${(round += 1)}`;
    const own = new URL(url);
    own.searchParams.set("application_name", name);
    const doomed = doom(name, death);
    const mine = createStore(own.href);
    const { deps, stop } = workerOf(mine, name, planned, {
      calls,
      doomed,
      cancelAfter: scenario.cancelAfter,
    });
    try {
      await workOff(deps, stop.signal);
    } catch (error) {
      if (!doomed.dead) throw error;
    } finally {
      deps.leases.stop();
      await mine.close().catch(() => undefined);
      pardon(name);
    }
    return doomed;
  }

  async function outcome({ runId, trajectoryIds }: Planned, calls: number): Promise<Outcome> {
    const { rows } = await rolloutsOf(store, { runId, trajectoryIds });
    const facts = await store.facts(runId, trajectoryIds);
    const rollouts = rows.map((r) => [
      ...[trajectoryIds.indexOf(r.trajectoryId), r.stateIndex, r.attempt],
      ...[r.status, r.success, r.stepCount],
    ]);
    const entries = trajectoryIds.map((id) => {
      const entry = facts.get(id)?.entry;
      return entry && { ...entry, runId: 0, trajectoryId: 0 };
    });
    const { state } = await store.runs.get(runId);
    return { state, verdicts: JSON.stringify([rollouts.map(String).sort(), entries]), calls };
  }

  const rules = () => brokenRules(async (sql) => (await client.query(sql)).rows);
  const expire = (runId: number) =>
    client.query(
      "update rollout set lease_until = now() - interval '1 second' where run_id = $1 and status = 'running'",
      [runId],
    );

  /** Nothing happens to this one, so it needs no connections of its own. */
  async function rescuer(planned: Planned, calls: number[]): Promise<void> {
    const life: Life = { calls, doomed: immortal, cancelAfter: null };
    const { deps, stop } = workerOf(store, `rescuer-${(round += 1)}`, planned, life);
    try {
      await workOff(deps, stop.signal);
    } finally {
      deps.leases.stop();
    }
  }

  /** A worker that comes when the first is gone for long, and a person who resumes what was cancelled. */
  async function rescue(planned: Planned, calls: number[]): Promise<string[]> {
    const { runId } = planned;
    await expire(runId);
    await rescuer(planned, calls);
    const { state } = await store.runs.get(runId);
    if (scenario.cancelAfter === null) return [];
    if (state === "done") return [];
    if (state !== "cancelled") return [`the run is ${state} for good`];
    await store.runs.requeue(runId, ["cancelled"]);
    await rescuer(planned, calls);
    return [];
  }

  async function undisturbed(): Promise<{ outcome: Outcome; statements: string[] }> {
    const planned = await startRun();
    const calls: number[] = [];
    const { statements } = await work(planned, null, calls);
    await rescue(planned, calls);
    return { outcome: await outcome(planned, calls.length), statements };
  }

  async function crash(death: Death, expected: Outcome): Promise<Crash> {
    const planned = await startRun();
    const calls: number[] = [];
    const doomed = await work(planned, death, calls);
    const wrong: string[] = [];
    for (const [rule, rows] of Object.entries(await rules()))
      wrong.push(`right after it: ${rule} ${JSON.stringify(rows)}`);
    const { rollouts } = await rolloutsOf(store, planned);
    const inFlight = calls.length - rollouts.reduce((sum, r) => sum + r.steps.length, 0);
    wrong.push(...(await rescue(planned, calls)));
    for (const [rule, rows] of Object.entries(await rules()))
      wrong.push(`in the end: ${rule} ${JSON.stringify(rows)}`);
    const found = await outcome(planned, calls.length);
    const repeated = calls.length - new Set(calls).size;
    if (found.state !== "done") wrong.push(`the run is ${found.state}`);
    if (repeated > inFlight || inFlight > 1)
      wrong.push(`${repeated} calls repeated, ${inFlight} in flight when it died`);
    if (scenario.name.startsWith("ended")) {
      const { callsCommitted, endReason } = await store.runs.ledger(planned.runId);
      if (endReason !== "call_budget") wrong.push(`ended by ${endReason}`);
      if (calls.length > callsCommitted || callsCommitted > (scenario.maxCalls ?? 0))
        wrong.push(`${calls.length} calls made, ${callsCommitted} counted`);
    } else if (found.verdicts !== expected.verdicts) wrong.push(`other verdicts: ${found.verdicts}`);
    return { statement: doomed.dead ? (doomed.statements[death.at] ?? null) : null, wrong, repeated };
  }

  return {
    undisturbed,
    crash,
    async close() {
      await store.close();
      await client.end();
    },
  };
}

const immortal: Doom = { statements: [], dead: false };

type Life = { calls: number[]; doomed: Doom; cancelAfter: number | null };

function workerOf(store: Store, owner: string, planned: Planned, { calls, doomed, cancelAfter }: Life) {
  const stop = new AbortController();
  const inHand: number[] = [];
  const policy: Policy = policyOf("wavering@1", async ({ seed, observation }) => {
    if (doomed.dead) throw new Error("the process is gone");
    calls.push(seed);
    await store.rollouts.renew(owner, LEASE_MS, inHand);
    if (calls.length === cancelAfter) {
      await cancelRun({ store }, planned.runId);
      stop.abort();
    }
    return choose(seed, observation.text);
  });
  const log = () => undefined;
  const drivers = { environments: { corridor }, policies: { test: policyDriver("test", () => policy) } };
  const oneAtATime = createLanes(1);
  const claim: Store["rollouts"]["claim"] = async (...by) => {
    const claimed = await store.rollouts.claim(...by);
    inHand.splice(0, 1, ...(claimed ? [claimed.rolloutId] : []));
    return claimed;
  };
  const deps: MiningDeps = {
    store: { ...store, rollouts: { ...store.rollouts, claim } },
    connections: { ...createConnections(store, drivers), lanes: () => oneAtATime },
    leases: createLeases(store, { owner, leaseMs: LEASE_MS, log }),
    owner,
    leaseMs: LEASE_MS,
    log,
  };
  return { deps, stop };
}

/** Does whatever the sweep finds, until it finds nothing more. */
async function workOff(deps: MiningDeps, signal: AbortSignal): Promise<void> {
  for (;;) {
    const jobs: JobPayload<"mine-trajectory">[] = [];
    const send = async <Name extends JobName>(_: Name, payload: JobPayload<Name>) => {
      if ("trajectoryId" in payload) jobs.push(payload);
    };
    await sweep({ store: deps.store, queue: { send } }, () => false);
    if (jobs.length === 0 || signal.aborted) return;
    for (const job of jobs) await mineTrajectory(deps, job, signal);
  }
}

/** Before and after every n-th statement and the first of each kind not `seen` yet; a stride of 1 is all of them. */
export function pointsOf(statements: string[], stride: number, seen = new Set<string>()): Death[] {
  return statements.flatMap((text, at) => {
    const isNew = !seen.has(text);
    seen.add(text);
    if (at % stride !== 0 && !isNew) return [];
    return [
      { at, when: "before" as const },
      { at, when: "after" as const },
    ];
  });
}
