import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { callArguments, ContentText, keyOf } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { listOf, Span } from "./span-values";
import { instructionOf, readTurns } from "./turns";

/** The spans of one conversation, gathered from all over a file. */
const Conversation = z.object({ spanConversation: z.string(), spans: z.array(Span).min(1) });

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

/** Attributes may hold JSON as text. */
function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const asText = (value: unknown): string =>
  typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);

/** A message of parts, as the GenAI conventions have it. */
function fromParts(role: Message["role"], parts: unknown[]): Message[] {
  const known = parts.filter(isRecord);
  const answers = known.filter((part) => part.type === "tool_call_response");
  if (answers.length > 0)
    return answers.map((part) => {
      const id = asText(part.id);
      return {
        role: "tool",
        content: asText(part.response ?? part.result),
        ...(id ? { toolCallId: id } : {}),
      };
    });
  const text = known.filter((part) => part.type === "text").map((part) => asText(part.content ?? part.text));
  const toolCalls = known
    .filter((part) => part.type === "tool_call")
    .map((part) => ({
      id: asText(part.id),
      name: asText(part.name),
      arguments: callArguments(part.arguments),
    }));
  const content = text.length === 0 && toolCalls.length > 0 ? null : text.join("");
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

function messagesIn(given: unknown, otherwise: Message["role"]): Message[] {
  const value = opened(given);
  if (typeof value === "string") return value === "" ? [] : [{ role: otherwise, content: value }];
  if (isRecord(value) && Array.isArray(value.messages)) return messagesIn(value.messages, otherwise);
  const list = Array.isArray(value) ? value : isRecord(value) ? [value] : [];
  return list.flatMap((each: unknown): Message[] => {
    if (!isRecord(each)) return [];
    const named =
      typeof each.role === "string" && Object.hasOwn(roles, each.role) ? roles[each.role] : undefined;
    const role = named ?? otherwise;
    return Array.isArray(each.parts) ? fromParts(role, each.parts) : fromChat(role, each);
  });
}

/** Older instrumentation numbers messages in the names of attributes: `gen_ai.prompt.0.role`. */
function numbered(attributes: Record<string, unknown>, prefix: string): Message[] {
  const said: Record<string, unknown>[] = [];
  for (const [key, value] of Object.entries(attributes)) {
    const match = key.startsWith(prefix)
      ? /^\.(\d{1,4})\.(role|content|tool_call_id)$/.exec(key.slice(prefix.length))
      : null;
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const index = Number(match[1]);
    said[index] = { ...said[index], [match[2]]: value };
  }
  return messagesIn(said.filter(Boolean), prefix.endsWith("completion") ? "assistant" : "user");
}

function saidIn({ attributes }: Span): { input: Message[]; output: Message[] } {
  const system = messagesIn(attributes["gen_ai.system_instructions"], "system");
  const asked = messagesIn(attributes["gen_ai.input.messages"], "user");
  const answered = messagesIn(attributes["gen_ai.output.messages"], "assistant");
  const instructions = listOf(opened(attributes["gen_ai.system_instructions"])).filter(isRecord);
  const rules = instructions.some((part) => "type" in part) ? fromParts("system", instructions) : system;
  const input = asked.length > 0 ? asked : numbered(attributes, "gen_ai.prompt");
  const output = answered.length > 0 ? answered : numbered(attributes, "gen_ai.completion");
  return { input: [...rules, ...input], output };
}

const same = (a: Message | undefined, b: Message | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** Most calls are sent the whole conversation again; what was said before is not said twice. */
function joined(spans: Span[]): Message[] {
  let messages: Message[] = [];
  for (const span of spans) {
    const { input, output } = saidIn(span);
    let shared = 0;
    while (shared < input.length && same(input[shared], messages[shared])) shared += 1;
    const again = shared > 0 && input.length >= messages.length;
    messages = again ? [...input, ...output] : [...messages, ...input.slice(shared), ...output];
  }
  return messages;
}

/** What the tools answered to the last calls, which no later call repeats. */
function lastAnswers(messages: Message[], spans: Span[]): Message[] {
  const calls = messages.at(-1)?.toolCalls ?? [];
  return calls.flatMap(({ id, name }): Message[] => {
    const span = spans.find(({ attributes }) => attributes["gen_ai.tool.call.id"] === id && id !== "");
    const result = span?.attributes["gen_ai.tool.call.result"];
    return result === undefined ? [] : [{ role: "tool", content: asText(result), toolCallId: id, name }];
  });
}

function first(spans: Span[], keys: string[]): unknown {
  for (const key of keys)
    for (const { attributes } of spans) {
      const value = attributes[key];
      if (value !== undefined && value !== null && value !== "") return value;
    }
  return null;
}

function judged(spans: Span[]): { reward?: number; success?: boolean } {
  const value = first(spans, ["gen_ai.evaluation.score.value"]);
  const label = asText(first(spans, ["gen_ai.evaluation.score.label"]));
  const reward = typeof value === "number" && value >= 0 && value <= 1 ? { reward: value } : {};
  if (/^(pass(ed)?|correct|success(ful)?|resolved|true)$/i.test(label)) return { ...reward, success: true };
  if (/^(fail(ed|ure)?|incorrect|unresolved|false)$/i.test(label)) return { ...reward, success: false };
  return reward;
}

const chats = /^(chat|generate_content|text_completion)/;

/**
 * Spans of the OpenTelemetry GenAI conventions, and Langfuse's traces: those of one conversation (else of one trace)
 * become one trajectory, out of the calls to a model.
 */
export const otel: Importer = {
  format: "otel-genai",
  title: "OpenTelemetry GenAI and Langfuse spans (grouped by conversation or trace)",
  recognises: (record) => isRecord(record) && "spanConversation" in record,
  read(record, defaults) {
    const { spanConversation: id, spans } = shaped(Conversation, record);
    const ordered = spans.toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
    const operation = ({ name, attributes }: Span) => asText(attributes["gen_ai.operation.name"] ?? name);
    const messages = joined(ordered.filter((span) => chats.test(operation(span))));
    const turns = readTurns([...messages, ...lastAnswers(messages, ordered)], { react: "marked" });
    const agent = first(ordered, ["gleaner.environment", "gen_ai.agent.name", "service.name"]);
    const environment = environmentOf(
      defaults.environment ?? (agent === null ? null : asText(agent)),
      defaults,
    );
    const model = first(ordered, ["gen_ai.response.model", "gen_ai.request.model"]);
    const tools = opened(first(ordered, ["gen_ai.tool.definitions"]));
    return {
      environment,
      subtaskKey: keyOf(turns),
      instruction: instructionOf(turns),
      source: defaults.source,
      model: model === null ? defaults.model : asText(model),
      ...outcomeOf(judged(ordered), environment, defaults),
      ...turns,
      tools: Array.isArray(tools) ? tools : null,
      externalId: id,
    };
  },
};
