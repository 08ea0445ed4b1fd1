import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { toolsOf } from "./inspect-tools";
import { callArguments, ContentText, Name } from "./message-text";
import { outcomeOf } from "./outcome";
import { reasoningIn, withReasoning } from "./reasoning";
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
  id: Name,
  epoch: z.number().int().nullish(),
  input: z.unknown().optional(),
  messages: z.array(ChatMessage).min(1),
  scores: z.record(z.string(), Score).nullish(),
  output: z.object({ model: z.string().nullish() }).nullish(),
  error: z.unknown().optional(),
  limit: z.unknown().optional(),
  tools: z.array(z.unknown()).nullish(),
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

/** The reward a score stands for where it is a verdict; letters are Inspect's: correct, partial, incorrect, no answer. */
function verdictOf(value: unknown): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" && Object.hasOwn(letters, value) ? (letters[value] ?? null) : null;
}

const onScale = (value: unknown) => (typeof value === "number" && value >= 0 && value <= 1 ? value : null);

/**
 * What the scores say together: the verdicts, or where there is none the numbers from 0 to 1. Inspect ranks no score
 * above another: where they differ, the outcome is not known.
 */
function outcomeIn(scores: z.infer<typeof Sample>["scores"]): { reward?: number; success?: boolean } {
  const values = Object.values(scores ?? {}).map(({ value }) => value);
  const verdicts = values.map(verdictOf).filter((reward) => reward !== null);
  const numbers = values.map(onScale).filter((reward) => reward !== null);
  const [reward, ...others] = verdicts.length > 0 ? verdicts : numbers;
  if (reward === undefined) return {};
  if (others.every((other) => other === reward)) return { reward, success: reward >= 1 };
  return others.every((other) => other >= 1 === reward >= 1) ? { success: reward >= 1 } : {};
}

/** Whether a sample broke off, or has scores that may be no verdict: it is not one that says nothing. */
const isOpen = ({ error, limit, scores }: z.infer<typeof Sample>): boolean =>
  Boolean(error) || Boolean(limit) || Object.keys(scores ?? {}).length > 0;

/** What of a sample is read: events repeat the messages many times over; of them only the tools are kept. */
function sampleOf(sample: unknown, header: Record<string, unknown>): unknown {
  if (!isRecord(sample)) return sample;
  const { events, events_data: _pool, store: _store, attachments, messages, input, ...rest } = sample;
  const texts = isRecord(attachments) ? attachments : {};
  const tools = resolved(toolsOf(messages, events), texts);
  return { ...rest, header, messages: resolved(messages, texts), input: resolved(input, texts), tools };
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
    const read = readTurns(sample.messages.map(messageOf), { react: "marked" });
    const turns = withReasoning(read, isRecord(record) ? reasoningIn(record.messages) : []);
    const environment = defaults.environment ?? (task ? task : "inspect");
    return {
      environment,
      subtaskKey: sample.id,
      instruction: typeof sample.input === "string" ? clamp(sample.input) : instructionOf(turns),
      source: defaults.source,
      model: about?.model ?? sample.output?.model ?? defaults.model,
      ...outcomeOf({ ...outcomeIn(sample.scores), open: isOpen(sample) }, environment, defaults),
      ...turns,
      tools: sample.tools ?? null,
      externalId: `${sample.id}_epoch_${sample.epoch ?? 1}`,
    };
  },
};
