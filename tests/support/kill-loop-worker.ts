import { openai } from "@/lib/policies/openai";
import { startWorker } from "@/lib/jobs/start-worker";
import { corridor } from "./corridor";
import { whenParentIsGone } from "./kill-loop-parent";

/** A worker process of the kill loop: the real one, with corridors to mine and leases short enough to see many of them. */
whenParentIsGone(() => process.exit());
const leaseMs = Number(process.env.LEASE_MS);
await startWorker({
  databaseUrl: process.env.DATABASE_URL ?? "",
  environments: { corridor },
  policies: { openai },
  concurrency: 2,
  leaseMs,
  sweepMs: leaseMs / 6,
  log: (line) => console.log(line),
});
console.log("ready");
