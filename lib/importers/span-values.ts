import { z } from "zod";
import { isRecord } from "./sharegpt";

/** One span of a trace, however it was exported. `start` orders the spans of a trace. */
export const Span = z.object({
  traceId: z.string(),
  name: z.string(),
  start: z.string(),
  attributes: z.record(z.string(), z.unknown()),
});
export type Span = z.infer<typeof Span>;

/** A value as OTLP writes it in JSON, as plain JSON. */
function anyValue(value: unknown): unknown {
  if (!isRecord(value)) return value;
  if ("stringValue" in value) return value.stringValue;
  if ("intValue" in value) return Number(value.intValue);
  if ("doubleValue" in value) return value.doubleValue;
  if ("boolValue" in value) return value.boolValue;
  if (isRecord(value.arrayValue)) return listOf(value.arrayValue.values).map(anyValue);
  if (isRecord(value.kvlistValue)) return attributesOf(value.kvlistValue.values);
  return null;
}

export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function attributesOf(given: unknown): Record<string, unknown> {
  if (!Array.isArray(given)) return isRecord(given) ? given : {};
  return Object.fromEntries(
    given.flatMap((pair: unknown) =>
      isRecord(pair) && typeof pair.key === "string" ? [[pair.key, anyValue(pair.value)]] : [],
    ),
  );
}

const textOf = (...values: unknown[]): string => {
  const found = values.find((value) => typeof value === "string" || typeof value === "number");
  return found === undefined ? "" : String(found);
};

/** Attributes of a span and of the events on it, where newer conventions put what was said and how it was judged. */
function withEvents(span: Record<string, unknown>): Record<string, unknown> {
  const own = attributesOf(span.attributes);
  const events = listOf(span.events).map((event) => (isRecord(event) ? attributesOf(event.attributes) : {}));
  const all: Record<string, unknown> = Object.assign({}, ...events, own);
  return all;
}

function spanOf(given: unknown): Span | null {
  if (!isRecord(given)) return null;
  const context = isRecord(given.context) ? given.context : {};
  const traceId = textOf(given.traceId, given.trace_id, context.trace_id, context.traceId);
  const name = textOf(given.name);
  if (traceId === "" || !("attributes" in given)) return null;
  const start = textOf(
    given.startTimeUnixNano,
    given.start_time_unix_nano,
    given.start_time,
    given.startTime,
  );
  return { traceId, name, start: start.padStart(24, "0"), attributes: withEvents(given) };
}

/** A Langfuse observation speaks of a call in words of its own; they are put into those of OpenTelemetry. */
function observationOf(given: unknown, sessionId: string): Span | null {
  if (!isRecord(given) || typeof given.type !== "string") return null;
  const traceId = textOf(given.traceId, given.trace_id);
  if (traceId === "" || !/^(GENERATION|SPAN|EVENT|TOOL|AGENT|CHAIN)$/.test(given.type)) return null;
  const attributes: Record<string, unknown> = {};
  if (sessionId !== "") attributes["gen_ai.conversation.id"] = sessionId;
  if (given.type === "GENERATION") {
    attributes["gen_ai.operation.name"] = "chat";
    attributes["gen_ai.request.model"] = given.model;
    attributes["gen_ai.input.messages"] = given.input;
    attributes["gen_ai.output.messages"] = given.output;
  }
  const start = textOf(given.startTime, given.start_time);
  return { traceId, name: textOf(given.name), start: start.padStart(24, "0"), attributes };
}

function traceOf(record: Record<string, unknown>): Span[] | null {
  if (!Array.isArray(record.observations) || typeof record.id !== "string") return null;
  const { id, sessionId, session_id: session } = record;
  const spans = record.observations.map((each: unknown) =>
    observationOf(isRecord(each) ? { traceId: id, ...each } : each, textOf(sessionId, session)),
  );
  const judged = listOf(record.scores).flatMap((score) => (isRecord(score) ? [score] : []));
  const [score] = judged;
  const attributes = {
    "gen_ai.evaluation.score.value": score?.value,
    "gen_ai.evaluation.score.label": score?.stringValue,
  };
  if (score && spans[0]) spans[0] = { ...spans[0], attributes: { ...spans[0].attributes, ...attributes } };
  return spans.filter((span) => span !== null);
}

/**
 * The spans in a record: an OTLP export (`resourceSpans`), one span, a Langfuse trace or observation; null for anything
 * else.
 */
export function spansIn(record: unknown): Span[] | null {
  if (!isRecord(record)) return null;
  const resources = record.resourceSpans ?? record.resource_spans;
  if (Array.isArray(resources)) {
    const scopes = resources.flatMap((each: unknown) =>
      isRecord(each) ? listOf(each.scopeSpans ?? each.scope_spans ?? each.instrumentationLibrarySpans) : [],
    );
    const spans = scopes.flatMap((scope) => (isRecord(scope) ? listOf(scope.spans) : []));
    return spans.map(spanOf).filter((span) => span !== null);
  }
  const trace = traceOf(record);
  if (trace !== null) return trace;
  const one =
    observationOf(record, textOf(record.sessionId)) ??
    ("spanId" in record || "span_id" in record || "context" in record ? spanOf(record) : null);
  return one === null ? null : [one];
}
