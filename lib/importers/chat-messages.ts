import { z } from "zod";
import type { Message } from "@/lib/core/trajectory";
import { callArguments } from "./message-text";
import { writtenCall, type WrittenCall } from "./written-calls";

const TextPart = z.object({ type: z.enum(["text", "input_text", "output_text"]), text: z.string() });
/** How LLaMA-Factory's v1 trainer spells parts: a call is its JSON text. */
const ValuePart = z.object({ type: z.literal("text"), value: z.string() });
const CallPart = z
  .object({ type: z.literal("tool_call"), value: z.string() })
  .transform(({ type, value }, context) => {
    const call = writtenCall(value);
    if (call !== null) return { type, call };
    context.addIssue("is no call of a name and arguments");
    return z.NEVER;
  });
const RefusalPart = z
  .object({ type: z.literal("refusal"), refusal: z.string() })
  .transform(({ refusal }) => ({ type: "text" as const, text: refusal }));
/** What was thought is no part of what was said; see `reasoningIn`. */
const ThoughtPart = z
  .object({ type: z.enum(["reasoning", "thinking", "redacted_thinking"]) })
  .transform(() => ({ type: "text" as const, text: "" }));
type Part = z.infer<typeof TextPart> | z.infer<typeof ValuePart> | z.infer<typeof CallPart>;

const Content = z
  .union([z.string(), z.array(z.union([TextPart, ValuePart, CallPart, RefusalPart, ThoughtPart]))], {
    error: "must be text; images and other parts cannot be read",
  })
  .nullish()
  .transform((content) => (Array.isArray(content) ? inParts(content) : { text: content ?? null, calls: [] }));

function inParts(parts: Part[]): { text: string | null; calls: WrittenCall[] } {
  const texts = parts.flatMap((part) => ("text" in part ? [part.text] : "value" in part ? [part.value] : []));
  const calls = parts.flatMap((part) => ("call" in part ? [part.call] : []));
  return { text: texts.length === 0 && calls.length > 0 ? null : texts.join(""), calls };
}

const Arguments = z.union([z.string(), z.record(z.string(), z.unknown())], {
  error: "must be JSON text or an object",
});
const Called = z.object({ name: z.string(), arguments: Arguments.nullish() });
const callOf = ({ name, arguments: given }: z.infer<typeof Called>): WrittenCall => {
  return { name, arguments: callArguments(given ?? {}) };
};
const Id = z.string().nullish();

/** A call as the API spells it, one of a tool of free form, or one that is not wrapped. */
const ToolCall = z.union(
  [
    z.object({ id: Id, function: Called }).transform((call) => ({ id: call.id, ...callOf(call.function) })),
    z
      .object({ id: Id, custom: z.object({ name: z.string(), input: z.string() }) })
      .transform(({ id, custom }) => ({ id, name: custom.name, arguments: custom.input })),
    Called.extend({ id: Id }).transform((call) => ({ id: call.id, ...callOf(call) })),
  ],
  { error: "is no call of a name and arguments" },
);

const Entry = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: Content,
  tool_calls: z.array(ToolCall).nullish(),
  /** The one call of a reply, as the API spelt it before there were several. */
  function_call: Called.nullish(),
  tool_call_id: z.string().nullish(),
  name: z.string().nullish(),
  refusal: z.string().nullish(),
  audio: z.object({ transcript: z.string().nullish() }).nullish(),
});
type Entry = z.infer<typeof Entry>;

/** Chat messages as OpenAI spells them, in our spelling. Other keys, `weight` among them, are not read. */
export const ChatMessages = z
  .array(Entry)
  .min(1)
  .transform((entries, context) => entries.map((entry, index) => toMessage(entry, index, context)));

/** Tool definitions: a list, or the JSON text of one. */
export const Tools = z
  .union([z.array(z.unknown()), z.string().transform(listed)], { error: "must be a list of tools" })
  .nullish()
  .transform((tools) => (tools?.length ? tools : null));

function listed(text: string, context: z.RefinementCtx): unknown[] | null {
  if (text.trim() === "") return null;
  try {
    const tools: unknown = JSON.parse(text);
    if (Array.isArray(tools)) return tools;
  } catch {
    // Said below, as of any other text that is no list.
  }
  context.addIssue("must be a list of tools");
  return z.NEVER;
}

/** What a reply says where its content is elsewhere: a refusal, or what was spoken. */
const saidBy = ({ content, refusal, audio }: Entry) =>
  content.text || refusal || audio?.transcript || content.text;

/** Calls without an id are named by their place: message and call. */
function replyOf(entry: Entry, index: number, context: z.RefinementCtx): Message {
  const { content, tool_calls: listed, function_call: only, audio } = entry;
  const unnamed = [...(only ? [callOf(only)] : []), ...content.calls].map((call) => ({ id: null, ...call }));
  const toolCalls = [...(listed ?? []), ...unnamed].map(({ id, ...call }, at) => {
    return { id: id || `call_${index}_${at}`, ...call };
  });
  const text = saidBy(entry);
  if (!text && toolCalls.length === 0 && audio)
    context.addIssue({ code: "custom", path: [index, "audio"], message: "is speech without its transcript" });
  return { role: "assistant", content: text, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
}

function toMessage(entry: Entry, index: number, context: z.RefinementCtx): Message {
  const { role, content, tool_call_id, name } = entry;
  if (role === "assistant") return replyOf(entry, index, context);
  if (role === "tool" || role === "function") {
    return {
      role: "tool",
      content: content.text,
      ...(tool_call_id ? { toolCallId: tool_call_id } : {}),
      ...(name ? { name } : {}),
    };
  }
  return { role: role === "developer" ? "system" : role, content: content.text };
}
