import { describe, expect, it } from "vitest";
import type { Example } from "@/lib/core/example";
import type { Exporter, Kit } from "@/lib/core/ports";
import { scripts } from "@/lib/exporters/proofs/scripts";
import { exporters } from "@/lib/exporters/registry";
import { exportRows } from "@/lib/exporters/rows";
import { anExample, examples, say } from "../support/examples";

const rowsOf = (exporter: Exporter, example: Example) =>
  exportRows(exporter, example).rows.map(({ value }) => JSON.parse(JSON.stringify(value)));

const kit: Kit = {
  name: "shop",
  splits: [
    { split: "train", file: "train.jsonl", rows: 3 },
    { split: "validation", file: "validation.jsonl", rows: 1 },
  ],
  longestRow: 20_000,
  hasTools: true,
  settings: null,
};

const textOf = (exporter: Exporter, path: string, of: Kit = kit) =>
  exporter.files(of).find((file) => file.path === path)?.text ?? "";

const { desk } = examples;

describe("LLaMA-Factory rows", () => {
  it("alternate and end with the one turn they train", () => {
    for (const example of Object.values(examples))
      for (const { conversations } of rowsOf(exporters["llama-factory"], example)) {
        expect(conversations.length % 2).toBe(0);
        conversations.forEach(({ from }: { from: string }, index: number) =>
          expect(index % 2 === 0 ? ["human", "observation"] : ["gpt", "function_call"]).toContain(from),
        );
      }
  });

  it("join what several tools answered, and mark calls that follow text", () => {
    const rows = rowsOf(exporters["llama-factory"], desk);
    expect(rows).toHaveLength(2);
    expect(rows[1].conversations.map(({ value }: { value: string }) => value)).toEqual([
      "Cancel it.",
      'I look.\n<tool_call>[{"name": "find", "arguments": {"n": 1}}]</tool_call>',
      '{"id":"B1"}',
      '[{"name": "cancel", "arguments": {}}, {"name": "note", "arguments": {}}]',
      "ok\n</tool_response>\n<tool_response>\nok\n</tool_response>\n<tool_response>\nlate",
      "Done.",
    ]);
    expect(rows[1].system).toBe("You are a clerk.");
  });

  it("put an empty turn between two replies, so that none is skipped", () => {
    const twice = anExample([say("assistant", "Hello."), say("assistant", "search[a]", { train: true })]);
    const [row] = rowsOf(exporters["llama-factory"], twice);
    expect(row.conversations.map(({ from }: { from: string }) => from)).toEqual([
      "human",
      "gpt",
      "human",
      "gpt",
    ]);
  });
});

describe("arguments of tool calls", () => {
  const withArguments = (written: string) =>
    anExample([
      say("user", "go"),
      say("assistant", null, { train: true, toolCalls: [{ id: "c", name: "f", arguments: written }] }),
    ]);

  it("keep their digits, and become a JSON string where they are no JSON object", () => {
    const huge = withArguments('{"n": 12345678901234567890}');
    expect(rowsOf(exporters["llama-factory-v1"], huge)[0].messages[1].content[0].value).toBe(
      '{"name": "f", "arguments": {"n": 12345678901234567890}}',
    );
    const broken = withArguments("{n: 1");
    for (const format of ["axolotl", "ms-swift"] as const) {
      const [row] = rowsOf(exporters[format], broken);
      expect(JSON.parse(row.messages[1].tool_calls[0].function.arguments)).toBe("{n: 1");
    }
    expect(JSON.parse(rowsOf(exporters["llama-factory"], broken)[0].conversations[1].value)).toEqual([
      { name: "f", arguments: "{n: 1" },
    ]);
  });
});

describe("trainer configuration", () => {
  it("leaves room for the longest row, and never less than 8192 tokens", () => {
    expect(textOf(exporters.axolotl, "train.yaml")).toContain("sequence_len: 32768 ");
    expect(textOf(exporters["llama-factory"], "train.yaml", { ...kit, longestRow: 100 })).toContain(
      "cutoff_len: 8192 ",
    );
  });

  it("masks the validation rows as well, where there are any", () => {
    const config = textOf(exporters.axolotl, "train.yaml");
    expect(config.match(/message_field_training: weight/g)).toHaveLength(2);
    const alone = { ...kit, splits: kit.splits.slice(0, 1) };
    expect(textOf(exporters.axolotl, "train.yaml", alone)).not.toContain("validation");
    expect(JSON.parse(textOf(exporters["llama-factory"], "dataset_info.json"))).toMatchObject({
      validation: { file_name: "validation.jsonl", columns: { tools: "tools" } },
    });
  });

  it("comes with a check for every trainer", () => {
    for (const format of [
      "trl",
      "trl-labels",
      "trl-exploded",
      "axolotl",
      "llama-factory",
      "llama-factory-v1",
      "ms-swift",
      "verl",
      "tinker",
      "unsloth",
    ] as const) {
      const names = exporters[format].files(kit).map(({ path }) => path);
      expect(names).toEqual(expect.arrayContaining(["check.py", "check_common.py", "requirements.txt"]));
    }
  });

  it("gives verl, NeMo-RL and Unsloth room, and batches that the rows fill", () => {
    expect(textOf(exporters.verl, "train.yaml")).toContain("max_length: 32768 ");
    expect(textOf(exporters.verl, "train.yaml")).toContain("train_batch_size: 3 ");
    expect(textOf(exporters["nemo-rl"], "gleaner.yaml")).toContain("max_total_sequence_length: 32768 ");
    expect(textOf(exporters["nemo-rl"], "gleaner.yaml")).toContain("train_global_batch_size: 3 ");
    expect(textOf(exporters.unsloth, "train.py")).toContain("MAX_LENGTH = 32768 ");
  });

  it("measures with verl only where its batches do not leave the rows out", () => {
    expect(textOf(exporters.verl, "train.yaml")).not.toContain("val_files");
    const splits = kit.splits.map((each) => ({ ...each, rows: 3 }));
    expect(textOf(exporters.verl, "train.yaml", { ...kit, splits })).toMatch(/val_files[^]*test_freq/);
  });

  it("takes NeMo-RL's own validation data away where there is none", () => {
    const alone = { ...kit, splits: kit.splits.slice(0, 1) };
    expect(textOf(exporters["nemo-rl"], "gleaner.yaml", alone)).toMatch(
      /val_period: 0\n[^]*validation: null\n/,
    );
    expect(textOf(exporters["nemo-rl"], "gleaner.yaml")).toContain("data_path: validation.jsonl");
  });

  it("holds every script that another one of the folder imports", () => {
    const own = new Set(Object.keys(scripts).map((name) => name.replace(/\.py$/, "")));
    for (const exporter of Object.values<Exporter>(exporters)) {
      const files = exporter.files(kit);
      const names = files.map(({ path }) => path);
      for (const { path, text } of files.filter((file) => file.path.endsWith(".py")))
        for (const [, name] of text.matchAll(/^\s*(?:from|import) (\w+)/gm))
          if (name === "train" || own.has(name ?? ""))
            expect(names, `${exporter.format}/${path}`).toContain(`${name}.py`);
    }
  });
});
