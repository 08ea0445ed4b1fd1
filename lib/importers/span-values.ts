import { langfuseSpans, withLangfuse } from "./langfuse";
import { isRecord } from "./sharegpt";
import { listOf, startOf, textOf, type Span } from "./span-text";

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

function attributesOf(given: unknown): Record<string, unknown> {
  if (!Array.isArray(given)) return isRecord(given) ? given : {};
  return Object.fromEntries(
    given.flatMap((pair: unknown) =>
      isRecord(pair) && typeof pair.key === "string" ? [[pair.key, anyValue(pair.value)]] : [],
    ),
  );
}

/** Attributes of a span and of the events on it, where newer conventions put what was said and how it was judged. */
function withEvents(span: Record<string, unknown>): Record<string, unknown> {
  const own = attributesOf(span.attributes);
  const events = listOf(span.events).map((event) => (isRecord(event) ? attributesOf(event.attributes) : {}));
  const all: Record<string, unknown> = Object.assign({}, ...events, own);
  return all;
}

/** The service a span is of, where somebody named it. */
function serviceOf(resource: unknown): Record<string, unknown> {
  const name = isRecord(resource) ? attributesOf(resource.attributes)["service.name"] : null;
  return typeof name === "string" && !name.startsWith("unknown_service") ? { "service.name": name } : {};
}

const judged = "gen_ai.evaluation.";

/** Judgements stand in events of their own; several of one span must not hide each other. */
function judgementsOn(given: Record<string, unknown>, span: Span): Span[] {
  const events = listOf(given.events).map((event) => (isRecord(event) ? attributesOf(event.attributes) : {}));
  const found = events.filter((attributes) => Object.keys(attributes).some((key) => key.startsWith(judged)));
  return found.map((attributes) => ({ ...span, name: "evaluation", attributes }));
}

function spanOf(given: unknown, resource?: unknown): Span[] {
  if (!isRecord(given)) return [];
  const context = isRecord(given.context) ? given.context : {};
  const traceId = textOf(given.traceId, given.trace_id, context.trace_id, context.traceId);
  const name = textOf(given.name);
  if (traceId === "" || !("attributes" in given)) return [];
  const start = startOf(
    given.startTimeUnixNano,
    given.start_time_unix_nano,
    given.start_time,
    given.startTime,
    given.timeUnixNano,
    given.observedTimeUnixNano,
    given.timestamp,
  );
  const said = withLangfuse(name, withEvents(given));
  const attributes = { ...serviceOf(resource ?? given.resource), ...said };
  const span = { traceId, name, start, attributes };
  const judgements = judgementsOn(given, span);
  if (judgements.length === 0) return [span];
  const own = Object.entries(attributes).filter(([key]) => !key.startsWith(judged));
  return [{ ...span, attributes: Object.fromEntries(own) }, ...judgements];
}

/** The spans of an OTLP export, or the records of its logs, where newer conventions may put what was said. */
function exported(record: Record<string, unknown>): Span[] | null {
  const resources =
    record.resourceSpans ?? record.resource_spans ?? record.resourceLogs ?? record.resource_logs;
  if (!Array.isArray(resources)) return null;
  return resources.filter(isRecord).flatMap((each) => {
    const scopes =
      each.scopeSpans ??
      each.scope_spans ??
      each.instrumentationLibrarySpans ??
      each.scopeLogs ??
      each.scope_logs;
    const entries = listOf(scopes)
      .filter(isRecord)
      .flatMap((scope) => listOf(scope.spans ?? scope.logRecords ?? scope.log_records));
    return entries.flatMap((span) => spanOf(span, each.resource));
  });
}

/**
 * The spans in a record: an OTLP export of spans or logs, one span, what Langfuse exports; null for anything else.
 */
export function spansIn(record: unknown): Span[] | null {
  if (!isRecord(record)) return null;
  const found = exported(record) ?? langfuseSpans(record);
  if (found !== null) return found;
  if (!("spanId" in record || "span_id" in record || "context" in record)) return null;
  const one = spanOf(record);
  return one.length === 0 ? null : one;
}
