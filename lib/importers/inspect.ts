import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { callArguments, ContentText } from "./message-text";
import { outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, readTurns } from "./turns";

const Call = z.object({ id: z.string(), function: z.string(), arguments: z.unknown().optional() });
const ChatMessage = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: ContentText,
  tool_calls: z.array(Call).nullish(),
  tool_call_id: z.string().nullish(),
  function: z.string().nullish(),
  error: z.object({ type: z.string().nullish(), message: z.string().nullish() }).nullish(),
});
const Score = z.object({ value: z.unknown().optional() });
const Sample = z.object({
  id: z.union([z.string().min(1), z.number()]).transform(String),
  epoch: z.number().int().nullish(),
  input: z.unknown().optional(),
  messages: z.array(ChatMessage).min(1),
  scores: z.record(z.string(), Score).nullish(),
  output: z.object({ model: z.string().nullish() }).nullish(),
  header: z
    .object({
      eval: z.object({ task: z.string().nullish(), model: z.string().nullish() }).nullish(),
    })
    .nullish(),
});

/** Long texts are kept once per sample and pointed to. */
function resolved(value: unknown, attachments: Record<string, unknown>): unknown {
  if (typeof value === "string") {
    const text = value.startsWith("attachment://") ? attachments[value.slice("attachment://".length)] : value;
    return typeof text === "string" ? text : value;
  }
  if (Array.isArray(value)) return value.map((each) => resolved(each, attachments));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner, attachments)]));
}

function messageOf(said: z.infer<typeof ChatMessage>): Message {
  const { role, content, tool_calls: calls, tool_call_id: id, function: name, error } = said;
  if (role === "tool") {
    const text = content?.trim() ? content : (error?.message ?? content);
    return { role, content: text, ...(id ? { toolCallId: id } : {}), ...(name ? { name } : {}) };
  }
  const toolCalls = (calls ?? []).map((call) => {
    return { id: call.id, name: call.function, arguments: callArguments(call.arguments) };
  });
  const empty = content === null || content === "";
  if (role !== "assistant" || toolCalls.length === 0) return { role, content };
  return { role, content: empty ? null : content, toolCalls };
}

const letters: Record<string, number> = { C: 1, P: 0.5, I: 0, N: 0 };

/** The first score that is on a scale of right and wrong; letters are Inspect's: correct, partial, incorrect, no answer. */
function outcomeIn(scores: z.infer<typeof Sample>["scores"]): { reward?: number; success?: boolean } {
  for (const { value } of Object.values(scores ?? {})) {
    if (typeof value === "boolean") return { reward: value ? 1 : 0, success: value };
    const letter = typeof value === "string" && Object.hasOwn(letters, value) ? letters[value] : undefined;
    const reward = letter ?? (typeof value === "number" && value >= 0 && value <= 1 ? value : undefined);
    if (reward !== undefined) return { reward, success: reward >= 1 };
  }
  return {};
}

/** What of a sample is read: events repeat the messages many times over and are left out. */
function sampleOf(sample: unknown, header: Record<string, unknown>): unknown {
  if (!isRecord(sample)) return sample;
  const { events: _, events_data: _pool, store: _store, attachments, messages, input, ...rest } = sample;
  const texts = isRecord(attachments) ? attachments : {};
  return { ...rest, header, messages: resolved(messages, texts), input: resolved(input, texts) };
}

/** The samples of a log in one JSON object; null for anything else. A sample of a `.eval` file comes with its header. */
export function inspectWithin(record: unknown, header?: Record<string, unknown>): unknown[] | null {
  if (!isRecord(record)) return null;
  if (header !== undefined) return [sampleOf(record, header)];
  if (!Array.isArray(record.samples) || !isRecord(record.eval)) return null;
  return record.samples.map((sample: unknown) => sampleOf(sample, { eval: record.eval }));
}

/** Inspect's samples, out of a `.eval` archive or a `.json` log: for looking at and cloning, not for replay. */
export const inspect: Importer = {
  format: "inspect",
  title: "Inspect logs (.eval, .json with samples)",
  recognises: (record) =>
    isRecord(record) && Array.isArray(record.messages) && "epoch" in record && "id" in record,
  read(record, defaults) {
    const sample = shaped(Sample, record);
    const { eval: about } = sample.header ?? {};
    const task = about?.task?.split("/").at(-1);
    const turns = readTurns(sample.messages.map(messageOf), { react: "marked" });
    const environment = defaults.environment ?? (task ? task : "inspect");
    return {
      environment,
      subtaskKey: sample.id,
      instruction: typeof sample.input === "string" ? clamp(sample.input) : instructionOf(turns),
      source: defaults.source,
      model: about?.model ?? sample.output?.model ?? defaults.model,
      ...outcomeOf(outcomeIn(sample.scores), environment, defaults),
      ...turns,
      tools: null,
      externalId: `${sample.id}_epoch_${sample.epoch ?? 1}`,
    };
  },
};
