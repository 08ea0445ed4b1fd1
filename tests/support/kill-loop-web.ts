import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { drawFrom } from "@/lib/policies/random";
import { openai } from "@/lib/policies/openai";
import { createQueue } from "@/lib/jobs/queue";
import { sweep } from "@/lib/jobs/sweep";
import { createStore } from "@/lib/store/store";
import { cancelRun, listRuns, resumeRun, runView } from "@/lib/usecases/runs";
import { corridor } from "./corridor";
import { whenParentIsGone } from "./kill-loop-parent";

/**
 * What a web process does of a run, without the pages: looks at all of them, cancels one now and then and goes on with it
 * later, and sweeps. What it cancelled and resumed is printed with the claims made in the run until then.
 */
whenParentIsGone(() => process.exit());
const databaseUrl = process.env.DATABASE_URL ?? "";
const leaseMs = Number(process.env.LEASE_MS);
const draw = drawFrom(Number(process.env.SEED));
const store = createStore(databaseUrl);
const queue = createQueue(databaseUrl, "web", () => undefined);
const deps = { store, queue, environments: { corridor }, policies: { openai } };

async function claimsOf(runId: number): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on("error", () => undefined);
  await client.connect();
  const sql = "select sum(epoch)::int as claims from rollout where run_id = $1";
  const { rows } = await client.query<{ claims: number }>(sql, [runId]);
  await client.end();
  return rows[0]?.claims ?? 0;
}

async function goOn(runId: number): Promise<void> {
  console.log(`resuming ${runId} ${Date.now()} ${await claimsOf(runId)}`);
  await resumeRun(deps, runId, ["cancelled"]);
}

async function look(): Promise<void> {
  await sweep({ store, queue }, () => false);
  const { rows } = await listRuns(deps, null);
  for (const { runId } of rows.slice(0, 3)) await runView(deps, runId);
  // Cancelled by a web process that is gone: its person comes back.
  for (const { runId, state } of rows) if (state === "cancelled") await goOn(runId);
  const live = rows.filter(({ state, progress }) => state === "running" && progress.rollouts.queued > 20);
  const chosen = live[Math.floor(draw() * live.length)];
  if (!chosen || draw() > 0.03) return;
  await cancelRun(deps, chosen.runId);
  console.log(`cancelled ${chosen.runId} ${Date.now()} ${await claimsOf(chosen.runId)}`);
  await pause(leaseMs / 3 + 2500);
  await goOn(chosen.runId);
}

console.log("ready");
for (;;) {
  await look().catch((error: unknown) =>
    console.log(`failed ${String(error).replace(/\s+/g, " ").slice(0, 200)}`),
  );
  await pause(300);
}
