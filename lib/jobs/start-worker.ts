import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { AppError } from "@/lib/core/errors";
import { createStore } from "@/lib/store/store";
import { createConnections, type Registries } from "./connections";
import { createGates } from "./endpoint-gates";
import { jobKey, jobNames, mostAtOnce, type JobName, type JobPayload } from "./definitions";
import { handlers, type WorkDeps } from "./handlers/registry";
import { createCollectionLeases, createLeases } from "./leases";
import { oneLine } from "./log";
import { createQueue } from "./queue";
import { sweep } from "./sweep";

export type WorkerOptions = Registries & {
  databaseUrl: string;
  /** Jobs of one kind worked on at once. */
  concurrency: number;
  /** How long a rollout stays this worker's without word from it. */
  leaseMs: number;
  /** How often lost work is looked for. */
  sweepMs: number;
  log: (line: string) => void;
};

export type Worker = {
  /** Takes no more work, gives back what it has in hand, and lets go of the database. */
  stop(): Promise<void>;
};

/** Long enough for a write in hand; a supervisor waits a little longer before it kills. */
const PATIENCE_MS = 3000;

/** Takes jobs from the queue until it is stopped. Any number of workers may run, on any number of machines. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { databaseUrl, concurrency, leaseMs, log } = options;
  const owner = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`;
  const store = createStore(databaseUrl);
  const queue = createQueue(databaseUrl, "worker", (error) =>
    log(`error: the job queue: ${oneLine(error.message)}`),
  );
  const endpoints = createGates(store.endpoints, { owner, log });
  const connections = createConnections(store, options, endpoints.gates);
  const leases = createLeases(store, { owner, leaseMs, log });
  const collectionLeases = createCollectionLeases(store, { owner, leaseMs, log });
  const deps: WorkDeps = { store, connections, leases, collectionLeases, queue, owner, leaseMs, log };
  const shutdown = new AbortController();
  const active = new Map<string, Promise<void>>();

  async function handle<Name extends JobName>(name: Name, payload: JobPayload<Name>, signal: AbortSignal) {
    const key = jobKey(name, payload);
    if (active.has(key)) return;
    const work = handlers[name](deps, payload, AbortSignal.any([signal, shutdown.signal]));
    active.set(key, work);
    try {
      await work;
    } catch (error) {
      log(`error: ${key}: ${describe(error)}`);
      throw error;
    } finally {
      active.delete(key);
    }
  }

  for (const name of jobNames) {
    const atOnce = Math.min(concurrency, mostAtOnce[name] ?? concurrency);
    await queue.work(name, atOnce, (payload, signal) => handle(name, payload, signal));
  }
  const sweeping = repeat(options.sweepMs, async () => {
    const reaped = await sweep({ store, queue }, (job) => active.has(job)).catch((error: unknown) =>
      log(`error: sweep: ${describe(error)}`),
    );
    if (reaped) log(`took back ${reaped} trajectories and episodes whose worker is gone`);
  });
  log(`worker ${owner} takes ${concurrency} jobs of each kind at once`);
  return {
    async stop() {
      log(`worker ${owner} is stopping; ${active.size} jobs in hand`);
      shutdown.abort();
      await sweeping.stop();
      await Promise.race([Promise.allSettled(active.values()), pause(PATIENCE_MS)]);
      leases.stop();
      collectionLeases.stop();
      await queue.close();
      await connections.close();
      await endpoints.close();
      await store.close();
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Does something at once and then again and again, never twice at the same time. */
function repeat(everyMs: number, work: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let current: Promise<void>;
  const turn = () => {
    current = work().finally(() => {
      if (!stopped) timer = setTimeout(turn, everyMs);
    });
  };
  turn();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

function describe(error: unknown): string {
  if (error instanceof AppError) return oneLine(`${error.code}: ${error.message}`);
  return oneLine(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
