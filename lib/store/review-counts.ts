import { z } from "zod";
import { summaryOf } from "@/lib/core/judge";
import type { Tx } from "./client";
import { factsOf } from "./facts";
import { Prisma } from "./generated/client";
import { read, RuleColumns, ruleColumns } from "./rows";
import { writeEntry } from "./run-entry";
import { lockEntries } from "./run-totals";

const Judged = z.object({ id: z.number(), stepCount: z.number(), ...RuleColumns.shape });

/**
 * Counts again what lists show of trajectories in a run: verdicts and reviews under the run's rule as it is now. Holds
 * their entries, so that whoever decides or recounts at the same time comes before, and is seen, or after, and sees this.
 */
export async function recountReviews(tx: Tx, runId: number, trajectoryIds: number[]): Promise<void> {
  await lockEntries(tx, runId, trajectoryIds);
  const judged = await read(
    tx,
    Judged,
    Prisma.sql`select t.id, t.step_count as "stepCount", ${ruleColumns} from trajectory t
      join run on run.id = ${runId}::int where t.id = any(${trajectoryIds}::int[]) order by t.id`,
  );
  const facts = await factsOf(tx, runId, trajectoryIds);
  for (const { id, stepCount, ...rule } of judged) {
    const of = facts.get(id);
    if (of) await writeEntry(tx, runId, id, summaryOf(stepCount, of, rule));
  }
}
