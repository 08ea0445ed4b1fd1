import type { QueryResultRow } from "pg";
import { z } from "zod";
import { groupBy } from "@/lib/core/group-by";
import type { Call, Decisions } from "./kill-loop-model";
import { brokenRules } from "./store";

/** A run as its planning was acknowledged. */
export type Acknowledged = { rollouts: number; maxCalls: number | null };

const RunOfAll = z.object({
  id: z.number(),
  seed: z.number(),
  maxCalls: z.number().nullable(),
  state: z.string(),
  counted: z.number(),
});
const RolloutOfAll = z.object({
  runId: z.number(),
  status: z.string(),
  stateIndex: z.number(),
  attempt: z.number(),
  contentHash: z.string(),
});

type Ask = <Row extends QueryResultRow>(sql: string) => Promise<Row[]>;
type Model = { callsOf(planned: Map<number, Decisions[]>): Map<number, Call[]> };

/** What became of all that was planned. A run whose planning was never acknowledged counts as it is there. */
export async function outcomeOf(query: Ask, model: Model, acknowledged: Map<number, Acknowledged>) {
  const runs = z.array(RunOfAll).parse(
    await query(`select id, (config->>'seed')::int as seed, (budget->>'maxCalls')::int as "maxCalls", state,
      (select coalesce(sum(calls_started), 0)::int from rollout where run_id = run.id) as counted from run order by id`),
  );
  const rollouts = z.array(RolloutOfAll).parse(
    await query(`select run_id as "runId", status, state_index as "stateIndex", attempt, content_hash as "contentHash"
      from rollout join trajectory on trajectory.id = trajectory_id`),
  );
  const seeds = new Map(runs.map(({ id, seed }) => [id, seed]));
  const rowsOf = groupBy(rollouts, ({ runId }) => runId);
  const decisions = new Map(
    [...rowsOf].map(([id, rows]) => [id, rows.map((row) => ({ ...row, runSeed: seeds.get(id) ?? -1 }))]),
  );
  const calls = model.callsOf(decisions);
  const figures = { planned: 0, completed: 0, unfinished: 0, lost: 0, budgets: 0 };
  const overspent: string[] = [];
  for (const { id, maxCalls, counted } of runs) {
    const rows = rowsOf.get(id) ?? [];
    const told = acknowledged.get(id)?.rollouts ?? 0;
    figures.lost += Math.max(0, told - rows.length);
    const made = calls.get(id)?.length ?? 0;
    const limit = maxCalls ?? Infinity;
    if (made > counted || counted > limit)
      overspent.push(`run ${id}: ${made} calls made, ${counted} counted, ${limit} allowed`);
    if (maxCalls !== null) {
      figures.budgets += 1;
      continue;
    }
    const completed = rows.filter(({ status }) => status === "completed").length;
    figures.planned += Math.max(told, rows.length);
    figures.completed += completed;
    figures.unfinished += rows.length - completed;
  }
  const twice = await query(
    "select 1 from rollout group by run_id, trajectory_id, state_index, attempt having count(*) > 1",
  );
  return {
    ...figures,
    overspent,
    twice: twice.length,
    states: countsOf(runs.map(({ state }) => state)),
    broken: await brokenRules((sql) => query(sql)),
    unknown: calls.get(-1)?.length ?? 0,
    calls,
  };
}

/** How often each word is there. */
function countsOf(words: string[]): Record<string, number> {
  return Object.fromEntries([...groupBy(words, (word) => word)].map(([word, all]) => [word, all.length]));
}
