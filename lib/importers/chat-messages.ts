import { z } from "zod";
import type { Message } from "@/lib/core/trajectory";
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
type Part = z.infer<typeof TextPart> | z.infer<typeof ValuePart> | z.infer<typeof CallPart>;

const Content = z
  .union([z.string(), z.array(z.union([TextPart, ValuePart, CallPart]))], {
    error: "must be text; images and other parts cannot be read",
  })
  .nullish()
  .transform((content) => (Array.isArray(content) ? inParts(content) : { text: content ?? null, calls: [] }));

function inParts(parts: Part[]): { text: string | null; calls: WrittenCall[] } {
  const texts = parts.flatMap((part) => ("text" in part ? [part.text] : "value" in part ? [part.value] : []));
  const calls = parts.flatMap((part) => ("call" in part ? [part.call] : []));
  return { text: texts.length === 0 && calls.length > 0 ? null : texts.join(""), calls };
}

const ToolCall = z
  .object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) })
  .transform((call) => ({ id: call.id, name: call.function.name, arguments: call.function.arguments }));

const Entry = z.object({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: Content,
  tool_calls: z.array(ToolCall).nullish(),
  tool_call_id: z.string().nullish(),
  name: z.string().nullish(),
});
type Entry = z.infer<typeof Entry>;

/** Chat messages as OpenAI spells them, in our spelling. Other keys, `weight` among them, are not read. */
export const ChatMessages = z
  .array(Entry)
  .min(1)
  .transform((entries) => entries.map(toMessage));

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

/** Calls without an id are named by their place: message and call. */
const numbered = (calls: WrittenCall[], message: number) =>
  calls.map((call, index) => ({ id: `call_${message}_${index}`, ...call }));

function toMessage({ role, content, tool_calls, tool_call_id, name }: Entry, index: number): Message {
  const { text, calls } = content;
  if (role === "assistant") {
    const toolCalls = [...(tool_calls ?? []), ...numbered(calls, index)];
    return { role, content: text, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
  }
  if (role === "tool" || role === "function") {
    return {
      role: "tool",
      content: text,
      ...(tool_call_id ? { toolCallId: tool_call_id } : {}),
      ...(name ? { name } : {}),
    };
  }
  return { role: role === "developer" ? "system" : role, content: text };
}
