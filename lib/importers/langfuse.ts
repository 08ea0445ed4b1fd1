import { isRecord } from "./sharegpt";
import { listOf, opened, startOf, textOf, type Span } from "./span-text";

const kinds = /^(generation|span|event|tool|agent|chain|retriever|evaluator|embedding|guardrail)$/i;

/** What an observation was, in the words of OpenTelemetry: only generations call a model. */
function inOtherWords(type: string, said: Record<string, unknown>): Record<string, unknown> {
  if (/^agent$/i.test(type)) return { "gen_ai.agent.name": said.name };
  if (!/^generation$/i.test(type)) return {};
  const input = opened(said.input);
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": said.model,
    "gen_ai.input.messages": input,
    "gen_ai.output.messages": said.output,
    ...(isRecord(input) && Array.isArray(input.tools) ? { "gen_ai.tool.definitions": input.tools } : {}),
  };
}

/** Attributes of a span that Langfuse's own library wrote, with those of OpenTelemetry beside them. */
export function withLangfuse(name: string, attributes: Record<string, unknown>): Record<string, unknown> {
  const type = attributes["langfuse.observation.type"];
  if (typeof type !== "string") return attributes;
  const said = {
    name,
    model: attributes["langfuse.observation.model.name"],
    input: attributes["langfuse.observation.input"],
    output: attributes["langfuse.observation.output"],
  };
  const session = textOf(attributes["session.id"]);
  const named = session === "" ? {} : { "gen_ai.conversation.id": session };
  return { ...inOtherWords(type, said), ...named, ...attributes };
}

/** One observation, as the API, the exports of tables and those to blob storage spell it. */
function observationOf(given: unknown, session = ""): Span | null {
  if (!isRecord(given) || typeof given.type !== "string" || !kinds.test(given.type)) return null;
  const traceId = textOf(given.traceId, given.trace_id);
  if (traceId === "") return null;
  const name = textOf(given.name);
  const { input, output } = given;
  const model = textOf(given.model, given.providedModelName, given.provided_model_name) || null;
  const attributes = inOtherWords(given.type, { name, input, output, model });
  const sessionId = textOf(given.sessionId, given.session_id) || session;
  if (sessionId !== "") attributes["gen_ai.conversation.id"] = sessionId;
  return { traceId, name, start: startOf(given.startTime, given.start_time), attributes };
}

/** A score of a whole trace; one of a single observation is no verdict on the episode. */
function scoreOf(given: unknown, trace = ""): Span | null {
  if (!isRecord(given) || !("value" in given)) return null;
  const traceId = textOf(given.traceId, given.trace_id) || trace;
  const kind = given.dataType ?? given.data_type;
  if (traceId === "" || textOf(given.observationId, given.observation_id) !== "") return null;
  const value = kind === "BOOLEAN" && typeof given.value !== "boolean" ? given.value === 1 : given.value;
  const label = textOf(given.stringValue, given.string_value);
  const attributes = { "gen_ai.evaluation.score.value": value, "gen_ai.evaluation.score.label": label };
  return { traceId, name: "score", start: "", attributes };
}

/** A trace with all of its observations: as the API gives it, or as it is downloaded with the trace beside them. */
function traceOf(record: Record<string, unknown>): Span[] | null {
  const trace = isRecord(record.trace) ? record.trace : record;
  const { id } = trace;
  if (!Array.isArray(record.observations) || typeof id !== "string") return null;
  const session = textOf(trace.sessionId, trace.session_id);
  const spans = record.observations.map((each: unknown) =>
    observationOf(isRecord(each) ? { traceId: id, ...each } : each, session),
  );
  const scores = [...listOf(record.scores), ...(trace === record ? [] : listOf(trace.scores))];
  return [...spans, ...scores.map((score) => scoreOf(score, id))].filter((span) => span !== null);
}

/** What Langfuse exports, as spans: a trace, an observation, a page of them, a score; null for anything else. */
export function langfuseSpans(record: Record<string, unknown>): Span[] | null {
  const trace = traceOf(record);
  if (trace !== null) return trace;
  const page = listOf(record.data).map((each) => observationOf(each));
  if (page.length > 0 && page.every((span) => span !== null)) return page;
  const isScore = "value" in record && ("dataType" in record || "data_type" in record);
  const one = isScore ? scoreOf(record) : observationOf(record);
  if (one !== null) return [one];
  return isScore && textOf(record.traceId, record.trace_id) !== "" ? [] : null;
}
