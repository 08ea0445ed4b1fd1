import { z } from "zod";
import { environments } from "@/lib/environments/registry";
import { policies } from "@/lib/policies/registry";
import { startWorker } from "./start-worker";

const Settings = z.object({
  DATABASE_URL: z.string({ error: "DATABASE_URL is not set: npm run worker sets it" }).min(1),
  GLEANER_CONCURRENCY: z.coerce.number().int().min(1).max(64).default(4),
  GLEANER_LEASE_MS: z.coerce.number().int().min(300).default(30_000),
  GLEANER_SWEEP_MS: z.coerce.number().int().min(100).default(5000),
});

/** A supervisor takes a worker that is still there by now for stuck. */
const LATEST_MS = 5000;

function log(line: string): void {
  console.log(`${new Date().toISOString()} ${line}`);
}

async function main(): Promise<void> {
  const settings = Settings.parse(process.env);
  const worker = await startWorker({
    databaseUrl: settings.DATABASE_URL,
    environments,
    policies,
    concurrency: settings.GLEANER_CONCURRENCY,
    leaseMs: settings.GLEANER_LEASE_MS,
    sweepMs: settings.GLEANER_SWEEP_MS,
    log,
  });
  const stop = () => {
    setTimeout(() => process.exit(1), LATEST_MS).unref();
    worker.stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

function fail(error: unknown): never {
  const message =
    error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : error;
  console.error(`error: the worker stopped: ${String(message)}`);
  process.exit(1);
}

main().catch(fail);
