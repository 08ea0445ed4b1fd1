import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { PolicyDriver } from "@/lib/core/ports";
import { startWorker } from "@/lib/jobs/start-worker";
import { bestAction, corridor, policyOf } from "./corridor";
import { doom } from "./crash-point";

/** A process of its own that mines corridors with a slow policy which writes down the seed of every call it gets. */
const Config = z.object({ callLog: z.string(), delayMs: z.number() });

const slow: PolicyDriver<z.infer<typeof Config>> = {
  kind: "slow",
  title: "slow",
  description: "slow",
  Config,
  connect: ({ callLog, delayMs }) =>
    policyOf("slow@1", async ({ seed, observation, signal }) => {
      appendFileSync(callLog, `${seed}\n`);
      await pause(delayMs, undefined, { signal });
      return bestAction(observation.text);
    }),
};

const Death = z.object({ at: z.number(), when: z.enum(["before", "after"]) });
if (process.env.DIE_AT)
  doom("*", Death.parse(JSON.parse(process.env.DIE_AT)), () => process.kill(process.pid, "SIGKILL"));

const Pace = z.object({ leaseMs: z.number(), sweepMs: z.number() });
const pace = Pace.parse(JSON.parse(process.env.PACE ?? '{"leaseMs":2500,"sweepMs":300}'));

const worker = await startWorker({
  databaseUrl: process.env.DATABASE_URL ?? "",
  environments: { corridor },
  policies: { slow },
  concurrency: 2,
  ...pace,
  log: (line) => console.log(line),
});
process.once("SIGTERM", () => void worker.stop().then(() => process.exit(0)));
