import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { countExample, emptyCard } from "@/lib/core/dataset";
import type { Exporter } from "@/lib/core/ports";
import { version } from "@/lib/core/version";
import { kitFiles } from "@/lib/exporters/kit";
import { contextOf } from "../support/examples";
import { filesOf } from "../support/folders";
import { proofExamples } from "./dataset";

/** A change to a folder that its check must catch. */
export type Break = { name: string; change: (folder: string) => void };

/** Instead of a trainer where none can be asked here: its check needs nothing but Python. */
export const NO_TRAINER = "rules";

/** Writes the folder somebody downloads; its last example is for validation. */
export async function writeFolder(exporter: Exporter, folder: string): Promise<void> {
  const card = emptyCard("approved");
  for (const example of proofExamples) countExample(card, example);
  const dataset = { datasetId: 1, name: "proof", contentHash: "0", exampleCount: proofExamples.length, card };
  const files = kitFiles({
    exporter,
    dataset,
    version,
    async *examples(split) {
      const given = split === "train" ? proofExamples : proofExamples.slice(-1);
      for (const example of given) yield [{ example, context: contextOf(example) }];
    },
  });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of await filesOf(files)) writeFileSync(path.join(folder, name), bytes);
}

/** Replaces text in a file of the folder. @throws when there is nothing to replace: the proof would prove nothing */
function edit(file: string, from: string | RegExp, to: string): Break["change"] {
  return (folder) => {
    const before = readFileSync(path.join(folder, file), "utf8");
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${file} has no ${String(from)}`);
    writeFileSync(path.join(folder, file), after);
  };
}

const breaks = (name: string, change: Break["change"]): Break => ({ name, change });

/** A masked turn is trained. */
const flip = (from: string | RegExp, to: string) =>
  breaks("a mask in the data is flipped", edit("train.jsonl", from, to));

const swap = breaks("another turn is trained in a row", (folder) => {
  const file = path.join(folder, "train.jsonl");
  const [first, second, ...rest] = readFileSync(file, "utf8").split("\n");
  writeFileSync(file, [second, first, ...rest].join("\n"));
});

const without = (setting: string, file: string, from: string | RegExp, to = "") =>
  breaks(`without ${setting}`, edit(file, from, to));

const weightFlip = flip('"weight":0', '"weight":1');
const flipBack = breaks("an approved turn is masked", edit("train.jsonl", '"weight":1', '"weight":0'));
const trlCut = breaks(
  "rows cut at TRL's default",
  edit("train_common.py", '    "max_length": None,', "    #"),
);

/** The services that train elsewhere: the rules of their files, and the flags. */
const ofService = { trainer: NO_TRAINER, modules: "json", breaks: [weightFlip, flipBack] };

/** What is broken in the folder of each format, and the Python environment and modules its check runs with. */
export const proofs: Record<string, { trainer: string; modules: string; breaks: Break[] }> = {
  trl: {
    trainer: "trl",
    modules: "trl.trainer.sft_trainer,datasets",
    breaks: [
      weightFlip,
      flipBack,
      without(
        "assistant_only_loss",
        "train.py",
        '"assistant_only_loss": True',
        '"assistant_only_loss": False',
      ),
      without(
        "the stop token",
        "chat_template.jinja",
        /\{\{- '<\|im_end\|>' \}\}\n\{%- endmacro %\}([^]*)\{\{- '\\n' \}\}/,
        "{%- endmacro %}$1{{- '<|im_end|>\\n' }}",
      ),
      trlCut,
    ],
  },
  "trl-labels": {
    trainer: "trl",
    modules: "trl.trainer.sft_trainer,datasets",
    breaks: [weightFlip, without("the labels", "prepare.py", "if is_trained else -100", "")],
  },
  "trl-exploded": {
    trainer: "trl",
    modules: "trl.trainer.sft_trainer,datasets",
    breaks: [
      swap,
      without(
        "completion_only_loss",
        "train.py",
        '"completion_only_loss": True',
        '"completion_only_loss": False',
      ),
      trlCut,
    ],
  },
  axolotl: {
    trainer: "axolotl",
    modules: "axolotl.cli.config,axolotl.common.datasets,transformers,datasets",
    breaks: [
      weightFlip,
      flipBack,
      without("message_field_training", "train.yaml", /^ *message_field_training.*\n/m),
      without("the stop token", "train.yaml", "train_on_eos: turn", "train_on_eos: none"),
      breaks(
        "rows dropped at axolotl's default",
        edit("train.yaml", /^(sequence_len|excess_length).*\n/gm, ""),
      ),
    ],
  },
  "llama-factory": {
    trainer: "llamafactory",
    modules: "llamafactory.data,llamafactory.hparams,llamafactory.model,datasets",
    breaks: [swap, without("mask_history", "train.yaml", "mask_history: true", "mask_history: false")],
  },
  "llama-factory-v1": {
    trainer: "llamafactory",
    modules: "llamafactory.data,llamafactory.hparams,llamafactory.model,datasets",
    breaks: [
      flip(/(?<turn>"role":"assistant","content":\[\{[^}]*\}\],"loss_weight":)0/, "$<turn>1"),
      without("loss_weight", "train.jsonl", /,"loss_weight":[01]/g),
      breaks("rows cut at LLaMA-Factory's default", edit("train.yaml", /^cutoff_len.*\n/m, "")),
    ],
  },
  "ms-swift": {
    trainer: "ms-swift",
    modules: "swift.pipelines,transformers,datasets",
    breaks: [
      flip('"loss":false', '"loss":true'),
      without("loss", "train.jsonl", /,"loss":false/g),
      without("loss_scale: default", "train.yaml", "loss_scale: default", "loss_scale: all"),
    ],
  },
  openai: ofService,
  azure: ofService,
  together: ofService,
  fireworks: ofService,
  tinker: {
    ...ofService,
    breaks: [
      flip(/("role":"assistant"[^}]*"trainable":)false/, "$1true"),
      breaks(
        "a message of the user is trained",
        edit("train.jsonl", '"trainable":false', '"trainable":true'),
      ),
      breaks("an approved turn is masked", edit("train.jsonl", '"trainable":true', '"trainable":false')),
    ],
  },
};
