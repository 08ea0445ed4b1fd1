import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { keyOf, Name } from "./message-text";
import { namedConversation } from "./named-conversation";
import { environmentOf } from "./outcome";
import { shaped } from "./record-value";
import { Fragments, holdsList, messageOf } from "./sharegpt";
import { readTurns } from "./turns";

const Entry = z.object({
  id: Name.nullish(),
  conversations: Fragments,
  reward: z.number().nullish(),
  model: z.string().nullish(),
  /** Who acted: `human`, or a model's name. */
  source: z.string().nullish(),
});

const withoutLabel = (observation: string) => observation.replace(/^Observation: ?/, "");

/** ETO and other ShareGPT files: `id`, `conversations` of `{from, value}`, a reward. */
export const eto: Importer = {
  format: "eto",
  title: "ETO / ShareGPT (id, conversations of from and value, reward)",
  recognises: (record) => holdsList(record, "conversations", ["from", "value"]),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const turns = readTurns(entry.conversations.map(messageOf), {
      react: "always",
      observationOf: withoutLabel,
    });
    const said = { ...entry, model: entry.model ?? entry.source };
    if (typeof entry.id === "string") return namedConversation({ ...said, id: entry.id }, turns, defaults);
    // Nothing is named by an id that is not there.
    const environment = environmentOf(null, defaults);
    return {
      ...namedConversation({ ...said, id: keyOf(turns), environment }, turns, defaults),
      externalId: null,
    };
  },
};
