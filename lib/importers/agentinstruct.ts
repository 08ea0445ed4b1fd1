import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { ChatMessages } from "./chat-messages";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { environmentIn, holdsList } from "./sharegpt";
import { instructionOf, readTurns } from "./turns";

const Entry = z.object({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  conversations: ChatMessages,
  reward: z.number().nullish(),
  model: z.string().nullish(),
});

/** AgentInstruct: `id` and `conversations` of `{role, content}`. */
export const agentinstruct: Importer = {
  format: "agentinstruct",
  title: "AgentInstruct (id, conversations of role and content)",
  recognises: (record) => holdsList(record, "conversations", ["role", "content"]),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const environment = environmentOf(environmentIn(entry.id, defaults.environment), defaults);
    const turns = readTurns(entry.conversations, { react: "always" });
    return {
      environment,
      subtaskKey: entry.id,
      instruction: instructionOf(turns),
      source: defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf(entry, environment, defaults),
      ...turns,
      tools: null,
      externalId: entry.id,
    };
  },
};
