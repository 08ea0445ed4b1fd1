import { z } from "zod";
import type { Environment } from "./ports";
import { splits, type Subtask } from "./trajectory";

/** What an environment said of itself when it was last connected: kept so that looking at it connects nothing. */
export const EnvironmentAbout = z.object({
  capabilities: z.object({
    concurrentEpisodes: z.number(),
    successThreshold: z.number(),
    maxSteps: z.number().nullable(),
  }),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  caveats: z.array(z.string()),
  /** Whether it brings the messages an episode opens with. */
  ownOpening: z.boolean(),
  subtasks: z.number(),
  /** How many subtasks are in each split; null where it has none. */
  splits: z.record(z.enum(splits), z.number()).nullable(),
  /** How many kinds of task there are. */
  taskTypes: z.number(),
});
export type EnvironmentAbout = z.infer<typeof EnvironmentAbout>;

/** Sums up a connected environment and its subtasks. */
export function aboutOf(
  { capabilities, facts, caveats, opening }: Environment,
  subtasks: Subtask[],
): EnvironmentAbout {
  const counts = { train: 0, dev: 0, test: 0 };
  for (const { split } of subtasks) if (split) counts[split] += 1;
  return {
    capabilities,
    facts,
    caveats,
    ownOpening: opening.length > 0,
    subtasks: subtasks.length,
    splits: subtasks.some(({ split }) => split !== null) ? counts : null,
    taskTypes: new Set(subtasks.flatMap(({ taskType }) => taskType ?? [])).size,
  };
}
