import { z } from "zod";
import { isLimited, overRunBudget, RunBudget, runEndReasons } from "@/lib/core/run-budget";
import type { RunLedger } from "@/lib/core/run-budget";
import type { Db, Tx } from "./client";
import { AppError } from "@/lib/core/errors";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { Prices, read, readOne } from "./rows";
import { totalsOf } from "./run-totals";
import { dropQueued, finishRun } from "./settle";

const Ledger = z.object({
  budget: RunBudget,
  prices: Prices.nullable(),
  endReason: z.enum(runEndReasons).nullable(),
  maxSteps: z.number(),
  callsCommitted: z.number(),
  promptSpent: z.number(),
  completionSpent: z.number(),
  largestTokens: z.number().nullable(),
  running: z.number(),
});

/** What a run may spend and has spent; exact, also of the rollouts that run at this moment. */
export async function ledgerOf(tx: Tx, runId: number): Promise<RunLedger & { maxSteps: number }> {
  return readOne(
    tx,
    Ledger,
    Prisma.sql`select budget, prices, end_reason as "endReason", coalesce((config->>'maxSteps')::int, 1) as "maxSteps",
        calls + reserved as "callsCommitted", prompt_tokens as "promptSpent", completion_tokens as "completionSpent",
        largest_tokens as "largestTokens", running
      from run cross join ${totalsOf(Prisma.sql`run.id`)} where run.id = ${runId}::int`,
    demandId("run", runId),
  );
}

const Limited = z.object({ limited: z.boolean(), state: z.string() });

/**
 * Whether one more rollout may be begun. A run with a budget is held meanwhile, so that nothing is promised twice. Where
 * the budget does not allow it and nothing runs, the run ends here: what waits is cancelled, so that a larger budget can
 * go on with it.
 */
export async function mayClaim(tx: Tx, runId: number): Promise<boolean> {
  const held = Prisma.sql`select true as limited, state from run
    where id = ${runId}::int and budget <> '{}' for no key update`;
  const [run] = await read(tx, Limited, held);
  if (!run) return true;
  const { budget, prices, maxSteps, ...spending } = await ledgerOf(tx, runId);
  const reason = overRunBudget(budget, prices, spending, maxSteps);
  if (reason === null) return true;
  if (run.state === "running" && spending.running === 0) await endRun(tx, runId, reason);
  return false;
}

async function endRun(tx: Tx, runId: number, reason: string): Promise<void> {
  if ((await dropQueued(tx, runId)) === 0) return;
  await finishRun(tx, runId);
  await tx.$executeRaw`update run set end_reason = ${reason} where id = ${runId}::int and state = 'done'`;
}

/** Sets what a run may spend from now on; what was spent stays spent. @throws AppError not_found */
export async function setBudget(db: Db, runId: number, budget: RunBudget): Promise<void> {
  const what = demandId("run", runId);
  const kept = isLimited(budget) ? JSON.stringify(budget) : "{}";
  const set = await db.$executeRaw`update run set budget = ${kept}::jsonb where id = ${runId}::int`;
  if (set === 0) throw new AppError("not_found", `there is no ${what}`);
}
