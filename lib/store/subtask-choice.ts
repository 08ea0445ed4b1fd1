import { z } from "zod";
import type { SubtaskChoice } from "@/lib/core/collection";
import { AppError } from "@/lib/core/errors";
import type { SubtaskCount as SubtaskCountOf } from "@/lib/core/rows";
import { splits } from "@/lib/core/trajectory";
import type { Db, Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read } from "./rows";
import { demandStorable } from "./text";

const NAMES_SHOWN = 5;

/**
 * The chosen subtasks of an environment, as `id` and `place` in its own order. Those that only an import named have no
 * place there and are never chosen.
 */
export function chosenSubtasks(environmentId: number, choice: SubtaskChoice): Prisma.Sql {
  const listed = Prisma.sql`select id, position as place from subtask
    where environment_id = ${environmentId}::int and position is not null`;
  if ("keys" in choice)
    return Prisma.sql`${listed} and subtask_key = any(${choice.keys}::text[]) order by position`;
  const { split, taskType, first, count } = choice;
  return Prisma.sql`${listed}
    ${split === null ? Prisma.empty : Prisma.sql`and split = ${split}`}
    ${taskType === null ? Prisma.empty : Prisma.sql`and task_type = ${taskType}`}
    order by position offset ${first}::int limit ${count}::int`;
}

/** @throws AppError not_found naming the first of the given names that are no subtasks */
export async function demandKnownKeys(tx: Tx, environmentId: number, choice: SubtaskChoice): Promise<void> {
  demandStorable(choice, "the choice of subtasks");
  if (!("keys" in choice)) return;
  const unknown = await read(
    tx,
    z.object({ key: z.string() }),
    Prisma.sql`select key from unnest(${choice.keys}::text[]) with ordinality as given(key, place)
      where not exists (select from subtask where environment_id = ${environmentId}::int and subtask_key = key
        and position is not null)
      order by place limit ${NAMES_SHOWN}::int`,
  );
  if (unknown.length === 0) return;
  const names = unknown.map(({ key }) => `“${key.slice(0, 80)}”`).join(", ");
  throw new AppError("not_found", `the environment has no subtask ${names}`, {
    fix: "name subtasks that the environment lists",
  });
}

const Chosen = z.object({ subtasks: z.number() });

export async function countChosen(db: Db, environmentId: number, choice: SubtaskChoice): Promise<number> {
  demandId("environment", environmentId);
  await demandKnownKeys(db, environmentId, choice);
  const chosen = chosenSubtasks(environmentId, choice);
  const [row] = await read(
    db,
    Chosen,
    Prisma.sql`select count(*)::int as subtasks from (${chosen}) as chosen`,
  );
  return row?.subtasks ?? 0;
}

const SubtaskCount: z.ZodType<SubtaskCountOf> = z.object({
  taskType: z.string().nullable(),
  split: z.enum(splits).nullable(),
  subtasks: z.number(),
});

/** How many subtasks an environment lists, by task type and split. */
export async function subtaskCounts(db: Db, environmentId: number): Promise<SubtaskCountOf[]> {
  demandId("environment", environmentId);
  return read(
    db,
    SubtaskCount,
    Prisma.sql`select task_type as "taskType", split, count(*)::int as subtasks from subtask
      where environment_id = ${environmentId}::int and position is not null group by 1, 2 order by 1, 2`,
  );
}
