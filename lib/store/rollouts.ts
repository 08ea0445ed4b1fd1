import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Rollout } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import type { Step as StepFact } from "@/lib/core/trajectory";
import { claim, end, recordStep, recordUsage, startCall } from "./claims";
import type { Db } from "./client";
import { addEvidence } from "./evidence";
import { rolloutsOf } from "./facts";
import { Prisma } from "./generated/client";
import { demandId } from "./ids";
import { cancelQueued, reap, release, renew, waiting } from "./leases";
import { read, RolloutRow, rolloutColumns, Step } from "./rows";

/** Rollouts: claimed by one worker at a time, every write of it fenced by the epoch it claimed. */
export function rolloutsIn(db: Db): Store["rollouts"] {
  return {
    claim: (runId, trajectoryId, owner, leaseMs) => claim(db, runId, trajectoryId, owner, leaseMs),
    startCall: (rolloutId, epoch) => startCall(db, rolloutId, epoch),
    recordStep: (rolloutId, epoch, stepIndex, step, usage, callNext = false) =>
      recordStep(db, { rolloutId, epoch, stepIndex, step, usage, callNext }),
    recordUsage: (rolloutId, epoch, usage) => recordUsage(db, rolloutId, epoch, usage),
    end: (rolloutId, epoch, how, promptVersion) => end(db, rolloutId, epoch, how, promptVersion),
    release: (rolloutId, epoch) => release(db, rolloutId, epoch),
    renew: (owner, leaseMs, rolloutIds) => renew(db, owner, leaseMs, rolloutIds),
    reap: (maxClaims) => reap(db, maxClaims),
    waiting: (limit) => waiting(db, limit),
    cancelQueued: (runId) => cancelQueued(db, runId),
    list: (runId, trajectoryId) => rolloutsOf(db, runId, [trajectoryId]),
    get: async (rolloutId) => {
      const [rollout] = await getMany(db, [rolloutId]);
      if (!rollout) throw new AppError("not_found", `there is no rollout ${rolloutId}`);
      return rollout;
    },
    getMany: (rolloutIds) => getMany(db, rolloutIds),
    addEvidence: (runId, drafts) => addEvidence(db, runId, drafts),
  };
}

const WithEnd = RolloutRow.extend({ finalObservation: z.string().nullable() });
const RolloutStep = Step.extend({ rolloutId: z.number() });

async function getMany(db: Db, rolloutIds: number[]): Promise<Rollout[]> {
  rolloutIds.forEach((id) => demandId("rollout", id));
  const [rows, steps] = await Promise.all([
    read(
      db,
      WithEnd,
      Prisma.sql`select ${rolloutColumns}, r.final_observation as "finalObservation"
        from rollout r where r.id = any(${rolloutIds}::int[])`,
    ),
    read(
      db,
      RolloutStep,
      Prisma.sql`select rollout_id as "rolloutId", observation, thought, action, reward, messages
        from rollout_step where rollout_id = any(${rolloutIds}::int[]) order by rollout_id, step_index`,
    ),
  ]);
  const rollouts = new Map(rows.map((row) => [row.rolloutId, { ...row, steps: new Array<StepFact>() }]));
  for (const { rolloutId, ...step } of steps) rollouts.get(rolloutId)?.steps.push(step);
  return rolloutIds.map((id) => {
    const rollout = rollouts.get(id);
    if (!rollout) throw new AppError("not_found", `there is no rollout ${id}`);
    return rollout;
  });
}
