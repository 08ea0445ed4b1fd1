import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { seedOf } from "@/lib/core/plan";
import { recordEpisode } from "@/lib/core/record";
import { sources, type TrajectoryDraft } from "@/lib/core/trajectory";
import type { Deps } from "./deps";
import { connectEnvironment } from "./environments";
import { connectPolicy } from "./policies";

const BATCH = 50;

/** Which subtasks to play, and who plays them. */
export const RecordInput = z.strictObject({
  environmentId: z.number().int().positive(),
  policyId: z.number().int().positive(),
  source: z.enum(sources).default("expert"),
  /** Subtasks by position in the environment's own order: `count` of them from `first`. */
  first: z.number().int().min(0).default(0),
  count: z.number().int().min(1).max(100_000).default(100),
  maxSteps: z.number().int().min(1).max(200).default(15),
  seed: z.number().int().min(0).default(0),
});
export type RecordInput = z.input<typeof RecordInput>;

export type Recorded = {
  played: number;
  solved: number;
  stored: number;
  duplicates: number;
  errored: number;
};

/**
 * Plays subtasks with a policy and stores the episodes as ordinary trajectories.
 * @param onProgress called after every stored batch
 * @throws AppError not_replayable for an environment without a driver; a broken episode is counted, not stored
 */
export async function recordTrajectories(
  deps: Deps,
  input: z.output<typeof RecordInput>,
  signal: AbortSignal,
  onProgress: (recorded: Recorded) => void = () => {},
): Promise<Recorded> {
  const row = await deps.store.environments.get(input.environmentId);
  const { policy } = await connectPolicy(deps, input.policyId);
  const environment = await connectEnvironment(deps, row);
  const recorded: Recorded = { played: 0, solved: 0, stored: 0, duplicates: 0, errored: 0 };
  try {
    const subtasks = (await environment.subtasks()).slice(input.first, input.first + input.count);
    for (let i = 0; i < subtasks.length; i += BATCH) {
      const drafts: TrajectoryDraft[] = [];
      for (const subtask of subtasks.slice(i, i + BATCH)) {
        const seed = (index: number) =>
          seedOf(input.seed, subtask.subtaskKey, { stateIndex: 0, attempt: 0 }, index);
        const about = {
          environment,
          environmentName: row.name,
          driverId: row.driver ?? "",
          subtask,
          policy,
          signal,
        };
        try {
          drafts.push(
            await recordEpisode({ ...about, source: input.source, maxSteps: input.maxSteps, seed }),
          );
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          recorded.errored += 1;
        }
      }
      const added = await deps.store.trajectories.add(drafts, null);
      recorded.played += drafts.length;
      recorded.solved += drafts.filter((d) => d.success).length;
      recorded.stored += added.stored;
      recorded.duplicates += added.duplicates;
      onProgress(recorded);
    }
  } finally {
    await environment.close();
  }
  return recorded;
}
