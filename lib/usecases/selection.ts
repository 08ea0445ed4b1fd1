import { z } from "zod";
import { coverageStates } from "@/lib/core/coverage";
import { AppError } from "@/lib/core/errors";
import { reviewStates } from "@/lib/core/review";
import type { TrajectoryFilter } from "@/lib/core/rows";
import { replayStates } from "@/lib/core/run";
import type { Store } from "@/lib/core/store";
import { strategyPairs } from "@/lib/core/strategies/disagree";
import { sources } from "@/lib/core/trajectory";
import { verdicts } from "@/lib/core/verdict";

const Id = z.number().int().positive();

/** Which trajectories a list shows; every field absent or null means any. */
export const Filter = z.strictObject({
  source: z.enum(sources).nullable().default(null),
  success: z.boolean().nullable().default(null),
  environmentId: Id.nullable().default(null),
  subtaskId: Id.nullable().default(null),
  coverage: z.enum(coverageStates).nullable().default(null),
  model: z.string().max(200).nullable().default(null),
  minReward: z.number().min(0).max(1).nullable().default(null),
  maxReward: z.number().min(0).max(1).nullable().default(null),
  runId: Id.nullable().default(null),
  verdict: z.enum(verdicts).nullable().default(null),
  review: z
    .enum([...reviewStates, "unmined", "open"])
    .nullable()
    .default(null),
  replay: z.enum(replayStates).nullable().default(null),
  disagreement: z
    .enum([...strategyPairs, "any"])
    .nullable()
    .default(null),
  text: z.string().max(200).nullable().default(null),
  said: z.string().max(200).nullable().default(null),
}) satisfies z.ZodType<TrajectoryFilter>;
export type Filter = z.input<typeof Filter>;

/** Chosen trajectories: by id, or everything a filter matches. */
export const Selection = z.union([
  z.strictObject({ trajectoryIds: z.array(Id).min(1).max(100_000) }),
  z.strictObject({ filter: Filter }),
]);
export type Selection = z.infer<typeof Selection>;

/** The most trajectories one run or dataset takes at once. */
const MOST = 100_000;

/** The ids of a selection, ascending, each once. @throws AppError invalid_input when there are too many */
export async function resolveSelection(store: Store, selection: Selection): Promise<number[]> {
  if ("trajectoryIds" in selection) return [...new Set(selection.trajectoryIds)].sort((a, b) => a - b);
  const ids = await store.trajectories.ids(selection.filter, MOST + 1);
  if (ids.length > MOST)
    throw new AppError(
      "invalid_input",
      `the filter matches more than ${MOST.toLocaleString("en")} trajectories`,
      {
        fix: "narrow the filter, by environment or run, and do the rest afterwards",
      },
    );
  return ids;
}
