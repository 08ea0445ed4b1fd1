import { describe, expect, it } from "vitest";
import type { Exporter, Kit } from "@/lib/core/ports";
import { isTrainable } from "@/lib/core/training";
import { TrainingSettings } from "@/lib/core/training-settings";
import { exporters } from "@/lib/exporters/registry";

const kitFor = (settings: unknown): Kit => ({
  name: "shop",
  splits: [{ split: "train", file: "train.jsonl", rows: 3 }],
  longestRow: 20_000,
  hasTools: false,
  settings: settings === null ? null : TrainingSettings.parse(settings),
});
const formats = ["axolotl", "ms-swift", "llama-factory", "llama-factory-v1"] as const;
const linesOf = (format: (typeof formats)[number], settings: unknown): string[] => {
  const config = exporters[format].files(kitFor(settings)).find(({ path }) => path === "train.yaml");
  return (config?.text ?? "").trim().split("\n");
};

describe("a trainer's configuration in a run folder", () => {
  it("asks for what the training asks for, once", () => {
    const settings = { model: "my/Qwen: 3", epochs: 5, batchSize: 4, learningRate: 2e-7, seed: 7 };
    const asked = {
      axolotl: ["base_model", "num_epochs", "gradient_accumulation_steps"],
      "ms-swift": ["model", "num_train_epochs", "gradient_accumulation_steps"],
      "llama-factory": ["model_name_or_path", "num_train_epochs", "gradient_accumulation_steps"],
      "llama-factory-v1": ["model", "num_train_epochs", "global_batch_size"],
    };
    for (const format of formats) {
      const lines = linesOf(format, settings);
      const [model, epochs, batch] = asked[format];
      expect(lines).toEqual(
        expect.arrayContaining([
          `${model}: "my/Qwen: 3"`,
          `${epochs}: 5`,
          `${batch}: 4`,
          "learning_rate: 2.0e-7",
          "seed: 7",
        ]),
      );
      const keys = lines.flatMap((line) => /^(\w+):/.exec(line)?.[1] ?? []);
      expect(new Set(keys).size).toBe(keys.length);
      expect(lines).not.toEqual(linesOf(format, null));
    }
  });

  it("names the model in every trainer's folder, or reads it there", () => {
    const settings = { model: "my/Qwen-9", epochs: 5, learningRate: 2e-7, seed: 7, batchSize: 2 };
    const trainers = Object.values<Exporter>(exporters).filter(
      (exporter) => exporter.family === "trainer" && isTrainable(exporter),
    );
    expect(trainers.length).toBeGreaterThan(9);
    for (const exporter of trainers) {
      const text = exporter.files(kitFor(settings)).map((file) => file.text);
      const reads = text.some((each) => each.includes('"training.json"'));
      expect(reads || text.some((each) => each.includes('"my/Qwen-9"')), exporter.format).toBe(true);
      if (!reads) for (const value of ["5", "2.0e-7", "7", "2"]) expect(text.join()).toContain(`: ${value}`);
    }
  });

  it("refuses what it has no place for", () => {
    const asked = kitFor({ model: "Qwen/Qwen3-8B", extra: { warmup: 3 } });
    for (const format of ["verl", "nemo-rl"] as const)
      expect(() => exporters[format].files(asked)).toThrow("“warmup” has no place");
  });

  it("takes further hyperparameters in place of ours, or beside them", () => {
    const extra = { lora_target: "q_proj", warmup_ratio: 0.1, bf16: false };
    const lines = linesOf("llama-factory", { model: "Qwen/Qwen3-8B", extra });
    expect(lines).toEqual(
      expect.arrayContaining(['lora_target: "q_proj"', "warmup_ratio: 0.1", "bf16: false"]),
    );
    expect(lines.join("\n")).not.toContain("lora_target: all");
  });

  it("evaluates what is held out, where the trainer can, as often as is asked for", () => {
    const splits: Kit["splits"] = (["train", "validation"] as const).map((split) => {
      return { split, file: `${split}.jsonl`, rows: 3 };
    });
    const yamlOf = (format: keyof typeof exporters, settings: unknown, held: boolean) =>
      exporters[format]
        .files({ ...kitFor(settings), ...(held ? { splits } : {}) })
        .find(({ path }) => path === "train.yaml")?.text ?? "";
    for (const format of ["axolotl", "prm", "agenttraj", "llama-factory"] as const) {
      expect(yamlOf(format, null, true)).toMatch(/^eval_strategy: epoch/m);
      expect(yamlOf(format, null, false)).not.toMatch(/eval_|validation/);
    }
    expect(yamlOf("ms-swift", null, true)).toContain("val_dataset: [validation.jsonl]");
    expect(yamlOf("llama-factory-v1", null, true)).toContain("This trainer evaluates nothing");
    const asked = yamlOf("axolotl", { model: "x", extra: { eval_strategy: "steps" } }, true);
    expect(asked.match(/^eval_strategy.*$/gm)).toEqual(['eval_strategy: "steps"']);
  });

  it("refuses what would undo the mask or the data", () => {
    for (const [format, key] of [
      ["axolotl", "datasets"],
      ["ms-swift", "loss_scale"],
      ["llama-factory", "mask_history"],
      ["llama-factory-v1", "train_dataset"],
    ] as const)
      expect(() => linesOf(format, { model: "Qwen/Qwen3-8B", extra: { [key]: "all" } })).toThrow(key);
  });

  it("asks for the template of a model that is not of the usual kind", () => {
    for (const format of ["ms-swift", "llama-factory", "llama-factory-v1"] as const) {
      expect(() => linesOf(format, { model: "meta/Llama-3" })).toThrow(
        "which chat template “meta/Llama-3” has",
      );
      const lines = linesOf(format, { model: "meta/Llama-3", extra: { template: "llama3" } });
      expect(lines.filter((line) => line.startsWith("template:"))).toEqual(['template: "llama3"']);
    }
  });
});
