import { z } from "zod";
import type { SubtaskRow as SubtaskOf, TaskTypeRow as TaskTypeOf } from "@/lib/core/rows";
import { Subtask, type Split } from "@/lib/core/trajectory";
import type { Db } from "./client";
import { pageOf, readCursor } from "./cursor";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";

const Count = z.number().int();
const TaskType: z.ZodType<TaskTypeOf> = z.object({
  taskType: z.string().nullable(),
  subtasks: Count,
  bestReward: z.number().nullable(),
  trajectories: Count,
  failures: Count,
});

/** Kinds of tasks of an environment, the most numerous first, with the trajectories there are of each. */
export function taskTypesOf(db: Db, environmentId: number): Promise<TaskTypeOf[]> {
  demandId("environment", environmentId);
  return read(
    db,
    TaskType,
    Prisma.sql`select s.task_type as "taskType", count(*)::int as subtasks, avg(s.best_reward) as "bestReward",
        coalesce(sum(n.trajectories), 0)::int as trajectories, coalesce(sum(n.failures), 0)::int as failures
      from subtask s left join (
        select subtask_id, count(*) as trajectories,
          count(*) filter (where source = 'expert' and success = false) as failures
        from trajectory where environment_id = ${environmentId}::int group by 1
      ) n on n.subtask_id = s.id
      where s.environment_id = ${environmentId}::int group by 1 order by 2 desc, 1`,
  );
}

const Row = Subtask.extend({ subtaskId: Count, trajectories: Count, solved: Count, place: Count });

/** Those that only an import named come last. */
const place = Prisma.sql`coalesce(s.position, 2147483647)`;
const Cursor = z.tuple([Count, Count]);

/** A page of an environment's subtasks, in its own order. */
export async function subtasksOf(
  db: Db,
  environmentId: number,
  { taskType, split }: { taskType: string | null; split: Split | null },
  cursor: string | null,
  limit: number,
) {
  demandId("environment", environmentId);
  const [fromPlace, fromId] = cursor === null ? [-1, 0] : readCursor(Cursor, cursor);
  const conditions = [
    Prisma.sql`s.environment_id = ${environmentId}::int and (${place}, s.id) > (${fromPlace}::int, ${fromId}::int)`,
    ...(taskType === null ? [] : [Prisma.sql`s.task_type = ${taskType}`]),
    ...(split === null ? [] : [Prisma.sql`s.split = ${split}`]),
  ];
  const rows = await read(
    db,
    Row,
    Prisma.sql`with page as (
        select s.id, s.subtask_key, s.instruction, s.best_reward, s.task_type, s.split,
          ${place} as place
        from subtask s where ${Prisma.join(conditions, " and ")} order by ${place}, s.id limit ${limit + 1}::int
      )
      select page.id as "subtaskId", page.subtask_key as "subtaskKey", page.instruction,
        page.best_reward as "bestReward", page.task_type as "taskType", page.split, page.place,
        (select count(*)::int from trajectory t where t.subtask_id = page.id) as trajectories,
        (select count(*)::int from trajectory t where t.subtask_id = page.id and t.success) as solved
      from page order by page.place, page.id`,
  );
  const page = pageOf(rows, limit, (row) => [row.place, row.subtaskId]);
  const shown: SubtaskOf[] = page.rows.map(({ place: _, ...row }) => row);
  return { ...page, rows: shown };
}
