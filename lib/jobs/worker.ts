import { z } from "zod";
import { env } from "@/lib/config/env";
import { AppError } from "@/lib/core/errors";
import { environments } from "@/lib/environments/registry";
import { policies } from "@/lib/policies/registry";
import { startWorker } from "./start-worker";

const whole = (least: number, usual: number) =>
  z.preprocess((text) => (text === "" ? undefined : text), z.coerce.number().int().min(least).default(usual));

const Settings = z.object({
  /** Trajectories worked on at once; a worker has as many rollouts in hand as their policy takes calls. */
  GLEANER_CONCURRENCY: whole(1, 16),
  /** How long a rollout stays a worker's without word from it. */
  GLEANER_LEASE_MS: whole(300, 30_000),
  /** How often work is looked for that lost its worker. */
  GLEANER_SWEEP_MS: whole(100, 5000),
});

/** A supervisor takes a worker that is still there by now for stuck. */
const LATEST_MS = 5000;

async function main(): Promise<void> {
  const settings = Settings.parse(process.env);
  const worker = await startWorker({
    databaseUrl: env().DATABASE_URL,
    environments,
    policies,
    concurrency: settings.GLEANER_CONCURRENCY,
    leaseMs: settings.GLEANER_LEASE_MS,
    sweepMs: settings.GLEANER_SWEEP_MS,
    log: (line) => console.log(`${new Date().toISOString()} ${line}`),
  });
  const stop = () => {
    setTimeout(() => process.exit(1), LATEST_MS).unref();
    worker.stop().then(() => process.exit(0), fail);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

function fail(error: unknown): never {
  const message =
    error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
  console.error(`error: the worker stopped: ${String(message)}`);
  if (error instanceof AppError && error.fix) console.error(`fix:   ${error.fix}`);
  process.exit(1);
}

main().catch(fail);
