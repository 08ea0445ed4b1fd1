import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { ChatMessages } from "./chat-messages";
import { keyOf, repositoryTask } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, isShop, readTurns } from "./turns";

const Name = z
  .union([z.string().min(1), z.number()])
  .transform(String)
  .nullish();

const Entry = z.object({
  messages: ChatMessages,
  tools: z.array(z.unknown()).nullish(),
  id: Name,
  environment: z.string().min(1).nullish(),
  subtaskKey: Name,
  task_id: Name,
  instruction: z.string().nullish(),
  model: z.string().nullish(),
  reward: z.number().nullish(),
  success: z.boolean().nullish(),
  /** How data sets of repository tasks say it. */
  instance_id: Name,
  resolved: z.boolean().nullish(),
});

/**
 * OpenAI chat messages, with or without tool calls: `messages`, optional `tools`, and beside them optional `reward`,
 * `success` (or `resolved`), `id`, `environment`, `subtaskKey` (or `task_id`, `instance_id`), `instruction`, `model`.
 */
export const openai: Importer = {
  format: "openai",
  title: "OpenAI chat messages (messages, tools)",
  recognises: (record) => isRecord(record) && Array.isArray(record.messages),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const turns = readTurns(entry.messages, { react: "marked" });
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
