import { z } from "zod";
import { runStates, type RunState } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import type { Tx } from "./client";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { Id, read, readOne } from "./rows";

/** Takes the run's lock, so that it is not cancelled, finished or claimed from meanwhile. */
export async function lockRun(tx: Tx, runId: number): Promise<RunState> {
  const what = demandId("run", runId);
  const sql = Prisma.sql`select state from run where id = ${runId}::int for no key update`;
  return (await readOne(tx, z.object({ state: z.enum(runStates) }), sql, what)).state;
}

/** How a rollout begins in a run of that state: where the run was cancelled, cancelled from the start. */
export function plannedStatus(state: RunState): "queued" | "cancelled" {
  return state === "cancelling" || state === "cancelled" ? "cancelled" : "queued";
}

/**
 * Adds rollouts to trajectories that the run has; what is there is left alone.
 * @returns the trajectory of every rollout added
 */
export async function addRollouts(
  tx: Tx,
  runId: number,
  trajectories: Parameters<Store["runs"]["plan"]>[1],
  status: "queued" | "cancelled",
): Promise<number[]> {
  const probes = trajectories.flatMap(({ trajectoryId, probes }) =>
    probes.map((probe) => ({ trajectoryId, ...probe })),
  );
  const added = await read(
    tx,
    Id,
    Prisma.sql`insert into rollout (run_id, trajectory_id, state_index, attempt, status)
      select ${runId}::int, *, ${status} from unnest(${probes.map((p) => p.trajectoryId)}::int[],
        ${probes.map((p) => p.stateIndex)}::int[], ${probes.map((p) => p.attempt)}::int[])
      on conflict do nothing returning trajectory_id as id`,
  );
  return added.map(({ id }) => id);
}
