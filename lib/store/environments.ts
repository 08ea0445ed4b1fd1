import { z } from "zod";
import type { EnvironmentAbout } from "@/lib/core/environment-about";
import type { CheckError, EnvironmentRow as Environment, EnvironmentSettings } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Subtask } from "@/lib/core/trajectory";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { environmentColumns, EnvironmentRow, read, readOne } from "./rows";
import { subtasksOf, taskTypesOf } from "./subtasks";
import { demandName, demandStorable, storable } from "./text";

const SUBTASKS_AT_ONCE = 5000;

/** Environments and their subtasks. */
export function environmentsIn(db: Db): Store["environments"] {
  return {
    list: () => list(db),
    get: (environmentId) => get(db, environmentId),
    put: (settings, about) => put(db, settings, about),
    noteCheckError: (environmentId, error) => noteCheckError(db, environmentId, error),
    putSubtasks: (environmentId, subtasks) => putSubtasks(db, environmentId, subtasks),
    taskTypes: (environmentId) => taskTypesOf(db, environmentId),
    subtasks: (environmentId, filter, cursor, limit) => subtasksOf(db, environmentId, filter, cursor, limit),
  };
}

const Counted = EnvironmentRow.extend({ trajectories: z.number().int() });

function list(db: Db) {
  return read(
    db,
    Counted,
    Prisma.sql`select ${environmentColumns}, coalesce(n.trajectories, 0)::int as trajectories
      from environment
      left join (select environment_id, sum(trajectories) as trajectories from trajectory_count group by 1) n
        on n.environment_id = environment.id
      order by environment.name`,
  );
}

async function get(db: Db, environmentId: number): Promise<Environment> {
  const what = demandId("environment", environmentId);
  return readOne(
    db,
    EnvironmentRow,
    Prisma.sql`select ${environmentColumns} from environment where id = ${environmentId}::int`,
    what,
  );
}

/** Says of itself only what it was connected for: settings without it leave what was said before. */
function put(db: Db, settings: EnvironmentSettings, about: EnvironmentAbout | null): Promise<Environment> {
  demandStorable({ settings, about }, "the environment");
  demandName(settings.name, "the environment's name");
  const { name, driver, config, fingerprint, successThreshold } = settings;
  return readOne(
    db,
    EnvironmentRow,
    Prisma.sql`insert into environment (name, driver, config, fingerprint, success_threshold, about, checked_at)
      values (${name}, ${driver}, ${JSON.stringify(config)}::jsonb, ${fingerprint}, ${successThreshold}::float8,
        ${about && JSON.stringify(about)}::jsonb, ${about ? Prisma.sql`now()` : Prisma.sql`null`})
      on conflict (name) do update set driver = excluded.driver, config = excluded.config,
        fingerprint = excluded.fingerprint, success_threshold = excluded.success_threshold,
        about = excluded.about, checked_at = excluded.checked_at, check_error = null
      returning ${environmentColumns}`,
    `environment “${name}”`,
  );
}

async function noteCheckError(
  db: Db,
  environmentId: number,
  { code, message, fix }: CheckError,
): Promise<void> {
  const error = JSON.stringify({ code, message: storable(message), fix: fix && storable(fix) });
  await db.$executeRaw`update environment set check_error = ${error}::jsonb, checked_at = now()
    where id = ${environmentId}::int`;
}

/**
 * Takes an environment's list of subtasks as it is now; what it does not list any more loses its place. A known subtask
 * keeps its instruction: trajectories refer to it, and one that was told otherwise has its own.
 */
async function putSubtasks(db: Db, environmentId: number, subtasks: Subtask[]): Promise<void> {
  await get(db, environmentId);
  subtasks.forEach((subtask) => {
    demandStorable(subtask, `subtask ${subtask.subtaskKey}`);
    demandName(subtask.subtaskKey, "the subtask's key");
  });
  // The last of a name wins, as it would one after the other; a statement may meet each only once.
  const named = [...new Map(subtasks.map((subtask) => [subtask.subtaskKey, subtask])).values()];
  await db.$executeRaw`update subtask set position = null where environment_id = ${environmentId}::int
    and position is not null and subtask_key <> all(${named.map((s) => s.subtaskKey)}::text[])`;
  for (let i = 0; i < named.length; i += SUBTASKS_AT_ONCE) {
    const batch = named.slice(i, i + SUBTASKS_AT_ONCE);
    const of = <T>(pick: (subtask: Subtask) => T) => batch.map(pick);
    await db.$executeRaw`insert into subtask
        (environment_id, subtask_key, instruction, best_reward, task_type, split, position)
      select ${environmentId}::int, * from unnest(${of((s) => s.subtaskKey)}::text[],
        ${of((s) => s.instruction)}::text[], ${of((s) => s.bestReward)}::float8[],
        ${of((s) => s.taskType)}::text[], ${of((s) => s.split)}::text[], ${batch.map((_, at) => i + at)}::int[])
      order by 2
      on conflict (environment_id, subtask_key) do update set best_reward = excluded.best_reward,
          task_type = excluded.task_type, split = excluded.split, position = excluded.position
        where (subtask.best_reward, subtask.task_type, subtask.split, subtask.position)
          is distinct from (excluded.best_reward, excluded.task_type, excluded.split, excluded.position)`;
  }
  await db.$executeRaw`select cover_task_types(${environmentId}::int)`;
}
