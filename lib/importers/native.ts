import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import { Message, sources, Step } from "@/lib/core/trajectory";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp } from "./turns";

const NativeStep = z.strictObject({
  observation: Step.shape.observation,
  thought: Step.shape.thought.default(null),
  action: Step.shape.action,
  reward: z.number().min(0).max(1).nullable().default(null),
  messages: Step.shape.messages.default(null),
});

/** One line of our own JSONL; see `native`. */
export const NativeRecord = z.strictObject({
  format: z.literal("gleaner/1"),
  environment: z.string().min(1).nullable().default(null),
  subtaskKey: z.string().min(1),
  instruction: z.string(),
  source: z.enum(sources).nullable().default(null),
  model: z.string().nullable().default(null),
  reward: z.number().nullable().default(null),
  success: z.boolean().nullable().default(null),
  opening: z.array(Message).default([]),
  tools: z.array(z.unknown()).nullable().default(null),
  steps: z.array(NativeStep).min(1),
  finalObservation: z.string().nullable().default(null),
  externalId: z.string().nullable().default(null),
});

/**
 * Our own JSONL: one trajectory per line, the fields of TrajectoryDraft in lib/core/trajectory.ts under the same names,
 * and `"format":"gleaner/1"` beside them. Needed are `format`, `subtaskKey`, `instruction` and `steps`; a step needs
 * `observation` and `action`. An unknown key is an error, so that a misspelt one is not lost.
 *
 * ```json
 * {"format":"gleaner/1","environment":"webshop","subtaskKey":"webshop_6","instruction":"Find me …","source":"expert",
 *  "model":"gpt-4","reward":0.5,"opening":[{"role":"system","content":"…"}],
 *  "steps":[{"observation":"WebShop [SEP] …","thought":"I look for …","action":"search[red shoes]","reward":0}],
 *  "finalObservation":"Thank you …","externalId":"run-3/17"}
 * ```
 *
 * Without `success`, a reward of 1 is success. Without `opening`, the environment's own prompt is used. `messages` of a
 * step is only needed where the chat was not observation in, `Thought:`/`Action:` out.
 */
export const native: Importer = {
  format: "native",
  title: "Gleaner JSONL (format gleaner/1)",
  recognises: (record) =>
    isRecord(record) && typeof record.format === "string" && record.format.startsWith("gleaner/"),
  read(record, defaults) {
    const { format: _format, ...entry } = shaped(NativeRecord, record);
    const environment = environmentOf(entry.environment, defaults);
    return {
      ...entry,
      environment,
      instruction: clamp(entry.instruction),
      source: entry.source ?? defaults.source,
      model: entry.model ?? defaults.model,
      ...outcomeOf(entry, environment, defaults),
    };
  },
};
