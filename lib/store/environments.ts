import { z } from "zod";
import type { EnvironmentRow as Environment } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Subtask } from "@/lib/core/trajectory";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { environmentColumns, EnvironmentRow, read, readOne } from "./rows";
import { demandName, demandStorable } from "./text";

const SUBTASKS_AT_ONCE = 5000;

/** Environments and their subtasks. */
export function environmentsIn(db: Db): Store["environments"] {
  return {
    list: () => list(db),
    get: (environmentId) => get(db, environmentId),
    put: (row) => put(db, row),
    putSubtasks: (environmentId, subtasks) => putSubtasks(db, environmentId, subtasks),
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

function put(db: Db, row: Omit<Environment, "environmentId">): Promise<Environment> {
  demandStorable(row, "the environment");
  demandName(row.name, "the environment's name");
  return readOne(
    db,
    EnvironmentRow,
    Prisma.sql`insert into environment (name, driver, config, fingerprint, success_threshold)
      values (${row.name}, ${row.driver}, ${JSON.stringify(row.config)}::jsonb, ${row.fingerprint},
        ${row.successThreshold}::float8)
      on conflict (name) do update set driver = excluded.driver, config = excluded.config,
        fingerprint = excluded.fingerprint, success_threshold = excluded.success_threshold
      returning ${environmentColumns}`,
    `environment “${row.name}”`,
  );
}

/** A known subtask keeps its instruction: trajectories refer to it, and one that was told otherwise has its own. */
async function putSubtasks(db: Db, environmentId: number, subtasks: Subtask[]): Promise<void> {
  await get(db, environmentId);
  subtasks.forEach((subtask) => {
    demandStorable(subtask, `subtask ${subtask.subtaskKey}`);
    demandName(subtask.subtaskKey, "the subtask's key");
  });
  // The last of a name wins, as it would one after the other; a statement may meet each only once.
  const named = [...new Map(subtasks.map((subtask) => [subtask.subtaskKey, subtask])).values()];
  for (let i = 0; i < named.length; i += SUBTASKS_AT_ONCE) {
    const batch = named.slice(i, i + SUBTASKS_AT_ONCE);
    await db.$executeRaw`insert into subtask (environment_id, subtask_key, instruction, best_reward)
      select ${environmentId}::int, * from unnest(${batch.map((s) => s.subtaskKey)}::text[],
        ${batch.map((s) => s.instruction)}::text[], ${batch.map((s) => s.bestReward)}::float8[])
      order by 2
      on conflict (environment_id, subtask_key) do update set best_reward = excluded.best_reward
        where subtask.best_reward is distinct from excluded.best_reward`;
  }
}
