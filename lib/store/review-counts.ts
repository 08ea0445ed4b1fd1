import { z } from "zod";
import { summaryOf } from "@/lib/core/judge";
import type { Db, Tx } from "./client";
import { factsOf } from "./facts";
import { Prisma } from "./generated/client";
import { read, RuleColumns, ruleColumns } from "./rows";
import { writeEntry } from "./run-entry";
import { lockEntries } from "./run-totals";
import { weighInRun, weighSiblings } from "./worth";

const Judged = z.object({
  id: z.number(),
  stepCount: z.number(),
  approved: z.boolean(),
  ...RuleColumns.shape,
});

/** Trajectories of a run that now have an approved solution and had none, or the reverse. */
export type Recount = { runId: number; flipped: number[] };

/**
 * Counts again what lists show of trajectories in a run: verdicts and reviews under the run's rule as it is now. Holds
 * their entries, so that whoever decides or recounts at the same time comes before, and is seen, or after, and sees this.
 * The answer is for `afterRecount`, once the transaction is through.
 */
export async function recountReviews(tx: Tx, runId: number, trajectoryIds: number[]): Promise<Recount> {
  await lockEntries(tx, runId, trajectoryIds);
  const judged = await read(
    tx,
    Judged,
    Prisma.sql`select t.id, t.step_count as "stepCount", rt.approved, ${ruleColumns}
      from trajectory t join run on run.id = ${runId}::int
      join run_trajectory rt on rt.run_id = run.id and rt.trajectory_id = t.id
      where t.id = any(${trajectoryIds}::int[]) order by t.id`,
  );
  const facts = await factsOf(tx, runId, trajectoryIds);
  const flipped: number[] = [];
  for (const { id, stepCount, approved, ...rule } of judged) {
    const of = facts.get(id);
    if (!of) continue;
    const summary = summaryOf(stepCount, of, rule);
    await writeEntry(tx, runId, id, summary);
    if (summary.approved !== approved) flipped.push(id);
  }
  const [rule] = judged;
  if (rule) await weighInRun(tx, runId, facts, rule);
  return { runId, flipped };
}

/** What else was mined of the same subtasks is worth another look than before, or no more. */
export async function afterRecount(db: Db, { runId, flipped }: Recount): Promise<void> {
  for (const trajectoryId of flipped) await weighSiblings(db, runId, trajectoryId);
}
