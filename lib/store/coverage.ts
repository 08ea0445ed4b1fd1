import { z } from "zod";
import {
  coverageStates,
  type CoverageCount as CountOf,
  type CoverageFilter,
  type CoverageSort,
  type CoverageStore,
  type CoveredSubtask as Covered,
  type RunSpent as SpentOf,
  type VetoCount as VetoOf,
} from "@/lib/core/coverage";
import type { Page } from "@/lib/core/rows";
import type { Db } from "./client";
import { pageOf, readCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { Prices, read } from "./rows";
import { demandStorable } from "./text";

const Int = z.number().int();

/** Which subtasks the expert failed, and what became of them; the migration says how it is derived. */
export function coverageIn(db: Db): CoverageStore {
  return {
    counts: () => counts(db),
    subtasks: (filter, sort, cursor, limit) => subtasks(db, { filter, sort, cursor, limit }),
    vetoes: () => vetoes(db),
    spent: (limit) => spent(db, limit),
  };
}

const Count: z.ZodType<CountOf> = z.object({
  environmentId: Int,
  environment: z.string(),
  taskType: z.string().nullable(),
  remaining: Int,
  solved: Int,
  approved: Int,
});

const subtasksIn = (state: string) =>
  Prisma.sql`coalesce(sum(c.subtasks) filter (where c.state = ${state}), 0)::int`;

function counts(db: Db): Promise<CountOf[]> {
  return read(
    db,
    Count,
    Prisma.sql`select e.id as "environmentId", e.name as environment, nullif(c.task_type, '') as "taskType",
        ${subtasksIn("remaining")} as remaining, ${subtasksIn("solved")} as solved,
        ${subtasksIn("approved")} as approved
      from coverage_count c join environment e on e.id = c.environment_id
      where c.subtasks > 0 group by e.id, c.task_type order by e.name, c.task_type`,
  );
}

const Row = z.object({
  subtaskId: Int,
  subtaskKey: z.string(),
  instruction: z.string(),
  environmentId: Int,
  environment: z.string(),
  taskType: z.string().nullable(),
  state: z.enum(coverageStates),
  experts: Int,
  failed: Int,
  runId: Int.nullable(),
  run: z.string().nullable(),
  trajectoryId: Int.nullable(),
  stateIndex: Int.nullable(),
  bestReward: z.number().nullable(),
});
const Cursor = z.tuple([z.string(), Int, Int]);
type Asked = { filter: CoverageFilter; sort: CoverageSort; cursor: string | null; limit: number };

async function subtasks(db: Db, { filter, sort, cursor, limit }: Asked): Promise<Page<Covered>> {
  demandStorable(filter, "the filter");
  const byFailures = sort === "failures";
  const OfThisList = Cursor.refine(([of]) => of === sort);
  const from = cursor === null ? null : readCursor(OfThisList, cursor);
  const rows = await read(db, Row, pageSql(positions(filter, byFailures, from, limit + 1), byFailures));
  const page = pageOf(rows, limit, (row) => [sort, row.failed, row.subtaskId]);
  return { ...page, rows: page.rows.map(covered) };
}

function covered({ runId, run, trajectoryId, stateIndex, ...row }: z.infer<typeof Row>): Covered {
  const solved = runId !== null && run !== null && trajectoryId !== null;
  return { ...row, solvedBy: solved ? { runId, run, trajectoryId, stateIndex } : null };
}

/** Where a page's subtasks stand, from one walk of an index. */
function positions(
  { environmentId, taskType, state }: CoverageFilter,
  byFailures: boolean,
  from: z.infer<typeof Cursor> | null,
  limit: number,
): Prisma.Sql {
  const after = byFailures
    ? Prisma.sql`(c.failed, c.subtask_id) < (${from?.[1]}::int, ${from?.[2]}::int)`
    : Prisma.sql`c.subtask_id < ${from?.[2]}::int`;
  const conditions = [
    state === null ? Prisma.sql`c.state is not null` : Prisma.sql`c.state = ${state}`,
    ...(environmentId === null ? [] : [Prisma.sql`c.environment_id = ${environmentId}::bigint`]),
    ...(taskType === null ? [] : [Prisma.sql`c.task_type = ${taskType}`]),
    ...(from === null ? [] : [after]),
  ];
  const order = byFailures ? Prisma.sql`c.failed desc, c.subtask_id desc` : Prisma.sql`c.subtask_id desc`;
  return Prisma.sql`select * from subtask_coverage c where ${Prisma.join(conditions, " and ")}
    order by ${order} limit ${limit}::int`;
}

/** What is shown of them: looked up for the page's rows only, through indexes. */
function pageSql(page: Prisma.Sql, byFailures: boolean): Prisma.Sql {
  const order = byFailures
    ? Prisma.sql`page.failed desc, page.subtask_id desc`
    : Prisma.sql`page.subtask_id desc`;
  return Prisma.sql`with page as materialized (${page})
    select page.subtask_id as "subtaskId", s.subtask_key as "subtaskKey", s.instruction,
      page.environment_id as "environmentId", e.name as environment, page.task_type as "taskType", page.state,
      page.experts, page.failed, page.first_run_id as "runId", run.name as run,
      page.first_trajectory_id as "trajectoryId",
      (select min(r.state_index) from rollout r where r.run_id = page.first_run_id
        and r.trajectory_id = page.first_trajectory_id and r.success) as "stateIndex",
      (select max(rt.best_reward) from trajectory t join run_trajectory rt on rt.trajectory_id = t.id
        where t.subtask_id = page.subtask_id and t.source = 'expert' and not t.success) as "bestReward"
    from page join subtask s on s.id = page.subtask_id join environment e on e.id = page.environment_id
    left join run on run.id = page.first_run_id order by ${order}`;
}

const Veto: z.ZodType<VetoOf> = z.object({ environment: z.string(), decided: Int, vetoed: Int });

/** Of each trajectory's newest run; only rows on which somebody decided are read. */
function vetoes(db: Db): Promise<VetoOf[]> {
  return read(
    db,
    Veto,
    Prisma.sql`select e.name as environment, sum(rt.reviewed)::int as decided, sum(rt.vetoed)::int as vetoed
      from run_trajectory rt join trajectory t on t.id = rt.trajectory_id
      join environment e on e.id = t.environment_id
      where rt.latest and rt.reviewed > 0 group by e.id order by decided desc, e.name`,
  );
}

const Spent: z.ZodType<SpentOf> = z.object({
  runId: Int,
  name: z.string(),
  prices: Prices.nullable(),
  calls: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  newlySolved: Int,
});

function spent(db: Db, limit: number): Promise<SpentOf[]> {
  return read(
    db,
    Spent,
    Prisma.sql`select run.id as "runId", run.name, run.prices, total.calls::float8 as calls,
        total.prompt_tokens::float8 as "promptTokens", total.completion_tokens::float8 as "completionTokens",
        (select count(*)::int from subtask_coverage c where c.first_run_id = run.id and c.state is not null)
          as "newlySolved"
      from run join run_total total on total.run_id = run.id
      where run.origin = 'mined' and run.state in ('done', 'cancelled', 'failed')
      order by run.id desc limit ${limit}::int`,
  );
}
