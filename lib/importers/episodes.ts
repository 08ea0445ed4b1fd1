import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Step } from "@/lib/core/trajectory";
import { Name } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf } from "./turns";

const Named = Name.nullish();
const EpisodeStep = z.object({
  observation: z.string(),
  thought: z.string().nullish(),
  action: z.string().nullish(),
  reward: z.number().nullish(),
  score: z.number().nullish(),
});
const Entry = z.object({
  id: Named,
  episode_id: Named,
  session: Named,
  session_id: Named,
  task: Named,
  task_id: Named,
  variation: Named,
  environment: z.string().min(1).nullish(),
  instruction: z.string().nullish(),
  task_description: z.string().nullish(),
  goal: z.union([z.string(), z.object({ instruction_text: z.string().nullish() })]).nullish(),
  initial_observation: z.string().nullish(),
  model: z.string().nullish(),
  reward: z.number().nullish(),
  final_reward: z.number().nullish(),
  final_score: z.number().nullish(),
  recorded_reward: z.number().nullish(),
  success: z.boolean().nullish(),
  steps: z.array(EpisodeStep).min(1),
});
type Entry = z.infer<typeof Entry>;

/**
 * Steps as `observation` before the action. Recorders that write down what came after it begin with an observation of
 * its own (`initial_observation`, or an action `reset`), or keep a `score`.
 */
function pairs(entry: Entry): { steps: Step[]; finalObservation: string | null } {
  const { steps, initial_observation: initial } = entry;
  const reset = steps[0]?.action === "reset";
  const after = reset || typeof initial === "string" || typeof steps[0]?.score === "number";
  const acts = reset ? steps.slice(1) : steps.filter((step) => typeof step.action === "string");
  const start = reset ? steps[0]?.observation : initial;
  const got = acts.map(({ thought, action, reward }, index): Step => {
    const before = index === 0 ? start : acts[index - 1]?.observation;
    const observation = after ? (before ?? "") : (acts[index]?.observation ?? "");
    const known = typeof reward === "number" && reward >= 0 && reward <= 1 ? reward : null;
    return { observation, thought: thought ?? null, action: action ?? "", reward: known, messages: null };
  });
  const last = steps.at(-1);
  const seen = after || typeof last?.action !== "string" ? last?.observation : null;
  return { steps: got, finalObservation: seen ?? null };
}

/** Episodes as plain steps: `steps` of observation and action, and beside them an id, an instruction, a reward. */
export const episodes: Importer = {
  format: "episodes",
  title: "Plain episodes (steps of observation and action)",
  recognises(record) {
    const first: unknown = isRecord(record) && Array.isArray(record.steps) ? record.steps[0] : null;
    return isRecord(first) && "observation" in first && "action" in first;
  },
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const { steps, finalObservation } = pairs(entry);
    const named = entry.id ?? entry.episode_id ?? entry.session ?? entry.session_id ?? entry.task_id ?? null;
    const task = [entry.task, entry.variation].filter((part) => part !== null && part !== undefined);
    const name = named ?? (task.length > 0 ? task.join("_") : null);
    const environment = environmentOf(entry.environment, defaults);
    const goal = typeof entry.goal === "string" ? entry.goal : entry.goal?.instruction_text;
    const instruction = entry.instruction ?? entry.task_description ?? goal;
    const reward = entry.reward ?? entry.final_reward ?? entry.final_score ?? entry.recorded_reward;
    return {
      environment,
      subtaskKey: name ?? "episode",
      instruction: instruction ? clamp(instruction) : instructionOf({ opening: [], steps }),
      source: defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf({ reward, success: entry.success }, environment, defaults),
      opening: [],
      steps,
      tools: null,
      finalObservation,
      externalId: name,
    };
  },
};
