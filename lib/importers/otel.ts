import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { settled } from "./exact-integers";
import { keyOf } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { withReasoning } from "./reasoning";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { numberedTools, saidIn, type Said } from "./span-messages";
import { asText, opened, Span } from "./span-text";
import { instructionOf, readTurns } from "./turns";

/** The spans of one conversation, gathered from all over a file. */
const Conversation = z.object({ spanConversation: z.string(), spans: z.array(Span).min(1) });

/** Said or sent again, a message may be spelt a little otherwise. */
const same = (a: Said | undefined, b: Said | undefined) => spelt(a) === spelt(b);
const spelt = (said: Said | undefined) =>
  said === undefined ? null : JSON.stringify({ ...said.message, content: said.message.content ?? "" });

const replies = (said: Said[]) => said.filter(({ message }) => message.role === "assistant").length;

/** Most calls are sent the whole conversation again; what was said before is not said twice. */
function joined(spans: Span[]): Said[] {
  let told: Said[] = [];
  for (const span of spans) {
    const { input, output } = saidIn(span);
    const whole = [...input, ...output];
    // Two instruments may tell of one call.
    if (whole.length === told.length && whole.every((said, index) => same(said, told[index]))) continue;
    let shared = 0;
    while (shared < input.length && same(input[shared], told[shared])) shared += 1;
    // A history that was cut short holds fewer replies than were made: those are not lost.
    const again = shared > 0 && input.length >= told.length && replies(input) >= replies(told);
    const before = told;
    told = again
      ? whole.map((said, index) => ({ ...said, thought: said.thought ?? thoughtAt(before, index, said) }))
      : [...told, ...input.slice(shared), ...output];
  }
  return told;
}

/** What a reply was thought with is often not sent again. */
const thoughtAt = (told: Said[], index: number, { message }: Said) =>
  message.role === "assistant" && told[index]?.message.role === "assistant" ? told[index].thought : null;

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

type Judgement = { reward?: number; success?: boolean };

function judgementOf({ attributes }: Span): Judgement | null {
  const value = attributes["gen_ai.evaluation.score.value"];
  const label = asText(attributes["gen_ai.evaluation.score.label"]);
  if (value === undefined && label === "") return null;
  if (typeof value === "boolean") return { success: value };
  const reward = typeof value === "number" && value >= 0 && value <= 1 ? { reward: value } : {};
  if (/^(pass(ed)?|correct|success(ful)?|resolved|true)$/i.test(label)) return { ...reward, success: true };
  if (/^(fail(ed|ure)?|incorrect|unresolved|false)$/i.test(label)) return { ...reward, success: false };
  return reward;
}

/** What is said of an outcome, or null where nothing is. Judgements that differ leave it open: none ranks above another. */
function judged(spans: Span[]): Judgement | null {
  const all = spans.map(judgementOf).filter((judgement) => judgement !== null);
  const [first, ...others] = all.filter((judgement) => Object.keys(judgement).length > 0);
  if (all.length === 0) return null;
  const agree = others.every(({ reward, success }) => reward === first?.reward && success === first?.success);
  return first !== undefined && agree ? first : {};
}

const chats = /^(chat|completion|generate_content|text_completion)/;

/** Whether a span is a call to a model: by what it says it does, or by the answer that older instruments number. */
const isCall = ({ name, attributes }: Span) =>
  chats.test(asText(attributes["gen_ai.operation.name"] ?? attributes["llm.request.type"] ?? name)) ||
  "gen_ai.completion.0.role" in attributes;

/** Instruments record what was said only where they are told to. */
function demandSaid(calls: Span[], said: Said[]): void {
  if (said.length > 0) return;
  if (calls.length === 0) throw new AppError("invalid_input", "these spans hold no call to a model");
  throw new AppError("invalid_input", "its calls to a model were recorded without what was said", {
    fix: "let the instrumentation capture message content on spans, and record again",
  });
}

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
    const calls = ordered.filter(isCall);
    const said = joined(calls);
    demandSaid(calls, said);
    const messages = said.map(({ message }) => message);
    const read = readTurns([...messages, ...lastAnswers(messages, ordered)], { react: "marked" });
    const turns = withReasoning(
      read,
      said.filter(({ message }) => message.role === "assistant").map(({ thought }) => thought),
    );
    const judgement = judged(ordered);
    const agent = first(ordered, ["gleaner.environment", "gen_ai.agent.name", "service.name"]);
    const environment = environmentOf(
      defaults.environment ?? (agent === null ? null : asText(agent)),
      defaults,
    );
    const model = first(ordered, ["gen_ai.response.model", "gen_ai.request.model"]);
    const tools = settled(opened(first(calls, ["gen_ai.tool.definitions"])));
    return {
      environment,
      subtaskKey: keyOf(turns),
      instruction: instructionOf(turns),
      source: defaults.source,
      model: model === null ? defaults.model : asText(model),
      ...outcomeOf({ ...judgement, open: judgement !== null }, environment, defaults),
      ...turns,
      tools: Array.isArray(tools) ? tools : numberedTools(calls),
      externalId: id,
    };
  },
};
