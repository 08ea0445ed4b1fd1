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
import { anExample, contextOf, examples } from "../support/examples";
import { trainedIn } from "../support/trained-in";

const defaults: ImportDefaults = {
  environment: null,
  source: "expert",
  model: null,
  withoutReward: "unknown",
};

const { shop, desk } = examples;

function rowsOf(exporter: Exporter, example: Example) {
  return exportRows(exporter, example, contextOf(example));
}

function linesOf(exporter: Exporter, example: Example): string[] {
  return rowsOf(exporter, example).rows.map(({ value }) => JSON.stringify(value));
}

function sidecarOf(exporter: Exporter, example: Example): string[] {
  const { example: kept, rows } = rowsOf(exporter, example);
  return rows.map((row, index) => provenanceLine(kept, row, index + 1));
}

const onlyLine = (exporter: Exporter, example: Example) => linesOf(exporter, example)[0] ?? "";

/** The same facts with their keys the other way round. */
function shuffled<T>(facts: T): T {
  return JSON.parse(JSON.stringify(facts), (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  );
}

const all = Object.values(examples);

describe.each(Object.entries<Exporter>(exporters))("exporter %s", (format, exporter) => {
  const trains = exporter.shape === "masked" || exporter.shape === "exploded";

  it("writes what the golden files say", async () => {
    const lines: string[] = [];
    const sidecar: string[] = [];
    const golden: string[] = [];
    for (const each of all) {
      const { example, rows } = rowsOf(exporter, each);
      for (const row of rows) {
        lines.push(JSON.stringify(row.value));
        sidecar.push(provenanceLine(example, row, lines.length));
        golden.push(goldenLine(exporter, example, row, lines.length));
      }
    }
    const file = (name: string) => `../fixtures/exporters/${name}`;
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(file(`${format}.jsonl`));
    if (exporter.shape !== "table")
      await expect(`${sidecar.join("\n")}\n`).toMatchFileSnapshot(
        file(provenanceFileName(`${format}.jsonl`)),
      );
    if (trains) await expect(`${golden.join("\n")}\n`).toMatchFileSnapshot(file(`${format}.golden.jsonl`));
  });

  it("writes one line, the same bytes for the same facts, the key order of the example notwithstanding", () => {
    for (const example of all) {
      const lines = linesOf(exporter, example);
      for (const line of lines) expect(line).not.toContain("\n");
      if (example.tools === null) expect(linesOf(exporter, shuffled(example))).toEqual(lines);
      expect(sidecarOf(exporter, shuffled(example))).toEqual(sidecarOf(exporter, example));
    }
  });

  it("ends with the last trained turn (R1) and refuses an example without any (R2)", () => {
    for (const each of all) {
      const { example, rows } = rowsOf(exporter, each);
      expect(example.messages.at(-1)).toMatchObject({ role: "assistant", train: true });
      for (const { positions } of rows) expect(positions).toHaveLength(example.messages.length);
    }
    const untrained = anExample(shop.messages.map((message) => ({ ...message, train: false })));
    expect(exportable(untrained)).toEqual({ ok: false, reason: expect.stringContaining("no turn") });
    expect(() => rowsOf(exporter, untrained)).toThrowError(
      expect.objectContaining({ code: "invalid_input", message: expect.stringContaining("ab12") }),
    );
  });

  it.runIf(trains)("trains every trained turn once and no other, in no row without one (R2)", () => {
    for (const each of all) {
      const { example, rows } = rowsOf(exporter, each);
      expect(rows.flatMap((row) => row.trained)).toEqual(trainedMessages(example));
      for (const row of rows) {
        expect(row.trained.length).toBeGreaterThan(0);
        for (const index of row.trained) expect(row.positions[index]).toEqual(expect.any(Number));
      }
      if (exporter.shape === "exploded")
        expect(rows.map(({ trained }) => trained.length)).toEqual(rows.map(() => 1));
    }
  });

  it.runIf(trains)("says in the row itself what is trained, as its sidecar does (R3)", () => {
    for (const example of all) {
      rowsOf(exporter, example).rows.forEach((row, index) => {
        const { turns } = JSON.parse(sidecarOf(exporter, example)[index] ?? "");
        expect(turns).not.toHaveLength(0);
        const said = trainedIn(exporter, JSON.parse(JSON.stringify(row.value)));
        for (const { message, train } of turns) expect(said.includes(message)).toBe(train);
        expect(said).toEqual(row.trained.map((message) => row.positions[message]));
      });
    }
  });

  it.runIf(!trains)("claims no mask", () => {
    for (const example of all)
      for (const { trained } of rowsOf(exporter, example).rows) expect(trained).toEqual([]);
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
