import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Step } from "@/lib/core/trajectory";
import { readAgentgymReply } from "@/lib/prompts/agentgym";
import { renderStep } from "@/lib/prompts/conversation";
import { parseReact } from "@/lib/prompts/react";
import { namedConversation } from "./named-conversation";
import { shaped } from "./record-value";
import { Fragments, isRecord, maskedOpening, messageOf } from "./sharegpt";
import { readTurns } from "./turns";

const Entry = z.object({
  item_id: z.string().min(1),
  environment: z.string().min(1).nullish(),
  conversations: Fragments,
  reward: z.number().nullish(),
  model: z.string().nullish(),
});

/** Environments whose client takes what follows the last `Action:`, or a shop command on its own. */
const lastAction = /^(?:webshop|sciworld|alfworld)_/;
const otherClient =
  /^(?:babyai|textcraft|(?:lmrlgym_)?(?:maze|wordle)|sqlgym|bird|searchqa|weather|movie|academia|todo|sheet)_/;

/** Where AgentGym's client would not take the action `parseReact` finds, the whole reply is the action. */
function asItsClientReads(itemId: string, step: Step): Step {
  const messages = renderStep(step);
  const reply = messages.reply.content ?? "";
  if (lastAction.test(itemId) ? parseReact(reply) !== null : !otherClient.test(itemId)) return step;
  const read = readAgentgymReply(reply);
  if (read === null || (read.action === step.action && read.thought === step.thought)) return step;
  return { ...step, ...read, messages };
}

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
    const steps = turns.steps.map((step) => asItsClientReads(entry.item_id, step));
    return namedConversation({ ...entry, id: entry.item_id }, { ...turns, steps }, defaults);
  },
};
