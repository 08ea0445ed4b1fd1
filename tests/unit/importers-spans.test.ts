import { describe, expect, it } from "vitest";
import type { ImportDefaults } from "@/lib/core/ports";
import { draftOf, readText } from "../support/reading";

const defaults: ImportDefaults = {
  environment: "door",
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

const read = (records: unknown[], given: Partial<ImportDefaults> = {}) =>
  readText(records.map((record) => JSON.stringify(record)).join("\n"), { ...defaults, ...given });

const chat = (start: string, attributes: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  name: "chat m",
  context: { trace_id: "0x1", span_id: "0x2" },
  start_time: start,
  attributes: { "gen_ai.operation.name": "chat", ...attributes },
  ...more,
});
const asked = { "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"Open"}]}]' };
const answered = {
  "gen_ai.output.messages":
    '[{"role":"assistant","parts":[{"type":"reasoning","content":"hm"},{"type":"text","content":"Done"}]}]',
};

describe("spans", () => {
  it("keep the digits of calls that attributes hold as text", async () => {
    const output =
      '[{"role":"assistant","parts":[{"type":"tool_call","id":"c","name":"f","arguments":{"n":9007199254740993}}]}]';
    const [record] = await read([chat("1", { ...asked, "gen_ai.output.messages": output })]);
    expect(draftOf(record).steps[0]?.action).toBe('f({"n":9007199254740993})');
  });

  it("read calls and tools that are numbered in the names of attributes", async () => {
    const attributes = {
      "llm.request.type": "chat",
      "llm.request.functions.0.name": "look",
      "llm.request.functions.0.parameters": '{"type": "object"}',
      "gen_ai.prompt.0.role": "user",
      "gen_ai.prompt.0.content": "Open",
      "gen_ai.completion.0.role": "assistant",
      "gen_ai.completion.0.tool_calls.0.id": "c",
      "gen_ai.completion.0.tool_calls.0.name": "look",
      "gen_ai.completion.0.tool_calls.0.arguments": '{"at": "door"}',
    };
    const [record] = await read([{ ...chat("1", {}), name: "openai.chat", attributes }]);
    expect(draftOf(record).steps.map(({ action }) => action)).toEqual(['look({"at": "door"})']);
    expect(draftOf(record).tools).toEqual([
      { type: "function", function: { name: "look", parameters: { type: "object" } } },
    ]);
  });

  it("are ordered by time, however it is written", async () => {
    const more = {
      "gen_ai.input.messages": JSON.stringify([
        { role: "user", content: "Open" },
        { role: "assistant", content: "Look" },
        { role: "user", content: "Ajar" },
      ]),
      "gen_ai.output.messages": JSON.stringify([{ role: "assistant", content: "Done" }]),
    };
    const first = {
      "gen_ai.input.messages": JSON.stringify([{ role: "user", content: "Open" }]),
      "gen_ai.output.messages": JSON.stringify([{ role: "assistant", content: "Look" }]),
    };
    const [record] = await read([
      chat("2026-01-01 10:00:01", more),
      chat("2026-01-01 10:00:00.123456", first),
    ]);
    expect(draftOf(record).steps.map(({ action }) => action)).toEqual(["Look", "Done"]);
  });

  it("say a call once that two instruments recorded, with what it was thought with", async () => {
    const [record] = await read([chat("1", { ...asked, ...answered }), chat("2", { ...asked, ...answered })]);
    const { steps } = draftOf(record);
    expect(steps.map(({ thought, action }) => [thought, action])).toEqual([["hm", "Done"]]);
    expect(steps[0]?.messages?.reply).toEqual({ role: "assistant", content: "Done" });
  });

  it("keep replies that a shortened history leaves out", async () => {
    const said = (...texts: string[]) =>
      JSON.stringify(texts.map((content, index) => ({ role: index % 2 ? "assistant" : "user", content })));
    const out = (content: string) => JSON.stringify([{ role: "assistant", content }]);
    const [record] = await read([
      chat("1", { "gen_ai.input.messages": said("Open"), "gen_ai.output.messages": out("Look") }),
      chat("2", {
        "gen_ai.input.messages": JSON.stringify([
          { role: "user", content: "Open" },
          { role: "user", content: "In short: you looked." },
        ]),
        "gen_ai.output.messages": out("Done"),
      }),
    ]);
    expect(draftOf(record).steps.map(({ action }) => action)).toEqual(["Look", "Done"]);
  });

  it("name what was shown and could not be kept", async () => {
    const input = JSON.stringify([
      {
        role: "user",
        parts: [
          { type: "text", content: "See " },
          { type: "uri", modality: "image", uri: "x" },
        ],
      },
      { role: "user", parts: [] },
    ]);
    const [record] = await read([chat("1", { ...answered, "gen_ai.input.messages": input })]);
    expect(draftOf(record).steps[0]?.observation).toBe("See [image]\n[not recorded]");
  });

  it("take the service for the environment where nothing else names one", async () => {
    const resource = { attributes: { "service.name": "door-agent" } };
    const records = [chat("1", { ...asked, ...answered }, { resource })];
    expect(draftOf((await read(records, { environment: null }))[0]).environment).toBe("door-agent");
  });

  it("say why there is nothing to read", async () => {
    const [silent] = await read([chat("1", {})]);
    expect(silent).toMatchObject({ ok: false, reason: expect.stringContaining("without what was said") });
    const [none] = await read([{ ...chat("1", {}), attributes: {}, name: "GET /" }]);
    expect(none).toMatchObject({ ok: false, reason: "these spans hold no call to a model" });
  });

  it("read what logs hold of calls", async () => {
    const record = { traceId: "1", timeUnixNano: "5", attributes: [] as unknown[] };
    for (const [key, stringValue] of Object.entries({
      "gen_ai.operation.name": "chat",
      ...asked,
      ...answered,
    }))
      record.attributes.push({ key, value: { stringValue } });
    const [found] = await read([{ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }]);
    expect(draftOf(found).steps.map(({ action }) => action)).toEqual(["Done"]);
  });
});

describe("judgements of spans", () => {
  const judgement = (value: number) => ({
    name: "gen_ai.evaluation.result",
    attributes: { "gen_ai.evaluation.score.value": value },
  });
  it.each([
    [[1], 1, true],
    [[0.5, 0.5], 0.5, false],
    [[1, 0], null, null],
  ])("%j: reward %j, success %j", async (values, reward, success) => {
    const events = values.map(judgement);
    const records = [chat("1", { ...asked, ...answered }, { events })];
    expect(draftOf((await read(records, { withoutReward: "solved" }))[0])).toMatchObject({ reward, success });
  });
});

describe("Langfuse", () => {
  const generation = (more: Record<string, unknown>) => ({
    id: "o1",
    type: "GENERATION",
    name: "g",
    input: { messages: [{ role: "user", content: "Open" }], tools: [{ type: "function" }] },
    output: { role: "assistant", content: "Done" },
    ...more,
  });

  it("reads rows of its blob export: text of JSON, names with underscores, the model, the scores beside them", async () => {
    const { input, output, ...row } = generation({ trace_id: "t", start_time: "2026-05-29 13:46:19.963000" });
    const records = await read([
      { ...row, provided_model_name: "m", input: JSON.stringify(input), output: JSON.stringify(output) },
      { id: "o2", type: "RETRIEVER", trace_id: "t", start_time: "2026-05-29 13:46:20.000000" },
      { id: "s", trace_id: "t", name: "ok", value: 0, data_type: "BOOLEAN", string_value: "False" },
      { id: "s2", trace_id: "t", observation_id: "o1", value: 1, data_type: "NUMERIC" },
    ]);
    expect(records).toHaveLength(1);
    expect(draftOf(records[0])).toMatchObject({ model: "m", success: false, tools: [{ type: "function" }] });
  });

  it.each([
    ["a trace that was downloaded", { trace: { id: "t" }, observations: [generation({})] }],
    ["a page of the API", { data: [generation({ traceId: "t" })], meta: {} }],
  ])("reads %s", async (_name, record) => {
    const records = await read([record]);
    expect(draftOf(records[0]).steps.map(({ action }) => action)).toEqual(["Done"]);
  });

  it("reads the spans its own library writes", async () => {
    const attributes = {
      "langfuse.observation.type": "generation",
      "langfuse.observation.model.name": "m",
      "langfuse.observation.input": JSON.stringify(generation({}).input),
      "langfuse.observation.output": JSON.stringify(generation({}).output),
    };
    const span = { name: "g", traceId: "t", spanId: "s", startTimeUnixNano: "1", attributes };
    expect(draftOf((await read([span]))[0])).toMatchObject({ model: "m", instruction: "Open" });
  });
});
