import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Step as StepFact } from "@/lib/core/trajectory";
import type { Db } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { read, Step, stepColumns, trajectoryColumns, TrajectoryHead } from "./rows";

/** Trajectories of one batch, and how many bytes their steps may take as stored, where each may be of any length. */
const MOST = 100;
const BYTES = 2_000_000;

const Chosen = z.object({ trajectoryId: z.number() });
const StepOf = Step.extend({ trajectoryId: z.number() });

/**
 * The first of some trajectories with their steps, in the order given: as many as can be held together, at least one.
 * @throws AppError not_found
 */
export async function batchOf(db: Db, trajectoryIds: number[]) {
  const asked = trajectoryIds.slice(0, MOST);
  asked.forEach((id) => demandId("trajectory", id));
  const ids = await fitting(db, asked);
  const [heads, steps] = await Promise.all([
    read(
      db,
      TrajectoryHead,
      Prisma.sql`select ${trajectoryColumns} from trajectory t join environment e on e.id = t.environment_id
        join subtask s on s.id = t.subtask_id where t.id = any(${ids}::int[])`,
    ),
    read(
      db,
      StepOf,
      Prisma.sql`select trajectory_id as "trajectoryId", ${stepColumns} from step
        where trajectory_id = any(${ids}::int[]) order by trajectory_id, step_index`,
    ),
  ]);
  const found = new Map(heads.map((head) => [head.trajectoryId, { ...head, steps: new Array<StepFact>() }]));
  for (const { trajectoryId, ...step } of steps) found.get(trajectoryId)?.steps.push(step);
  return ids.map((id) => {
    const trajectory = found.get(id);
    if (!trajectory) throw new AppError("not_found", `there is no trajectory ${id}`);
    return trajectory;
  });
}

/** Looks at how long texts are where they are stored, without reading those that are stored apart. */
async function fitting(db: Db, ids: number[]): Promise<number[]> {
  const chosen = await read(
    db,
    Chosen,
    Prisma.sql`select id as "trajectoryId" from (
        select id, position, sum(bytes) over (order by position) as so_far
        from unnest(${ids}::int[]) with ordinality given(id, position), lateral (
          select coalesce(sum(pg_column_size(observation) + coalesce(pg_column_size(thought), 0)
            + pg_column_size(action) + coalesce(pg_column_size(messages), 0)), 0) as bytes
          from step where trajectory_id = given.id) size
      ) batch where so_far <= ${BYTES}::int or position = 1 order by position`,
  );
  return chosen.map(({ trajectoryId }) => trajectoryId);
}
