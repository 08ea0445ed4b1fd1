import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { ChatMessages, Tools } from "./chat-messages";
import { keyOf, repositoryTask, Name } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { reasoningIn, withReasoning } from "./reasoning";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, isShop, readTurns } from "./turns";

const Named = Name.nullish();

const Entry = z.object({
  messages: ChatMessages,
  tools: Tools,
  id: Named,
  environment: z.string().min(1).nullish(),
  subtaskKey: Named,
  task_id: Named,
  instruction: z.string().nullish(),
  model: z.string().nullish(),
  reward: z.number().nullish(),
  success: z.boolean().nullish(),
  /** How data sets of repository tasks say it. */
  instance_id: Named,
  resolved: z.boolean().nullish(),
});

/** Rows of `prompt` and `completion` are messages cut in two. */
function joined(record: unknown): unknown {
  if (!isRecord(record) || Array.isArray(record.messages) || !isCut(record)) return record;
  return { ...record, messages: [record.prompt, record.completion].flat() };
}
const isCut = ({ prompt, completion }: Record<string, unknown>) =>
  Array.isArray(prompt) && Array.isArray(completion) && completion.some(isRecord);

/**
 * OpenAI chat messages, with or without tool calls: `messages`, optional `tools`, and beside them optional `reward`,
 * `success` (or `resolved`), `id`, `environment`, `subtaskKey` (or `task_id`, `instance_id`), `instruction`, `model`. Rows of trainers that spell them
 * a little otherwise are read too: `prompt` and `completion`, `tools` as JSON text, content in parts with a `value`.
 */
export const openai: Importer = {
  format: "openai",
  title: "OpenAI chat messages (messages, tools)",
  recognises: (record) => isRecord(record) && (Array.isArray(record.messages) || isCut(record)),
  read(record, defaults) {
    const whole = joined(record);
    const entry = shaped(Entry, whole);
    const read = readTurns(entry.messages, { react: "marked" });
    const turns = withReasoning(read, isRecord(whole) ? reasoningIn(whole.messages) : []);
    const shop = defaults.environment === null && isShop(turns) ? "webshop" : null;
    const instance = entry.instance_id ?? null;
    const repository = instance !== null && defaults.environment === null ? "swe" : null;
    const environment = environmentOf(entry.environment ?? shop ?? repository, defaults);
    const task = instance === null ? null : (repositoryTask(instance) ?? instance);
    return {
      environment,
      subtaskKey: entry.subtaskKey ?? entry.task_id ?? task ?? entry.id ?? keyOf(turns),
      instruction: entry.instruction ? clamp(entry.instruction) : instructionOf(turns),
      source: defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf({ ...entry, success: entry.success ?? entry.resolved }, environment, defaults),
      ...turns,
      tools: entry.tools ?? null,
      externalId: entry.id ?? instance,
    };
  },
};
