import type { TrajectoryFilter } from "@/lib/core/rows";
import { Prisma } from "./generated/client";

type Asked = Pick<TrajectoryFilter, "subtaskId" | "coverage" | "environmentId">;

/** The ids of the subtasks that a filter of trajectories names or describes; null where it does neither. */
export function subtasksAskedFor({ subtaskId, coverage, environmentId }: Asked): Prisma.Sql | null {
  if (!coverage) return subtaskId ? Prisma.sql`select id from subtask where id = ${subtaskId}::bigint` : null;
  const conditions = [
    Prisma.sql`state = ${coverage}`,
    ...(environmentId ? [Prisma.sql`environment_id = ${environmentId}::bigint`] : []),
    ...(subtaskId ? [Prisma.sql`subtask_id = ${subtaskId}::bigint`] : []),
  ];
  return Prisma.sql`select subtask_id as id from subtask_coverage where ${Prisma.join(conditions, " and ")}`;
}

/**
 * Conditions on trajectories `t`. As a value, not a join: a page looks at few trajectories. What is a truth value is taken
 * for true of every other row, what is compared with one for true of hardly any, and then all would be fetched and sorted.
 * @param ids the subtasks asked for, where they are few
 */
export function coverageConditions({ subtaskId, coverage }: Asked, ids: number[] | null): Prisma.Sql[] {
  return [
    ...(subtaskId ? [Prisma.sql`t.subtask_id = ${subtaskId}::bigint`] : []),
    ...(coverage && !ids
      ? [Prisma.sql`(select c.state = ${coverage} from subtask_coverage c where c.subtask_id = t.subtask_id)`]
      : []),
    ...(ids ? [Prisma.sql`t.subtask_id = any(${ids}::int[])`] : []),
  ];
}
