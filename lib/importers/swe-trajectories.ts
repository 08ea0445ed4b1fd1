import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message, Step } from "@/lib/core/trajectory";
import { renderStep } from "@/lib/prompts/conversation";
import { repositoryTask } from "./message-text";
import { outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { instructionOf, readTurns } from "./turns";

const Turn = z.object({
  role: z.string(),
  text: z.string().nullish(),
  system_prompt: z.string().nullish(),
});
const Entry = z.object({
  instance_id: z.string().min(1),
  model_name: z.string().nullish(),
  target: z.union([z.boolean(), z.number()]).nullish(),
  trajectory: z.array(Turn).min(1),
});

const roles: Record<string, Message["role"]> = { system: "system", ai: "assistant", user: "user" };

/** The command is the last fenced block of a reply; what stands before it was thought. */
const fenced = /^([\s\S]*?)```[^\n`]*\n([\s\S]*?)\n?```\s*$/;

function asCommand(step: Step): Step {
  const read = fenced.exec(step.action);
  if (read?.[2] === undefined) return step;
  const thought = (read[1] ?? "").trim();
  return { ...step, thought: thought === "" ? null : thought, action: read[2], messages: renderStep(step) };
}

/** Rows of the SWE-agent trajectories data set: `instance_id`, `target` (resolved or not), `trajectory` of role and text. */
export const sweTrajectories: Importer = {
  format: "swe-trajectories",
  title: "SWE-agent trajectories as rows (instance_id, target, trajectory of role and text)",
  recognises(record) {
    const first: unknown = isRecord(record) && Array.isArray(record.trajectory) ? record.trajectory[0] : null;
    return isRecord(first) && "role" in first && "text" in first;
  },
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const messages = entry.trajectory.map(({ role, text, system_prompt: rules }): Message => {
      return {
        role: (Object.hasOwn(roles, role) ? roles[role] : undefined) ?? "user",
        content: text ?? rules ?? "",
      };
    });
    const turns = readTurns(messages, { react: "marked" });
    const environment = defaults.environment ?? "swe-agent";
    const success = entry.target === null || entry.target === undefined ? null : Boolean(entry.target);
    return {
      environment,
      subtaskKey: repositoryTask(entry.instance_id) ?? entry.instance_id,
      instruction: instructionOf(turns),
      source: defaults.source,
      model: entry.model_name ?? defaults.model,
      ...outcomeOf({ success }, environment, defaults),
      ...turns,
      steps: turns.steps.map(asCommand),
      tools: null,
      externalId: entry.instance_id,
    };
  },
};
