import { z } from "zod";
import type { MinedFacts } from "@/lib/core/rows";
import type { VerdictRule } from "@/lib/core/rule";
import type { Store } from "@/lib/core/store";
import { disagreementsOf, type StrategyPair } from "@/lib/core/strategies/disagree";
import { strategyFacts } from "@/lib/core/strategies/facts";
import { assessAll } from "@/lib/core/strategies/registry";
import { sources } from "@/lib/core/trajectory";
import { inTransaction, type Db, type Tx } from "./client";
import { newestOf } from "./critique-rows";
import { factsOf } from "./facts";
import { Prisma } from "./generated/client";
import { demandId, possibleIds } from "./ids";
import { Id, read, readOne, RuleColumns, ruleColumns } from "./rows";
import { weighInRun } from "./worth";

/** Trajectories compared in one transaction. */
const AT_ONCE = 200;

/** Where strategies disagree: derived from rollouts, the run's rule and the newest critique, whenever one of them moves. */
export function disagreementsIn(db: Db): Store["disagreements"] {
  return {
    async refresh(runId, trajectoryIds) {
      demandId("run", runId);
      const ids = possibleIds([...new Set(trajectoryIds)]).sort((a, b) => a - b);
      for (let i = 0; i < ids.length; i += AT_ONCE) await refresh(db, runId, ids.slice(i, i + AT_ONCE));
    },
    catchUp: (limit) => catchUp(db, limit),
  };
}

function refresh(db: Db, runId: number, ids: number[]): Promise<void> {
  return inTransaction(db, async (tx) => {
    const finished = await read(
      tx,
      Id,
      Prisma.sql`select trajectory_id as id from run_trajectory where run_id = ${runId}::int
        and trajectory_id = any(${ids}::int[]) and state in ('done', 'errored')
        order by trajectory_id for no key update`,
    );
    const facts = await factsOf(
      tx,
      runId,
      finished.map(({ id }) => id),
    );
    await compareInRun(tx, runId, facts);
  });
}

const Uncompared = z.object({ runId: z.number(), ids: z.array(z.number()) });

async function catchUp(db: Db, limit: number): Promise<number> {
  const runs = await read(
    db,
    Uncompared,
    Prisma.sql`select run_id as "runId", array_agg(trajectory_id) as ids from (
        select run_id, trajectory_id from run_trajectory
        where not compared and state in ('done', 'errored') limit ${limit}::int) found
      group by run_id order by run_id`,
  );
  for (const { runId, ids } of runs) await refresh(db, runId, ids);
  return runs.reduce((sum, { ids }) => sum + ids.length, 0);
}

const Head = z.object({
  trajectoryId: z.number(),
  source: z.enum(sources),
  success: z.boolean().nullable(),
  reward: z.number().nullable(),
  length: z.number(),
});

function headsOf(tx: Tx, ids: number[]) {
  const sql = Prisma.sql`select id as "trajectoryId", source, success, reward, step_count as length from trajectory
    where id = any(${ids}::int[])`;
  return read(tx, Head, sql);
}

/**
 * Derives and stores where strategies disagree on trajectories of a run, and what a look at them is worth. Their entries are locked: the rule and
 * the critique read now are then at least as new as any that others derived from.
 */
export async function compareInRun(tx: Tx, runId: number, facts: Map<number, MinedFacts>): Promise<void> {
  const ids = [...facts.keys()];
  if (ids.length === 0) return;
  const from = Prisma.sql`select ${ruleColumns} from run where id = ${runId}::int`;
  const rule = await readOne(tx, RuleColumns, from, `run ${runId}`);
  await compare(tx, runId, ids, (id) => {
    const of = facts.get(id);
    return of ? { rollouts: of.rollouts, rule } : null;
  });
  await weighInRun(tx, runId, facts, rule);
  await tx.$executeRaw`update run_trajectory set compared = true
    where run_id = ${runId}::int and trajectory_id = any(${ids}::int[]) and not compared`;
}

/**
 * Derives again everything about a trajectory that got a new critique: in each run that finished it, and without any.
 * The trajectory's entries are locked first, in the order of runs; a run that finishes it at the same time comes before,
 * and is seen, or after, and sees the critique.
 */
export async function compareEverywhere(tx: Tx, trajectoryId: number): Promise<void> {
  // Of two critiques that end at once, the second sees the first.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('critique'), ${trajectoryId}::int)`;
  const entries = await read(
    tx,
    z.object({ runId: z.number(), finished: z.boolean() }),
    Prisma.sql`select run_id as "runId", state in ('done', 'errored') as finished from run_trajectory
      where trajectory_id = ${trajectoryId}::int order by run_id for no key update`,
  );
  for (const { runId, finished } of entries)
    if (finished) await compareInRun(tx, runId, await factsOf(tx, runId, [trajectoryId]));
  await compare(tx, null, [trajectoryId], () => null);
}

type Mined = (Pick<MinedFacts, "rollouts"> & { rule: VerdictRule }) | null;

async function compare(tx: Tx, runId: number | null, ids: number[], minedOf: (id: number) => Mined) {
  const critiques = await newestOf(tx, ids);
  const rows: { trajectory_id: number; pair: StrategyPair; steps: number[] }[] = [];
  for (const head of await headsOf(tx, ids)) {
    const { trajectoryId } = head;
    const facts = strategyFacts(head, minedOf(trajectoryId), critiques.get(trajectoryId) ?? null);
    for (const { pair, steps } of disagreementsOf(assessAll(facts)))
      rows.push({ trajectory_id: trajectoryId, pair, steps });
  }
  await tx.$executeRaw`delete from strategy_disagreement
    where trajectory_id = any(${ids}::int[]) and run_id is not distinct from ${runId}::int`;
  if (rows.length > 0)
    await tx.$executeRaw`insert into strategy_disagreement (trajectory_id, run_id, pair, steps)
      select trajectory_id, ${runId}::int, pair, steps
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(trajectory_id int, pair text, steps int[])`;
}
