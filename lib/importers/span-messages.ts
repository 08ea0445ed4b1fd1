import type { Message } from "@/lib/core/trajectory";
import { settled } from "./exact-integers";
import { callArguments, ContentText } from "./message-text";
import { isReasoning, reasoningOf } from "./reasoning";
import { isRecord } from "./sharegpt";
import { asText, listOf, opened, type Span } from "./span-text";

/** A message, and what it was thought with where a span says so. */
export type Said = { message: Message; thought: string | null };

const roles: Record<string, Message["role"]> = {
  system: "system",
  developer: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  model: "assistant",
  ai: "assistant",
  tool: "tool",
};

/** What a part shows; one that is no text leaves its kind behind. */
function shownIn(part: Record<string, unknown>): string[] {
  if (part.type === "tool_call" || part.type === "tool_call_response" || isReasoning(part.type)) return [];
  if (part.type === "text") return [asText(part.content ?? part.text)];
  return [`[${asText(part.modality ?? part.type) || "unknown part"}]`];
}

function answersIn(parts: Record<string, unknown>[]): Message[] {
  const answers = parts.filter((part) => part.type === "tool_call_response");
  return answers.map((part): Message => {
    const id = asText(part.id);
    const content = asText(part.response ?? part.result);
    return { role: "tool", content, ...(id ? { toolCallId: id } : {}) };
  });
}

/** A message of parts, as the GenAI conventions have it. */
function fromParts(role: Message["role"], parts: unknown[]): Message[] {
  const known = parts.filter(isRecord);
  const answers = answersIn(known);
  const shown = known.flatMap(shownIn);
  if (answers.length > 0)
    return shown.length === 0
      ? answers
      : [...answers, { role: role === "tool" ? "user" : role, content: shown.join("") }];
  const toolCalls = known
    .filter((part) => part.type === "tool_call")
    .map((part) => ({
      id: asText(part.id),
      name: asText(part.name),
      arguments: callArguments(part.arguments),
    }));
  // Some instruments keep that something was said, and not what.
  const silent = known.length === 0 ? "[not recorded]" : "";
  const content = shown.length === 0 && toolCalls.length > 0 ? null : shown.join("") || silent;
  return [{ role, content, ...(role === "assistant" && toolCalls.length > 0 ? { toolCalls } : {}) }];
}

/** A message as chat APIs have it. */
function fromChat(role: Message["role"], said: Record<string, unknown>): Message[] {
  const content = ContentText.safeParse(said.content);
  const text = content.success ? content.data : asText(said.content);
  if (role === "tool") {
    const id = asText(said.tool_call_id);
    return [{ role, content: text, ...(id ? { toolCallId: id } : {}) }];
  }
  const toolCalls = listOf(said.tool_calls).flatMap((call) => {
    const called = isRecord(call) && isRecord(call.function) ? call.function : null;
    if (!isRecord(call) || called === null) return [];
    return [{ id: asText(call.id), name: asText(called.name), arguments: callArguments(called.arguments) }];
  });
  return [{ role, content: text, ...(role === "assistant" && toolCalls.length > 0 ? { toolCalls } : {}) }];
}

function messagesIn(given: unknown, otherwise: Message["role"]): Said[] {
  const value = opened(given);
  if (typeof value === "string")
    return value === "" ? [] : [{ message: { role: otherwise, content: value }, thought: null }];
  if (isRecord(value) && Array.isArray(value.messages)) return messagesIn(value.messages, otherwise);
  const list = Array.isArray(value) ? value : isRecord(value) ? [value] : [];
  return list.flatMap((each: unknown): Said[] => {
    if (!isRecord(each)) return [];
    const named =
      typeof each.role === "string" && Object.hasOwn(roles, each.role) ? roles[each.role] : undefined;
    const role = named ?? otherwise;
    const messages = Array.isArray(each.parts) ? fromParts(role, each.parts) : fromChat(role, each);
    const thought = role === "assistant" ? reasoningOf(each) : null;
    return messages.map((message) => ({ message, thought }));
  });
}

const numberedKey =
  /^\.(\d{1,4})\.(?:(role|content|tool_call_id)|tool_calls\.(\d{1,4})\.(id|name|arguments))$/;

type Numbered = { own: Record<string, unknown>; calls: Map<number, Record<string, unknown>> };

/** Older instrumentation numbers messages, and the calls in them, in the names of attributes: `gen_ai.prompt.0.role`. */
function numbered(attributes: Record<string, unknown>, prefix: string): Said[] {
  const said = new Map<number, Numbered>();
  for (const [key, value] of Object.entries(attributes)) {
    const match = key.startsWith(prefix) ? numberedKey.exec(key.slice(prefix.length)) : null;
    if (match === null) continue;
    const [, index, field, call, callField] = match;
    const entry: Numbered = said.get(Number(index)) ?? { own: {}, calls: new Map() };
    said.set(Number(index), entry);
    if (field !== undefined) entry.own[field] = field === "content" ? opened(value) : value;
    if (callField !== undefined)
      entry.calls.set(Number(call), { ...entry.calls.get(Number(call)), [callField]: value });
  }
  const ordered = [...said].toSorted(([a], [b]) => a - b);
  const messages = ordered.map(([, { own, calls }]) => ({
    ...own,
    tool_calls: [...calls]
      .toSorted(([a], [b]) => a - b)
      .map(([, { id, ...called }]) => ({ id, function: called })),
  }));
  return messagesIn(messages, prefix.endsWith("completion") ? "assistant" : "user");
}

const numberedTool = /^llm\.request\.functions\.(\d{1,4})\.(name|description|parameters)$/;

/** The tools that older instrumentation numbers likewise, of the first call that had any. */
export function numberedTools(calls: Span[]): unknown[] | null {
  for (const { attributes } of calls) {
    const tools = new Map<number, Record<string, unknown>>();
    for (const [key, value] of Object.entries(attributes)) {
      const [, index, field] = numberedTool.exec(key) ?? [];
      if (index === undefined || field === undefined) continue;
      const said = field === "parameters" ? settled(opened(value)) : value;
      tools.set(Number(index), { ...tools.get(Number(index)), [field]: said });
    }
    const ordered = [...tools].toSorted(([a], [b]) => a - b);
    if (ordered.length > 0) return ordered.map(([, tool]) => ({ type: "function", function: tool }));
  }
  return null;
}

/** What a call to a model was sent, and what it answered; of several answers to choose from the first. */
export function saidIn({ attributes }: Span): { input: Said[]; output: Said[] } {
  const system = messagesIn(attributes["gen_ai.system_instructions"], "system");
  const asked = messagesIn(attributes["gen_ai.input.messages"], "user");
  const answered = messagesIn(attributes["gen_ai.output.messages"], "assistant");
  const instructions = listOf(opened(attributes["gen_ai.system_instructions"])).filter(isRecord);
  const rules = instructions.some((part) => "type" in part)
    ? fromParts("system", instructions).map((message) => ({ message, thought: null }))
    : system;
  const input = asked.length > 0 ? asked : numbered(attributes, "gen_ai.prompt");
  const output = answered.length > 0 ? answered : numbered(attributes, "gen_ai.completion");
  return { input: [...rules, ...input], output: output.slice(0, 1) };
}
