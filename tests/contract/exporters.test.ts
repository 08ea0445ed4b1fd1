import { describe, expect, it } from "vitest";
import type { Example, MaskedMessage } from "@/lib/core/example";
import type { ImportDefaults } from "@/lib/core/ports";
import { exporterFor, exporters } from "@/lib/exporters/registry";
import { provenanceFileName, provenanceLine } from "@/lib/exporters/provenance";
import { exportable, trimmed } from "@/lib/exporters/trimmed";
import { agenttraj } from "@/lib/importers/agenttraj";
import { openai } from "@/lib/importers/openai";

const say = (
  role: MaskedMessage["role"],
  content: string | null,
  over: Partial<MaskedMessage> = {},
): MaskedMessage => ({
  role,
  content,
  train: false,
  ...over,
});

const react = (thought: string, action: string) => `Thought:\n${thought}\n\nAction:\n${action}`;

function anExample(messages: MaskedMessage[], over: Partial<Example> = {}): Example {
  const acting = messages.flatMap((message, messageIndex) =>
    message.role === "assistant" && message.content !== "Ok." ? [{ message, messageIndex }] : [],
  );
  return {
    kind: "eef",
    environment: "webshop",
    subtaskKey: "webshop_6",
    messages,
    tools: null,
    provenance: {
      trajectory: "ab12",
      trajectoryId: 4,
      importantState: 0,
      rollout: { runId: 2, stateIndex: 2, attempt: 0 },
      checkpoint: "shopper-weak@1",
      ruleVersion: "eef-1",
      evidence: [{ stateIndex: 0, attempts: 1, successes: 0 }],
      turns: acting.map(({ message, messageIndex }, stepIndex) => ({
        messageIndex,
        source: stepIndex < 2 ? "expert" : "agent",
        stepIndex,
        verdict: message.train ? "beneficial" : "harmful",
        decision: message.train ? "approved" : "pending",
        reviewer: message.train ? "local" : null,
        train: message.train,
      })),
    },
    ...over,
  };
}

const shop = anExample([
  say("system", "You shop.\nTwo actions."),
  say("user", "WebShop [SEP] Instruction: [SEP] Find me “blue” mittens [SEP] Search"),
  say("assistant", react("I look.", "search[mittens]"), { train: true }),
  say("user", "a results page"),
  say("assistant", react("Wrong one.", "click[B1]")),
  say("user", "an item page"),
  say("assistant", react("Buy.", "click[Buy Now]"), { train: true }),
  say("user", "Thank you"),
  say("assistant", react("More.", "search[x]")),
]);

const desk = anExample(
  [
    say("system", "You are a clerk."),
    say("user", "Cancel it."),
    say("assistant", "I look.", { toolCalls: [{ id: "c1", name: "find", arguments: '{"n": 1}' }] }),
    say("tool", '{"id":"B1"}', { toolCallId: "c1", name: "find" }),
    say("assistant", null, {
      train: true,
      toolCalls: [
        { id: "c2", name: "cancel", arguments: "{}" },
        { id: "c3", name: "note", arguments: "{}" },
      ],
    }),
    say("tool", "ok", { toolCallId: "c2" }),
    say("tool", "ok", { toolCallId: "c3" }),
    say("tool", "late", { toolCallId: "elsewhere" }),
    say("assistant", "Done.", { train: true }),
    say("user", "###STOP###"),
  ],
  {
    environment: "tau-bench",
    subtaskKey: "task_7",
    tools: [{ type: "function", function: { name: "find" } }],
  },
);

const opened = anExample([
  say("user", "rules"),
  say("assistant", "Ok."),
  say("user", "page"),
  say("assistant", react("t", "search[a]"), { train: true }),
]);

const examples = { shop, desk, opened };
const defaults: ImportDefaults = {
  environment: null,
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

describe.each(Object.entries(exporters))("exporter %s", (format, exporter) => {
  it("writes what the golden file says", async () => {
    const lines = Object.values(examples).map((example) => exporter.line(example));
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`../fixtures/exporters/${exporter.fileName}`);
    const sidecar = Object.values(examples).map((example, index) =>
      provenanceLine(example, index + 1, exporter),
    );
    await expect(`${sidecar.join("\n")}\n`).toMatchFileSnapshot(
      `../fixtures/exporters/${provenanceFileName(exporter)}`,
    );
  });

  it("writes one line, the same bytes for the same facts, the key order of the example notwithstanding", () => {
    for (const example of Object.values(examples)) {
      const line = exporter.line(example);
      expect(line).not.toContain("\n");
      const shuffled: Example = JSON.parse(JSON.stringify(example), (_key, value: unknown) =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).reverse())
          : value,
      );
      if (example.tools === null) expect(exporter.line(shuffled)).toBe(line);
      expect(provenanceLine(shuffled, 1, exporter)).toBe(provenanceLine(example, 1, exporter));
    }
  });

  it("ends with the last trained turn and refuses an example without any", () => {
    for (const example of Object.values(examples)) {
      const kept = trimmed(example);
      expect(kept.messages.at(-1)).toMatchObject({ role: "assistant", train: true });
      expect(exporter.positions(example)).toHaveLength(kept.messages.length);
    }
    const untrained = anExample(shop.messages.map((message) => ({ ...message, train: false })));
    expect(exportable(untrained)).toEqual({ ok: false, reason: expect.stringContaining("no turn") });
    expect(() => exporter.line(untrained)).toThrowError(expect.objectContaining({ code: "invalid_input" }));
    expect(() => provenanceLine(untrained, 1, exporter)).toThrowError(/ab12/);
  });

  it("says for every turn in the sidecar where it is in the row, and agrees with the row's mask", () => {
    for (const example of Object.values(examples)) {
      const row = JSON.parse(exporter.line(example));
      const list: { weight?: number; loss?: boolean }[] = row.messages ?? row.conversations;
      const { turns } = JSON.parse(provenanceLine(example, 1, exporter));
      expect(turns.length).toBe(trimmed(example).provenance.turns.length);
      for (const turn of turns) {
        const flag = list[turn.message]?.weight ?? list[turn.message]?.loss;
        expect(Boolean(flag)).toBe(turn.train);
      }
      const trained = list.filter((entry) => entry.weight === 1 || entry.loss === true);
      expect(trained).toHaveLength(example.messages.filter((message) => message.train).length);
    }
  });

  it("is found by its name", () => expect(exporterFor(format)).toBe(exporter));
});

it("answers an unknown format with the known ones", () => {
  for (const format of ["csv", "constructor", "toString"]) {
    expect(() => exporterFor(format)).toThrowError(
      expect.objectContaining({ code: "invalid_input", fix: expect.stringContaining("agenttraj") }),
    );
  }
});

describe("openai rows", () => {
  it("carry an integer weight on every assistant message, and no key a provider refuses", () => {
    for (const example of Object.values(examples)) {
      const row = JSON.parse(exporters.openai.line(example));
      const allowed = example.tools === null ? ["messages"] : ["messages", "tools", "parallel_tool_calls"];
      expect(Object.keys(row)).toEqual(allowed);
      for (const message of row.messages) {
        if (message.role === "assistant") expect([0, 1]).toContain(message.weight);
        else expect(message).not.toHaveProperty("weight");
        if (message.role === "tool")
          expect(Object.keys(message)).toEqual(["role", "tool_call_id", "content"]);
      }
    }
  });

  it("come back as the same steps", () => {
    const draft = openai.read(JSON.parse(exporters.openai.line(desk)), {
      ...defaults,
      environment: "tau-bench",
    });
    expect(draft.steps.map((step) => [step.thought, step.action])).toEqual([
      ["I look.", 'find({"n": 1})'],
      [null, "cancel({})\nnote({})"],
      [null, "Done."],
    ]);
    expect(draft.tools).toEqual(desk.tools);
    const shopped = openai.read(JSON.parse(exporters.openai.line(shop)), defaults);
    expect(shopped).toMatchObject({ environment: "webshop", instruction: "Find me “blue” mittens" });
    expect(shopped.steps.map((step) => [step.action, step.messages])).toEqual([
      ["search[mittens]", null],
      ["click[B1]", null],
      ["click[Buy Now]", null],
    ]);
  });
});

describe("agenttraj rows", () => {
  it("alternate human and gpt, rules acknowledged first", () => {
    for (const example of Object.values(examples)) {
      const { conversations } = JSON.parse(exporters.agenttraj.line(example));
      conversations.forEach((fragment: { from: string; loss: unknown }, index: number) => {
        expect(fragment.from).toBe(index % 2 === 0 ? "human" : "gpt");
        if (fragment.from === "human") expect(fragment.loss).toBeNull();
        else expect(typeof fragment.loss).toBe("boolean");
      });
      expect(conversations[1]).toEqual({ from: "gpt", loss: false, value: "Ok." });
    }
  });

  it("come back as the same steps", () => {
    const draft = agenttraj.read(JSON.parse(exporters.agenttraj.line(shop)), defaults);
    expect(draft).toMatchObject({ environment: "webshop", subtaskKey: "webshop_6" });
    expect(draft.opening.map((message) => message.content)).toEqual(["You shop.\nTwo actions.", "Ok."]);
    expect(draft.steps.map((step) => step.action)).toEqual([
      "search[mittens]",
      "click[B1]",
      "click[Buy Now]",
    ]);
  });
});
