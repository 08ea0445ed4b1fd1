import { describe, expect, it } from "vitest";
import type { ImportDefaults, ImportRecord } from "@/lib/core/ports";
import { readRecords } from "@/lib/importers/registry";

const defaults: ImportDefaults = {
  environment: "e",
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

async function read(record: unknown) {
  async function* stream() {
    yield Buffer.from(typeof record === "string" ? record : JSON.stringify(record));
  }
  const found: ImportRecord[] = [];
  for await (const each of readRecords(stream(), { defaults })) found.push(each);
  return found;
}

async function draftOf(record: unknown) {
  const [found] = await read(record);
  if (!found?.ok) throw new Error(found?.reason ?? "no record");
  return found.draft;
}
const reasonOf = async (record: unknown) => {
  const [found] = await read(record);
  return found?.ok === false ? found.reason : null;
};
const asked = { role: "user", content: "Do" };
const actions = async (...replies: unknown[]) =>
  (await draftOf({ messages: [asked, ...replies] })).steps.map(({ action }) => action);

describe("chat messages as they are found", () => {
  it.each([
    ["one call, as there once was", { content: null, function_call: { name: "f", arguments: '{"a":1}' } }],
    ["arguments as an object", { tool_calls: [{ id: "c", function: { name: "f", arguments: { a: 1 } } }] }],
    ["a call without an id", { tool_calls: [{ function: { name: "f", arguments: '{"a":1}' } }] }],
    ["a call that is not wrapped", { tool_calls: [{ id: "c", name: "f", arguments: { a: 1 } }] }],
  ])("%s", async (_name, reply) => {
    expect(await actions({ role: "assistant", ...reply })).toEqual(['f({"a":1})']);
  });

  it("a call of a tool of free form, a refusal, speech with its transcript", async () => {
    expect(
      await actions(
        { role: "assistant", tool_calls: [{ id: "c", type: "custom", custom: { name: "f", input: "x" } }] },
        { role: "assistant", content: null, refusal: "I will not." },
        { role: "assistant", content: [{ type: "refusal", refusal: "No." }] },
        { role: "assistant", content: null, audio: { id: "a", transcript: "Spoken" } },
      ),
    ).toEqual(["f(x)", "I will not.", "No.", "Spoken"]);
  });

  it("reasoning is the thought, and no part of the message", async () => {
    const { steps } = await draftOf({
      messages: [
        asked,
        { role: "assistant", content: "One", reasoning_content: "hm" },
        {
          role: "assistant",
          content: [
            { type: "thinking", thinking: "so" },
            { type: "text", text: "Two" },
          ],
        },
      ],
    });
    expect(steps.map(({ thought, action, messages }) => [thought, action, messages?.reply.content])).toEqual([
      ["hm", "One", "One"],
      ["so", "Two", "Two"],
    ]);
  });

  it.each([
    [
      { messages: [asked, { role: "assistant", content: null, audio: { id: "a" } }] },
      /without its transcript/,
    ],
    [
      { messages: [{ role: "user", content: [{ type: "input_audio" }] }, asked] },
      /other parts cannot be read/,
    ],
    [
      { messages: [asked, { role: "assistant", tool_calls: [{ id: "c" }] }] },
      /no call of a name and arguments/,
    ],
    [{ input: [asked], output: [{ type: "message", content: [] }] }, /Responses API/],
    [{ type: "function_call", call_id: "c", name: "f", arguments: "{}" }, /Responses API/],
    [{ role: "user", content: "x" }, /this is one message/],
    [{ id: "x", conversations: [{ from: "narrator", value: "x" }] }, /no known speaker: “narrator”/],
  ])("%j is refused with a reason", async (record, reason) => {
    expect(await reasonOf(record)).toMatch(reason);
  });

  it("names that are integers keep their digits", async () => {
    const text =
      '{"id":9007199254740993,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y"}]}';
    expect(await draftOf(text)).toMatchObject({
      subtaskKey: "9007199254740993",
      externalId: "9007199254740993",
    });
  });
});

describe("ShareGPT", () => {
  it("knows the speakers of older files", async () => {
    const conversations = [
      { from: "human", value: "x" },
      { from: "chatgpt", value: "Thought: t\nAction: a" },
    ];
    expect((await draftOf({ id: "x", conversations })).steps.map(({ action }) => action)).toEqual(["a"]);
  });
});

describe("ShareGPT with and without an id", () => {
  const call = { from: "function_call", value: '{"name": "f", "arguments": {"n": 1}}' };
  const conversations = [{ from: "human", value: "x" }, call, { from: "observation", value: "ok" }];

  it("reads calls and tools of rows that have an id", async () => {
    const draft = await draftOf({ id: "a", conversations, tools: '[{"name": "f"}]', reward: 0.5 });
    expect(draft).toMatchObject({ subtaskKey: "a", tools: [{ name: "f" }], reward: 0.5, success: false });
    expect(draft.steps.map(({ action }) => action)).toEqual(['f({"n": 1})']);
  });

  it("names rows without one by their task", async () => {
    const draft = await draftOf({
      conversations: [
        { from: "human", value: "x" },
        { from: "gpt", value: "y" },
      ],
    });
    expect(draft).toMatchObject({ environment: "e", externalId: null });
    expect(draft.subtaskKey).toMatch(/^chat_/);
  });
});

describe("tau2-bench", () => {
  const messages = [
    { role: "assistant", content: "Hi! How can I help you today?", tool_calls: null },
    { role: "user", content: "Help", tool_calls: null },
    { role: "assistant", content: "Restart it.", tool_calls: null },
    {
      role: "user",
      content: null,
      tool_calls: [{ id: "u", name: "restart", arguments: {}, requestor: "user" }],
    },
    { role: "tool", id: "u", content: "restarted", requestor: "user" },
    { role: "user", content: "Works.", tool_calls: null },
  ];
  const simulation = { task_id: "t1", trial: 2, termination_reason: "user_stop", messages };

  it("reads every simulation of a file, without what only the customer did", async () => {
    const simulations = [
      { ...simulation, reward_info: { reward: 1 } },
      { ...simulation, reward_info: { reward: 0 }, termination_reason: "infrastructure_error" },
      { ...simulation, reward_info: null },
    ];
    const instructions = { reason_for_call: "It is dead.", task_instructions: "Mend it." };
    const records = await read({
      info: { environment_info: { domain_name: "telecom" }, agent_info: { llm: "m" } },
      tasks: [{ id: "t1", user_scenario: { instructions } }],
      simulations,
    });
    const drafts = records.map((record) => (record.ok ? record.draft : null));
    expect(drafts.map((draft) => draft?.success)).toEqual([true, null, null]);
    expect(drafts[0]).toMatchObject({
      subtaskKey: "task_t1",
      externalId: "task_t1_trial_2",
      model: "m",
      instruction: "It is dead.\nMend it.",
      opening: [{ role: "assistant" }],
      finalObservation: "Works.",
    });
    expect(drafts[0]?.steps.map(({ action }) => action)).toEqual(["Restart it."]);
  });
});

describe("the agent data protocol", () => {
  it("pairs answers with the calls they name, of several made at once", async () => {
    const call = (id: string) => ({ class_: "api_action", function: id, kwargs: {}, tool_call_id: id });
    const { steps, finalObservation } = await draftOf({
      id: "x",
      content: [
        { class_: "text_observation", content: "Do", source: "user" },
        call("a"),
        call("b"),
        { class_: "text_observation", content: "A", source: "environment", tool_call_id: "a" },
        { class_: "image_observation", content: "p.png", source: "environment", tool_call_id: "b" },
        { class_: "message_action", content: "Done" },
      ],
    });
    expect(steps.map(({ action }) => action)).toEqual(["a({})\nb({})", "Done"]);
    expect(steps[1]?.messages?.input).toEqual([
      { role: "tool", content: "A", toolCallId: "a", name: "a" },
      { role: "tool", content: "[image]", toolCallId: "b", name: "b" },
    ]);
    expect(finalObservation).toBeNull();
  });
});
