import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { environmentIn, Fragments, isRecord, maskedOpening, messageOf } from "./sharegpt";
import { instructionOf, readTurns } from "./turns";

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
    const environment = environmentOf(environmentIn(entry.item_id, defaults.environment), defaults);
    const openingLength = maskedOpening(entry.conversations);
    const turns = readTurns(entry.conversations.map(messageOf), {
      react: "always",
      ...(openingLength === undefined ? {} : { openingLength }),
    });
    return {
      environment,
      subtaskKey: entry.item_id,
      instruction: instructionOf(turns),
      source: defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf(entry, environment, defaults),
      ...turns,
      tools: null,
      externalId: entry.item_id,
    };
  },
};
