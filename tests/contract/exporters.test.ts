import { describe, expect, it } from "vitest";
import type { Example } from "@/lib/core/example";
import type { Exporter, ImportDefaults } from "@/lib/core/ports";
import { exporterFor, exporters } from "@/lib/exporters/registry";
import { provenanceFileName, provenanceLine } from "@/lib/exporters/provenance";
import { goldenLine } from "@/lib/exporters/golden";
import { exportRows, trainedMessages } from "@/lib/exporters/rows";
import { exportable } from "@/lib/exporters/trimmed";
import { agenttraj } from "@/lib/importers/agenttraj";
import { openai } from "@/lib/importers/openai";
import { anExample, examples } from "../support/examples";

const defaults: ImportDefaults = {
  environment: null,
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

const { shop, desk } = examples;

function linesOf(exporter: Exporter, example: Example): string[] {
  return exportRows(exporter, example).rows.map(({ value }) => JSON.stringify(value));
}

function sidecarOf(exporter: Exporter, example: Example): string[] {
  const { example: kept, rows } = exportRows(exporter, example);
  return rows.map((row, index) => provenanceLine(kept, row, index + 1));
}

const onlyLine = (exporter: Exporter, example: Example) => linesOf(exporter, example)[0] ?? "";

describe.each(Object.entries(exporters))("exporter %s", (format, exporter) => {
  it("writes what the golden files say", async () => {
    const lines: string[] = [];
    const sidecar: string[] = [];
    const golden: string[] = [];
    for (const example of Object.values(examples)) {
      const { example: kept, rows } = exportRows(exporter, example);
      for (const row of rows) {
        lines.push(JSON.stringify(row.value));
        sidecar.push(provenanceLine(kept, row, lines.length));
        golden.push(goldenLine(exporter, kept, row, lines.length));
      }
    }
    const file = (name: string) => `../fixtures/exporters/${name}`;
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(file(`${format}.jsonl`));
    await expect(`${sidecar.join("\n")}\n`).toMatchFileSnapshot(file(provenanceFileName(`${format}.jsonl`)));
    await expect(`${golden.join("\n")}\n`).toMatchFileSnapshot(file(`${format}.golden.jsonl`));
  });

  it("writes one line, the same bytes for the same facts, the key order of the example notwithstanding", () => {
    for (const example of Object.values(examples)) {
      const lines = linesOf(exporter, example);
      for (const line of lines) expect(line).not.toContain("\n");
      const shuffled: Example = JSON.parse(JSON.stringify(example), (_key, value: unknown) =>
        typeof value === "object" && value !== null && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).reverse())
          : value,
      );
      if (example.tools === null) expect(linesOf(exporter, shuffled)).toEqual(lines);
      expect(sidecarOf(exporter, shuffled)).toEqual(sidecarOf(exporter, example));
    }
  });

  it("ends with the last trained turn and refuses an example without any", () => {
    for (const example of Object.values(examples)) {
      const { example: kept, rows } = exportRows(exporter, example);
      expect(kept.messages.at(-1)).toMatchObject({ role: "assistant", train: true });
      for (const { positions } of rows) expect(positions).toHaveLength(kept.messages.length);
    }
    const untrained = anExample(shop.messages.map((message) => ({ ...message, train: false })));
    expect(exportable(untrained)).toEqual({ ok: false, reason: expect.stringContaining("no turn") });
    expect(() => exportRows(exporter, untrained)).toThrowError(
      expect.objectContaining({ code: "invalid_input", message: expect.stringContaining("ab12") }),
    );
  });

  it("trains in its rows every trained turn and no other, once each", () => {
    for (const example of Object.values(examples)) {
      const { example: kept, rows } = exportRows(exporter, example);
      const trained = rows.flatMap((row) => row.trained);
      expect(trained).toEqual(trainedMessages(kept));
      for (const row of rows) {
        expect(row.trained.length).toBeGreaterThan(0);
        for (const index of row.trained) expect(row.positions[index]).toEqual(expect.any(Number));
      }
    }
  });

  it("says for every turn in the sidecar where it is in the row, and agrees with the row's mask", () => {
    for (const example of Object.values(examples)) {
      const { rows } = exportRows(exporter, example);
      rows.forEach((written, index) => {
        const row = JSON.parse(JSON.stringify(written.value));
        const list: { weight?: number; loss?: boolean }[] = row.messages ?? row.conversations;
        const { turns } = JSON.parse(sidecarOf(exporter, example)[index] ?? "");
        expect(turns).not.toHaveLength(0);
        for (const turn of turns) {
          const flag = list[turn.message]?.weight ?? list[turn.message]?.loss;
          expect(Boolean(flag)).toBe(turn.train);
        }
        const trained = list.filter((entry) => entry.weight === 1 || entry.loss === true);
        expect(trained).toHaveLength(written.trained.length);
      });
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
      const row = JSON.parse(onlyLine(exporters.openai, example));
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
    const draft = openai.read(JSON.parse(onlyLine(exporters.openai, desk)), {
      ...defaults,
      environment: "tau-bench",
    });
    expect(draft.steps.map((step) => [step.thought, step.action])).toEqual([
      ["I look.", 'find({"n": 1})'],
      [null, "cancel({})\nnote({})"],
      [null, "Done."],
    ]);
    expect(draft.tools).toEqual(desk.tools);
    const shopped = openai.read(JSON.parse(onlyLine(exporters.openai, shop)), defaults);
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
      const { conversations } = JSON.parse(onlyLine(exporters.agenttraj, example));
      conversations.forEach((fragment: { from: string; loss: unknown }, index: number) => {
        expect(fragment.from).toBe(index % 2 === 0 ? "human" : "gpt");
        if (fragment.from === "human") expect(fragment.loss).toBeNull();
        else expect(typeof fragment.loss).toBe("boolean");
      });
      expect(conversations[1]).toEqual({ from: "gpt", loss: false, value: "Ok." });
    }
  });

  it("come back as the same steps", () => {
    const draft = agenttraj.read(JSON.parse(onlyLine(exporters.agenttraj, shop)), defaults);
    expect(draft).toMatchObject({ environment: "webshop", subtaskKey: "webshop_6" });
    expect(draft.opening.map((message) => message.content)).toEqual(["You shop.\nTwo actions.", "Ok."]);
    expect(draft.steps.map((step) => step.action)).toEqual([
      "search[mittens]",
      "click[B1]",
      "click[Buy Now]",
    ]);
  });
});
