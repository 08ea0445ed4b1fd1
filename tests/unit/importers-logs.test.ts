import { describe, expect, it } from "vitest";
import type { ImportDefaults } from "@/lib/core/ports";
import { draftOf, readText } from "../support/reading";

const defaults: ImportDefaults = {
  environment: "e",
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

const read = (text: string, given: Partial<ImportDefaults> = {}) => readText(text, { ...defaults, ...given });

describe("Inspect", () => {
  const sample = (more: Record<string, unknown>) => ({
    id: "a",
    epoch: 1,
    messages: [
      { role: "user", content: "Is it so?" },
      { id: "m", role: "assistant", content: "Yes" },
    ],
    ...more,
  });
  const log = (...samples: unknown[]) => JSON.stringify({ eval: { task: "t", model: "m" }, samples });

  it.each([
    [{ a: { value: 0.75 }, b: { value: "C" } }, 1, true],
    [{ a: { value: "C" }, b: { value: "I" } }, null, null],
    [{ a: { value: 0.2 }, b: { value: 0.4 } }, null, false],
    [{ a: { value: 0.2 }, b: { value: 1 } }, null, null],
    [{ a: { value: { x: 1 } } }, null, null],
    [{ a: { value: 7 } }, null, null],
  ])("scores %j: reward %j, success %j, guessed nowhere", async (scores, reward, success) => {
    const [record] = await read(log(sample({ scores })), { withoutReward: "solved" });
    expect(draftOf(record)).toMatchObject({ reward, success });
  });

  it("does not count a sample as solved that broke off", async () => {
    const records = await read(
      log(sample({ error: { message: "x" } }), sample({ limit: { type: "message" } })),
      {
        withoutReward: "solved",
      },
    );
    expect(records.map((record) => draftOf(record).success)).toEqual([null, null]);
  });

  it("reads NaN in a log as no score, and text of that name as text", async () => {
    const text = log(sample({ input: 'NaN, "Infinity', scores: { a: { value: 7 } } })).replace(
      ":7}",
      ":NaN}",
    );
    expect(draftOf((await read(text))[0])).toMatchObject({ reward: null, instruction: 'NaN, "Infinity' });
    const [other] = await read('{"messages":[{"role":"assistant","content":"x"}],"reward":-Infinity}');
    expect(other).toMatchObject({ ok: false, reason: expect.stringContaining("not valid JSON") });
  });

  it("takes the tools of the call that gave the actor's reply", async () => {
    const called = (id: string, name: string) => ({
      event: "model",
      tools: [{ name, description: "d", parameters: { type: "object" } }],
      output: { choices: [{ message: { id } }] },
    });
    const [record] = await read(log(sample({ events: [called("other", "x"), called("m", "bash")] })));
    expect(draftOf(record).tools).toEqual([
      { type: "function", function: { name: "bash", description: "d", parameters: { type: "object" } } },
    ]);
  });
});

describe("ATIF", () => {
  const helper = (id: string, inner: unknown[] = []) => ({
    schema_version: "ATIF-v1.8",
    trajectory_id: id,
    agent: { name: "helper", version: "1" },
    steps: [{ step_id: 1, source: "agent", message: `did ${id}` }],
    ...(inner.length === 0 ? {} : { subagent_trajectories: inner }),
  });
  const steps = [
    { step_id: 1, source: "user", message: "Do", observation: { results: [{ content: "given" }] } },
    {
      step_id: 2,
      source: "agent",
      message: "",
      tool_calls: [{ tool_call_id: "c", function_name: "ask", arguments: {} }],
      observation: {
        results: [{ source_call_id: "c", subagent_trajectory_ref: [{ trajectory_id: "one" }] }],
      },
    },
    { step_id: 3, source: "system", message: "Compacted", observation: { results: [{ content: "short" }] } },
    { step_id: 4, source: "agent", message: "Done", reasoning_content: "hm" },
  ];
  const whole = { ...helper("top"), steps };

  it("keeps what users and the system saw, and names the helper whose work is the answer", async () => {
    const [record] = await read(JSON.stringify(whole));
    expect(draftOf(record).steps.map(({ observation }) => observation)).toEqual([
      "Do\ngiven",
      "[trajectory of a helper: one]\nCompacted\nshort",
    ]);
  });

  it("keeps reasoning out of the messages", async () => {
    const step = draftOf((await read(JSON.stringify(whole)))[0]).steps[1];
    expect(step?.thought).toBe("hm");
    expect(step?.messages?.reply).toEqual({ role: "assistant", content: "Done" });
  });

  it("reads the helpers of helpers", async () => {
    const nested = { ...whole, subagent_trajectories: [helper("one", [helper("two")]), helper("three")] };
    const names = (await read(JSON.stringify(nested))).map((record) => draftOf(record).externalId);
    expect(names).toEqual(["top", "one", "two", "three"]);
  });

  it("reads of `extra` what it knows, whatever else is there", async () => {
    const extra = { reward: "high", success: false, task_id: "t1", environment: "shop" };
    const [record] = await read(JSON.stringify({ ...whole, extra }));
    expect(draftOf(record)).toMatchObject({
      environment: "shop",
      subtaskKey: "t1",
      success: false,
      reward: null,
    });
  });

  it("puts rewards and reasoning beside the right steps where the first reply only acknowledged", async () => {
    const rules = [
      { step_id: 1, source: "user", message: "Rules" },
      { step_id: 2, source: "agent", message: "Ok.", reasoning_content: "fine", extra: { reward: 0 } },
      { step_id: 3, source: "user", message: "Task" },
      { step_id: 4, source: "agent", message: "Act", reasoning_content: "now", extra: { reward: 1 } },
    ];
    const [record] = await read(JSON.stringify({ ...helper("x"), steps: rules }));
    expect(draftOf(record).steps).toMatchObject([{ thought: "now", action: "Act", reward: 1 }]);
  });
});
