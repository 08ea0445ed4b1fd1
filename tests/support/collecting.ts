import { expect } from "vitest";
import type { EnvironmentDriver, PolicyDriver } from "@/lib/core/ports";
import { environments } from "@/lib/environments/registry";
import { collectHere } from "@/lib/jobs/collect-here";
import { createQueue } from "@/lib/jobs/queue";
import { startWorker, type Worker } from "@/lib/jobs/start-worker";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import { CollectionInput, startCollection } from "@/lib/usecases/collections";
import type { Deps } from "@/lib/usecases/deps";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { Filter } from "@/lib/usecases/selection";
import { createTestDatabase } from "./database";

const never = new AbortController().signal;

/** Starts a collection and plays it here to its end. */
export async function collect(deps: Deps, personId: number, input: CollectionInput): Promise<number> {
  const { collectionId } = await startCollection(deps, personId, CollectionInput.parse(input));
  await collectHere(deps, collectionId, never, () => {});
  return collectionId;
}

export type Drivers = {
  environments: Record<string, EnvironmentDriver>;
  policies: Record<string, PolicyDriver>;
};

/** A database with failures of the built-in expert in the built-in shop, to be mined in this process. */
export async function openFailures(count: number) {
  const database = await createTestDatabase();
  const store = createStore(database.url);
  const deps: Deps = { store, queue: { send: () => Promise.resolve() }, environments, policies };
  const { personId } = await store.people.ensure("ada");
  const { policyId } = await putPolicy(deps, { name: "expert", kind: "shopper-strong", config: {} });
  const about = { name: "shop", driver: "webshop", config: { catalogue: { kind: "built-in" } } };
  const { environmentId } = await putEnvironment(deps, about);
  await collect(deps, personId, { environmentId, policyId, choice: { count } });
  return {
    store,
    deps,
    personId,
    selection: { filter: Filter.parse({ source: "expert", success: false, environmentId }) },
    async close(): Promise<void> {
      await store.close();
      await database.drop();
    },
  };
}
export type Failures = Awaited<ReturnType<typeof openFailures>>;

/** A database with the built-in shop and its expert in it, and workers in this process. */
export async function openCollecting() {
  const database = await createTestDatabase();
  const store = createStore(database.url);
  const queue = createQueue(database.url, "web");
  const deps: Deps = { store, queue, environments, policies };
  const { personId } = await store.people.ensure("Ada");
  const about = { name: "shop", driver: "webshop", config: { catalogue: { kind: "built-in" } } };
  const { environmentId: shop } = await putEnvironment(deps, about);
  const { policyId: expert } = await putPolicy(deps, { name: "expert", kind: "shopper-strong", config: {} });
  const workers: Worker[] = [];
  return {
    store,
    deps,
    url: database.url,
    personId,
    shop,
    expert,
    /** Starts a worker. @returns what it logs */
    async work({ environments, policies }: Drivers = deps): Promise<string[]> {
      const lines: string[] = [];
      const log = (line: string) => void lines.push(line);
      const settings = { concurrency: 4, leaseMs: 900, sweepMs: 200, log };
      workers.push(await startWorker({ databaseUrl: database.url, environments, policies, ...settings }));
      return lines;
    },
    async rest(): Promise<void> {
      await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    },
    /** Starts a collection for workers to play, in the shop unless told otherwise. */
    async start(input: Omit<CollectionInput, "environmentId"> & { environmentId?: number }, own = deps) {
      const whole = CollectionInput.parse({ environmentId: shop, ...input });
      return (await startCollection(own, personId, whole)).collectionId;
    },
    async ended(collectionId: number): Promise<void> {
      const finishedAt = async () => (await store.collections.get(collectionId)).finishedAt;
      await expect.poll(finishedAt, { timeout: 40_000, interval: 50 }).not.toBeNull();
    },
    async trajectoriesOf(collectionId: number) {
      const { rows } = await store.collections.episodes(collectionId, null, 1000);
      const ids = rows.flatMap(({ trajectoryId }) => trajectoryId ?? []);
      return Promise.all(ids.map((id) => store.trajectories.get(id)));
    },
    async close(): Promise<void> {
      await queue.close();
      await store.close();
      await database.drop();
    },
  };
}
export type Collecting = Awaited<ReturnType<typeof openCollecting>>;
