import { describe, expect, it } from "vitest";
import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter } from "@/lib/core/ports";
import { PAIR_CONFIDENCE } from "@/lib/exporters/fork-pair";
import { exporters } from "@/lib/exporters/registry";
import { exportRows } from "@/lib/exporters/rows";
import { anExample, contextOf, examples, forkedTrajectory, say } from "../support/examples";

const all = Object.values(examples);
const { forked, desk } = examples;

/** Rows as they are written, read again. */
function rowsOf(exporter: Exporter, example: Example, context = contextOf(example)) {
  const { rows } = exportRows(exporter, example, context);
  return rows.map(({ value }) => JSON.parse(JSON.stringify(value)));
}

describe("hosted rows", () => {
  const dialects = {
    openai: ["messages", "tools", "parallel_tool_calls"],
    azure: ["messages", "tools", "parallel_tool_calls"],
    together: ["messages", "tools"],
    fireworks: ["messages", "tools"],
  } as const;

  it.each(Object.entries(dialects))(
    "of %s carry an integer weight on every reply and no other key",
    (format, keys) => {
      const exporter =
        Object.entries<Exporter>(exporters).find(([name]) => name === format)?.[1] ?? exporters.openai;
      for (const example of all)
        for (const row of rowsOf(exporter, example)) {
          expect(keys).toEqual(expect.arrayContaining(Object.keys(row)));
          for (const message of row.messages) {
            if (message.role === "assistant") expect([0, 1]).toContain(message.weight);
            else expect(message).not.toHaveProperty("weight");
          }
        }
    },
  );

  it("of Together alternate, whatever the example, with a string as every content", () => {
    const tangled = anExample([
      say("system", "one"),
      say("system", "two"),
      say("user", "a"),
      say("user", "b"),
      say("assistant", "first"),
      say("assistant", null, { train: true, toolCalls: [{ id: "c", name: "f", arguments: "{}" }] }),
      say("tool", "done", { toolCallId: "c" }),
      say("assistant", "last", { train: true }),
    ]);
    const [row] = rowsOf(exporters.together, tangled);
    expect(row.messages.map(({ role, weight }: { role: string; weight?: number }) => [role, weight])).toEqual(
      [
        ["system", undefined],
        ["user", undefined],
        ["assistant", 0],
        ["user", undefined],
        ["assistant", 1],
        ["tool", undefined],
        ["assistant", 1],
      ],
    );
    for (const { content } of row.messages) expect(typeof content).toBe("string");
    const { rows } = exportRows(exporters.together, tangled);
    expect(rows[0]?.positions).toEqual([0, 0, 1, 1, 2, 4, 5, 6]);
  });
});

describe("exploded rows", () => {
  it.each([exporters.unsloth, exporters["nemo-rl"]])(
    "of $format end with the one turn they train",
    (exporter) => {
      const rows = rowsOf(exporter, forked);
      const last = rows.map(({ messages, completion }) => (messages ?? completion).at(-1).content);
      expect(last).toEqual(forked.messages.filter(({ train }) => train).map(({ content }) => content));
      for (const row of rows) expect(JSON.stringify(row)).not.toContain("weight");
    },
  );
});

it("tinker rows say of every message whether it is trained", () => {
  for (const example of all)
    for (const { messages } of rowsOf(exporters.tinker, example))
      for (const { role, trainable } of messages) {
        expect(typeof trainable).toBe("boolean");
        if (role !== "assistant") expect(trainable).toBe(false);
      }
});

describe("ATIF rows", () => {
  const keys = {
    root: ["schema_version", "session_id", "trajectory_id", "agent", "steps", "final_metrics", "extra"],
    agent: ["name", "version", "model_name", "tool_definitions", "extra"],
    step: "step_id timestamp source message reasoning_content model_name tool_calls observation metrics is_copied_context extra".split(
      " ",
    ),
    call: ["tool_call_id", "function_name", "arguments"],
    result: ["source_call_id", "content"],
  };
  const within = (value: object, allowed: readonly string[]) =>
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(value)));

  it("keep the rules of v1.7", () => {
    for (const example of all) {
      const [row] = rowsOf(exporters.atif, example);
      expect(row.schema_version).toBe("ATIF-v1.7");
      within(row, keys.root);
      within(row.agent, keys.agent);
      expect(row.steps.map((step: { step_id: number }) => step.step_id)).toEqual(
        row.steps.map((_: unknown, index: number) => index + 1),
      );
      for (const step of row.steps) {
        within(step, keys.step);
        expect(["system", "user", "agent"]).toContain(step.source);
        expect(typeof step.message).toBe("string");
        if (step.source === "agent") expect(typeof step.is_copied_context).toBe("boolean");
        else
          for (const only of ["model_name", "tool_calls", "metrics"]) expect(step).not.toHaveProperty(only);
        for (const call of step.tool_calls ?? []) {
          within(call, keys.call);
          expect(call.arguments).toBeTypeOf("object");
        }
        const ids = (step.tool_calls ?? []).map((call: { tool_call_id: string }) => call.tool_call_id);
        for (const result of step.observation?.results ?? []) {
          within(result, keys.result);
          if (result.source_call_id !== undefined) expect(ids).toContain(result.source_call_id);
        }
      }
    }
  });

  it("copy what is not trained, and give a tool's answer to the step that called it", () => {
    const [row] = rowsOf(exporters.atif, desk);
    const agent = row.steps.filter(({ source }: { source: string }) => source === "agent");
    expect(agent.map((step: { is_copied_context: boolean }) => step.is_copied_context)).toEqual([
      true,
      false,
      false,
    ]);
    expect(agent[1].observation.results).toEqual([
      { source_call_id: "c2", content: "ok" },
      { source_call_id: "c3", content: "ok" },
      { content: "late" },
    ]);
  });
});

describe("pairs at forks", () => {
  const { context, other } = { context: contextOf(forked), other: contextOf(forked) };

  it("put the agent's winning action over the expert's losing one, single replies both", () => {
    const [row, ...more] = rowsOf(exporters["dpo-trl"], forked, context);
    expect(more).toEqual([]);
    expect(row.prompt).toHaveLength(6);
    expect(row.chosen[0].content).toContain("click[B2]");
    expect(row.rejected[0].content).toContain("click[B9]");
    const [input] = rowsOf(exporters["dpo-openai"], forked, other);
    expect(input.input.messages.at(-1).role).toBe("user");
    expect([input.preferred_output, input.non_preferred_output].map((side) => side.length)).toEqual([1, 1]);
  });

  const without = (change: (example: Example) => void): Example => {
    const changed = structuredClone(forked);
    change(changed);
    return changed;
  };
  const thin = without(({ provenance }) => {
    provenance.evidence = provenance.evidence.map((state) =>
      state.stateIndex === 2 ? { ...state, attempts: 4, successes: 1 } : state,
    );
  });
  const sparse = without(({ provenance }) => {
    provenance.evidence = provenance.evidence.filter(({ stateIndex }) => stateIndex !== 3);
  });
  const cloned = without(({ provenance }) => (provenance.rollout = null));

  it.each([
    ["thin", thin],
    ["not pinned to one action", sparse],
    ["of no rollout", cloned],
  ])("are none where the evidence is %s", (_, example) => {
    expect(PAIR_CONFIDENCE).toBe(0.9);
    expect(rowsOf(exporters["dpo-trl"], example)).toEqual([]);
  });

  it("are none where the expert did the same, or a person promoted what it did", () => {
    const [first, second] = forkedTrajectory.steps;
    const same = {
      ...forkedTrajectory,
      steps: [first!, second!, { ...second!, reply: forked.messages[6]! }],
    };
    expect(rowsOf(exporters["dpo-trl"], forked, { ...contextOf(forked), trajectory: same })).toEqual([]);
    const promoted = structuredClone(forked);
    promoted.provenance.turns.push({ ...promoted.provenance.turns[0]!, stepIndex: 2, decision: "promoted" });
    const siblings = [forked, promoted];
    expect(rowsOf(exporters["dpo-trl"], forked, { ...contextOf(forked), siblings })).toEqual([]);
  });
});

describe("labels", () => {
  it("call good what is trained and bad what alone lost the task, each action once", () => {
    const context = contextOf(forked);
    const rows = rowsOf(exporters.kto, forked, context);
    const said = rows.map(({ completion, label }) => [
      /Action:\n(.*)$/.exec(completion[0].content)?.[1],
      label,
    ]);
    expect(said).toEqual([
      ["click[Back]", false],
      ["search[mittens]", true],
      ["click[B2]", true],
      ["click[Buy Now]", true],
      ["click[B9]", false],
    ]);
    expect(rowsOf(exporters.kto, forked, context)).toEqual([]);
  });

  it("reward every step, and end a second row with the action that lost", () => {
    const rows = rowsOf(exporters.prm, forked);
    expect(rows.map(({ labels }) => labels)).toEqual([
      [false, true, true, true],
      [false, true, false],
    ]);
    for (const { prompt, completions, labels } of rows) {
      expect(prompt).toContain("You shop.");
      expect(completions).toHaveLength(labels.length);
    }
    expect(rows[1].completions.at(-1)).toContain("click[B9]");
  });

  it("leave to the prompt what nobody knows", () => {
    const undecided = structuredClone(forked);
    undecided.provenance.turns[0]!.verdict = "undecided";
    const [row] = rowsOf(exporters.prm, undecided);
    expect(row.labels).toEqual([true, true, true]);
    expect(row.prompt).toContain("click[Back]");
  });
});

it("keeps hostile text as it is, in one line and as text", () => {
  const nasty = 'a"b\\c\n\u2028</script>\u0000=1+1';
  const message = (train: boolean): MaskedMessage => say("assistant", nasty, { train });
  const example = anExample([say("user", nasty), message(false), say("user", nasty), message(true)]);
  for (const exporter of Object.values<Exporter>(exporters))
    for (const { value } of exportRows(exporter, example, contextOf(example)).rows)
      expect(JSON.parse(JSON.stringify(value))).toEqual(value);
});
