import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { Name } from "./message-text";
import { ChatMessages } from "./chat-messages";
import { namedConversation } from "./named-conversation";
import { shaped } from "./record-value";
import { holdsList } from "./sharegpt";
import { readTurns } from "./turns";

const Entry = z.object({
  id: Name,
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
    const turns = readTurns(entry.conversations, { react: "always" });
    return namedConversation(entry, turns, defaults);
  },
};
