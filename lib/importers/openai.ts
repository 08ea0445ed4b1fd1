import { createHash } from "node:crypto";
import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { ChatMessages } from "./chat-messages";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, isShop, readTurns, type Turns } from "./turns";

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
});

/** The same task gets the same key, although a bare chat does not name it. */
function keyOf({ opening, steps }: Turns): string {
  const start = JSON.stringify([opening, steps[0]?.observation]);
  return `chat_${createHash("sha256").update(start).digest("hex").slice(0, 16)}`;
}

/**
 * OpenAI chat messages, with or without tool calls: `messages`, optional `tools`, and beside them optional `reward`,
 * `success`, `id`, `environment`, `subtaskKey` (or `task_id`), `instruction`, `model`.
 */
export const openai: Importer = {
  format: "openai",
  title: "OpenAI chat messages (messages, tools)",
  recognises: (record) => isRecord(record) && Array.isArray(record.messages),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const turns = readTurns(entry.messages, { react: "marked" });
    const shop = defaults.environment === null && isShop(turns) ? "webshop" : null;
    const environment = environmentOf(entry.environment ?? shop, defaults);
    return {
      environment,
      subtaskKey: entry.subtaskKey ?? entry.task_id ?? entry.id ?? keyOf(turns),
      instruction: entry.instruction ? clamp(entry.instruction) : instructionOf(turns),
      source: defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf(entry, environment, defaults),
      ...turns,
      tools: entry.tools ?? null,
      externalId: entry.id ?? null,
    };
  },
};
