import { createConnections } from "@/lib/jobs/connections";
import { mineTrajectory, type MiningDeps } from "@/lib/jobs/handlers/mine-trajectory";
import { createLanes } from "@/lib/jobs/lanes";
import { createLeases, type Leases } from "@/lib/jobs/leases";
import { createStore } from "@/lib/store/store";
import type { MinedFacts } from "@/lib/core/rows";
import type { Policy } from "@/lib/core/ports";
import { nextProbes } from "@/lib/core/planner";
import { paperRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { corridor, policyDriver, recordExpert } from "./corridor";
import { createTestDatabase } from "./database";

/** Three failures: one that wanders off and is solvable throughout, one that needs the expert, one that falls in a pit. */
export const wanderers = [
  recordExpert("S.K.G", ["right", "right", "take", "right", "left", "left", "left", "leave"]),
  recordExpert("S......KG", ["right", "right", "right", "right", "left", "right", "right", "leave"]),
  recordExpert("So.G", ["left", "right", "right", "leave"]),
];

export type Planned = { runId: number; trajectoryIds: number[] };
type Settings = Partial<RunConfig> & { environment?: object };

/** A run over the given failures, planned and not started. */
export async function planCorridors(
  store: Store,
  drafts: TrajectoryDraft[],
  policy: { kind: string; config?: unknown; checkpoint: string },
  settings: Settings = {},
): Promise<Planned> {
  const { environment = {}, ...config } = settings;
  const person = await store.people.ensure("Ada");
  await store.environments.put(
    {
      name: "corridor",
      driver: "corridor",
      config: environment,
      fingerprint: null,
      successThreshold: 1,
    },
    null,
  );
  const { policyId } = await store.policies.put({
    name: policy.kind,
    kind: policy.kind,
    config: policy.config ?? {},
  });
  const { trajectoryIds } = await store.trajectories.add(drafts, null);
  const run = await store.runs.create({
    name: "corridors",
    origin: "mined",
    policyId,
    checkpoint: policy.checkpoint,
    config: RunConfig.parse({ states: 50, maxSteps: 6, ...config }),
    ...paperRule,
    personId: person.personId,
  });
  await store.runs.plan(
    run.runId,
    trajectoryIds.map((trajectoryId, i) => ({
      trajectoryId,
      probes: firstProbes(drafts[i]?.steps.length ?? 1, run.config),
    })),
  );
  return { runId: run.runId, trajectoryIds };
}

function firstProbes(length: number, config: RunConfig) {
  const next = nextProbes(length, config, []);
  return next.state === "probe" ? next.probes : [];
}

/** A signal that never fires. */
export const running = new AbortController().signal;

/** A database of one's own, and workers in this process. */
export async function openMining() {
  const database = await createTestDatabase();
  const store = createStore(database.url);
  const renewals: Leases[] = [];

  /** What a worker process holds; `silence` stops its lease renewal, as if the process were frozen. */
  function miner(policy: Policy, change: Partial<{ owner: string; leaseMs: number }> = {}) {
    const { owner = "here", leaseMs = 30_000 } = change;
    const oneAtATime = createLanes(1);
    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const drivers = { environments: { corridor }, policies: { test: policyDriver("test", () => policy) } };
    const leases = createLeases(store, { owner, leaseMs, log });
    renewals.push(leases);
    const deps: MiningDeps = {
      store,
      connections: { ...createConnections(store, drivers), lanes: () => oneAtATime },
      leases,
      owner,
      leaseMs,
      log,
    };
    return { deps, lines, silence: () => leases.stop() };
  }

  return {
    store,
    miner,
    plan: (drafts: TrajectoryDraft[], checkpoint: string, settings?: Settings) =>
      planCorridors(store, drafts, { kind: "test", checkpoint }, settings),
    async mineAll(deps: MiningDeps, { runId, trajectoryIds }: Planned): Promise<void> {
      for (const trajectoryId of trajectoryIds) await mineTrajectory(deps, { runId, trajectoryId }, running);
    },
    /** Everything known of one of the run's trajectories. */
    async factsOf({ runId, trajectoryIds }: Planned, at = 0): Promise<MinedFacts> {
      const trajectoryId = trajectoryIds[at] ?? -1;
      const facts = (await store.facts(runId, [trajectoryId])).get(trajectoryId);
      if (!facts) throw new Error(`run ${runId} does not know trajectory ${trajectoryId}`);
      return facts;
    },
    async close(): Promise<void> {
      for (const leases of renewals) leases.stop();
      await store.close();
      await database.drop();
    },
  };
}
export type Mining = Awaited<ReturnType<typeof openMining>>;

/** What can be said of every rollout of a run once it is over, whatever happened to its workers. */
export async function rolloutsOf(store: Store, { runId, trajectoryIds }: Planned) {
  const lists = await Promise.all(trajectoryIds.map((id) => store.rollouts.list(runId, id)));
  const rows = lists.flat();
  return { rows, rollouts: await store.rollouts.getMany(rows.map((r) => r.rolloutId)) };
}
