import { z } from "zod";

/**
 * The words of the domain. A *step* is observation, thought, action, in that order; `stepIndex` is 0-based. A
 * *state* is where an episode stands: state t is reached after t actions and is where step t acts, so T steps have
 * states 0..T. Source: EEF, arXiv 2504.13145.
 */

export const roles = ["system", "user", "assistant", "tool"] as const;

/** One call of a tool; `arguments` is the JSON text exactly as the model wrote it. */
export const ToolCall = z.object({ id: z.string(), name: z.string(), arguments: z.string() });
export type ToolCall = z.infer<typeof ToolCall>;

/** One chat message, in no vendor's spelling. */
export const Message = z.object({
  role: z.enum(roles),
  content: z.string().nullable(),
  toolCalls: z.array(ToolCall).optional(),
  /** On a `tool` message: the call it answers. */
  toolCallId: z.string().optional(),
  /** On a `tool` message: the tool's name, where the source gave it. */
  name: z.string().optional(),
});
export type Message = z.infer<typeof Message>;

/** One thing an episode went through: what was seen, what was thought, what was done. */
export const Step = z.object({
  /** What was seen before acting. */
  observation: z.string(),
  /** Reasoning text before the action; null where there was none. */
  thought: z.string().nullable(),
  /** What was done, as the environment reads it; for tool calls `name(arguments)`, one per line. */
  action: z.string(),
  /** What the environment gave for this action, 0..1; null where it was not recorded. */
  reward: z.number().nullable(),
  /**
   * The chat messages this step was read from; null when `renderStep` (lib/prompts) rebuilds them exactly from the
   * fields above. `input` is everything said to the actor since its last reply.
   */
  messages: z.object({ input: z.array(Message), reply: Message }).nullable(),
});
export type Step = z.infer<typeof Step>;

export const sources = ["expert", "agent"] as const;
export type Source = (typeof sources)[number];

/** Parts of an environment's subtasks, kept apart so that what is trained on is not tested on. */
export const splits = ["train", "dev", "test"] as const;
export type Split = (typeof splits)[number];

/** One task instance of an environment. */
export const Subtask = z.object({
  /** Its name within the environment, e.g. `webshop_6`. */
  subtaskKey: z.string(),
  instruction: z.string(),
  /** Best reward any episode can reach, 0..1; null where unknown. */
  bestReward: z.number().nullable(),
  /** Which kind of task it is, e.g. `boil`; null where the environment has one kind only. */
  taskType: z.string().nullable(),
  /** Which split its environment puts it in; null where it has none. */
  split: z.enum(splits).nullable(),
});
export type Subtask = z.infer<typeof Subtask>;

/** A whole episode as an importer or a recording gives it, before it is stored. */
export const TrajectoryDraft = z.object({
  /** Name of the environment it was recorded in, e.g. `webshop`. */
  environment: z.string(),
  subtaskKey: z.string(),
  instruction: z.string(),
  source: z.enum(sources),
  /** Which model acted; null where the source does not say. */
  model: z.string().nullable(),
  /** The episode's return, 0..1; null where the source has none. */
  reward: z.number().min(0).max(1).nullable(),
  /** The environment's verdict on the episode; null where unknown (never mined, never cloned). */
  success: z.boolean().nullable(),
  /** Messages before the first observation (system prompt, task rules); empty means the environment's own prompt. */
  opening: z.array(Message),
  /** Tool definitions the actor had, as the source gave them; null where none. */
  tools: z.array(z.unknown()).nullable(),
  steps: z.array(Step).min(1),
  /** What was seen after the last action; null where it was not recorded. */
  finalObservation: z.string().nullable(),
  /** The episode's own name in its source; null where it has none. */
  externalId: z.string().nullable(),
});
export type TrajectoryDraft = z.infer<typeof TrajectoryDraft>;

/** A stored episode. */
export type Trajectory = TrajectoryDraft & {
  trajectoryId: number;
  environmentId: number;
  /** SHA-256 of the canonical draft, hex: the same episode is stored once. */
  contentHash: string;
  createdAt: Date;
};

/** What a failed expert trajectory is: the expert acted and the environment said no. */
export function isFailedExpert(trajectory: Pick<TrajectoryDraft, "source" | "success">): boolean {
  return trajectory.source === "expert" && trajectory.success === false;
}
