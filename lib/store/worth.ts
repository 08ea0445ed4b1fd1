import { z } from "zod";
import { judge } from "@/lib/core/judge";
import { applyReviews } from "@/lib/core/review";
import type { MinedFacts } from "@/lib/core/rows";
import type { VerdictRule } from "@/lib/core/rule";
import { worthOf } from "@/lib/core/worth";
import { inTransaction, type Db, type Tx } from "./client";
import { factsOf } from "./facts";
import { Prisma } from "./generated/client";
import { read, readOne, RuleColumns, ruleColumns } from "./rows";
import { lockEntries } from "./run-totals";

/** Entries of one subtask that are weighed again when its first solution is approved. */
const SIBLINGS = 1000;

const Head = z.object({
  trajectoryId: z.number(),
  length: z.number(),
  disputed: z.array(z.number()),
  solvedElsewhere: z.boolean(),
});

/** Actions of `trajectory t` that strategies disagree on in a run. */
export const disputedSteps = (runId: number) => Prisma.sql`array(select distinct unnest(d.steps)
  from strategy_disagreement d where d.trajectory_id = t.id and d.run_id = ${runId}::int)`;

/**
 * Derives how much a look at trajectories of a run pays, after their verdicts, reviews or disagreements moved; their
 * entries are locked.
 */
export async function weighInRun(
  tx: Tx,
  runId: number,
  facts: Map<number, MinedFacts>,
  rule: VerdictRule,
): Promise<void> {
  const heads = await read(
    tx,
    Head,
    Prisma.sql`select t.id as "trajectoryId", t.step_count as length,
        ${disputedSteps(runId)} as disputed,
        exists (select from trajectory s join run_trajectory rt on rt.trajectory_id = s.id and rt.approved
          where s.subtask_id = t.subtask_id and (rt.run_id, rt.trajectory_id) <> (${runId}::int, t.id)
        ) as "solvedElsewhere"
      from trajectory t where t.id = any(${[...facts.keys()]}::int[])`,
  );
  const rows = heads.flatMap(({ trajectoryId, length, ...head }) => {
    const of = facts.get(trajectoryId);
    if (!of) return [];
    const judgement = judge(length, of, rule);
    const weighed = { ...head, judgement, effective: applyReviews(length, judgement, of.reviews) };
    return [{ trajectory_id: trajectoryId, worth: worthOf(weighed) }];
  });
  await tx.$executeRaw`update run_trajectory rt set worth = new.worth
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as new(trajectory_id int, worth float8)
    where rt.run_id = ${runId}::int and rt.trajectory_id = new.trajectory_id and rt.worth <> new.worth`;
}

/** The same from what is stored. */
async function weigh(tx: Tx, runId: number, trajectoryIds: number[]): Promise<void> {
  const from = Prisma.sql`select ${ruleColumns} from run where id = ${runId}::int`;
  const rule = await readOne(tx, RuleColumns, from, `run ${runId}`);
  await weighInRun(tx, runId, await factsOf(tx, runId, trajectoryIds), rule);
}

const Entries = z.object({ runId: z.number(), ids: z.array(z.number()) });

/**
 * Weighs again what else was mined of the subtask of a trajectory: whether it has an approved solution has changed. Not in
 * the transaction that changed it: entries of other runs would be locked in another order than their own work does.
 */
export async function weighSiblings(db: Db, runId: number, trajectoryId: number): Promise<void> {
  const siblings = await read(
    db,
    Entries,
    Prisma.sql`select run_id as "runId", array_agg(trajectory_id order by trajectory_id) as ids from (
        select rt.run_id, rt.trajectory_id from trajectory t join run_trajectory rt on rt.trajectory_id = t.id
        where t.subtask_id = (select subtask_id from trajectory where id = ${trajectoryId}::int)
          and rt.state in ('done', 'errored') and (rt.run_id, t.id) <> (${runId}::int, ${trajectoryId}::int)
        order by rt.run_id desc, t.id limit ${SIBLINGS}::int) entry
      group by run_id order by run_id`,
  );
  for (const entry of siblings)
    await inTransaction(db, async (tx) => {
      await lockEntries(tx, entry.runId, entry.ids);
      await weigh(tx, entry.runId, entry.ids);
    });
}
