import { PgBoss, type QueueOptions } from "pg-boss";
import { jobKeys, jobNames, payloads, type JobName, type JobPayload, type JobQueue } from "./definitions";

/** Does one job; it may be called twice for the same payload. The signal fires when the queue gives the job up. */
export type Work<Name extends JobName> = (payload: JobPayload<Name>, signal: AbortSignal) => Promise<void>;

/** The queue as a worker sees it. */
export interface WorkerQueue extends JobQueue {
  /** Takes jobs of one kind, at most `concurrency` at once. */
  work<Name extends JobName>(name: Name, concurrency: number, work: Work<Name>): Promise<void>;
  /** Stops taking jobs and lets go of the database; jobs still running after `timeoutMs` run again elsewhere. */
  close(timeoutMs?: number): Promise<void>;
}

/**
 * The rows own the truth and the sweep asks again for whatever lost its job, so that the queue's own retries only have
 * to cover the moment between a trajectory's last rollout and its summary.
 */
const delivery = {
  heartbeatSeconds: 15,
  expireInSeconds: 23 * 3600,
  retryLimit: 5,
  retryDelay: 5,
  retryBackoff: true,
  deleteAfterSeconds: 3600,
} satisfies QueueOptions;

/** So many look for work twice a second when there is none; the others need not. */
const QUICK_SLOTS = 4;

const ownSettings = {
  web: { supervise: false, schedule: false, max: 2 },
  worker: {
    supervise: true,
    schedule: false,
    superviseIntervalSeconds: 10,
    monitorIntervalSeconds: 10,
    max: 4,
  },
} as const;

/**
 * The queue, kept in the same Postgres under a schema of its own. Nothing is opened before the first use.
 * @param role a `web` process only hands jobs out; a `worker` also takes them and looks after the queue
 */
export function createQueue(
  databaseUrl: string,
  role: keyof typeof ownSettings,
  onError: (error: Error) => void = (error) => console.error(`error: the job queue: ${error.message}`),
): WorkerQueue {
  let started: Promise<PgBoss> | null = null;
  let closing = false;
  // A job abandoned at the end cannot report its outcome any more; it runs again elsewhere.
  const report = (error: Error) => void (closing || onError(error));
  const start = () => {
    started ??= open(databaseUrl, role, report).catch((error: unknown) => {
      started = null;
      throw error;
    });
    return started;
  };
  return {
    async send(name, payload, haste) {
      const boss = await start();
      const key = jobKeys[name](payload);
      const place = haste ? { singletonKey: `${key} ${haste}`, priority: 1 } : { singletonKey: key };
      await boss.send(name, payloads[name].parse(payload), place);
    },
    async work(name, concurrency, work) {
      const boss = await start();
      const slots = Array.from({ length: concurrency }, (_, slot) => (slot < QUICK_SLOTS ? 0.5 : 2));
      const idle = new Set<string>();
      await Promise.all(slots.map((pollSeconds) => takeJobs(boss, name, work, { pollSeconds, idle })));
    },
    async close(timeoutMs = 1000) {
      if (!started) return;
      closing = true;
      const boss = await started;
      started = null;
      await boss.stop({ graceful: true, timeout: timeoutMs });
    },
  };
}

async function open(
  connectionString: string,
  role: keyof typeof ownSettings,
  onError: (error: Error) => void,
): Promise<PgBoss> {
  const boss = new PgBoss({ connectionString, ...ownSettings[role] });
  boss.on("error", onError);
  await boss.start();
  // `short`: one waiting job per key. A dead worker's job does not keep a new one from being sent.
  for (const name of jobNames) await boss.createQueue(name, { policy: "short", ...delivery });
  return boss;
}

type Slot = {
  /** Between two looks when there is nothing to do. */
  pollSeconds: number;
  /** Those of the same kind of job that have nothing to do. */
  idle: Set<string>;
};

/** Where there was one job there may be more: who gets one wakes one that has none, and looks again once it is done. */
async function takeJobs<Name extends JobName>(
  boss: PgBoss,
  name: Name,
  work: Work<Name>,
  { pollSeconds, idle }: Slot,
): Promise<void> {
  const options = { batchSize: 1, pollingIntervalSeconds: pollSeconds } as const;
  const workerId: string = await boss.work<JobPayload<Name>>(name, options, async ([job]) => {
    if (!job) return;
    idle.delete(workerId);
    const [next] = idle;
    if (next !== undefined) boss.notifyWorker(next);
    try {
      await work(job.data, job.signal);
    } finally {
      idle.add(workerId);
      boss.notifyWorker(workerId);
    }
  });
  idle.add(workerId);
}
