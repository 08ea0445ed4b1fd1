import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { namedConversation } from "./named-conversation";
import { shaped } from "./record-value";
import { Fragments, isRecord, maskedOpening, messageOf } from "./sharegpt";
import { readTurns } from "./turns";

const Entry = z.object({
  item_id: z.string().min(1),
  conversations: Fragments,
  reward: z.number().nullish(),
  model: z.string().nullish(),
});

/**
 * AgentGym's AgentTraj: `item_id`, `conversations` of `{from, value, loss}`, sometimes a reward. The item id names
 * environment and subtask. `loss` is a mask for training, not a judgement, and is not read as a review.
 */
export const agenttraj: Importer = {
  format: "agenttraj",
  title: "AgentGym AgentTraj (item_id, conversations)",
  recognises: (record) => isRecord(record) && "item_id" in record && "conversations" in record,
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const openingLength = maskedOpening(entry.conversations);
    const turns = readTurns(entry.conversations.map(messageOf), {
      react: "always",
      ...(openingLength === undefined ? {} : { openingLength }),
    });
    return namedConversation({ ...entry, id: entry.item_id }, turns, defaults);
  },
};
