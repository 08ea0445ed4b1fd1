import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { parquetReadObjects } from "hyparquet";
import { countExample, emptyCard } from "@/lib/core/dataset";
import type { Exporter } from "@/lib/core/ports";
import { version } from "@/lib/core/version";
import { kitFiles } from "@/lib/exporters/kit";
import { parquetBytes } from "@/lib/exporters/parquet";
import { filesOf } from "../support/folders";
import { proofContext, proofExamples } from "./dataset";

/** A change to a folder that its check must catch. */
export type Break = { name: string; change: (folder: string) => void | Promise<void> };

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
      for (const example of given) yield [{ example, context: proofContext(example) }];
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

/** A change to one column of every row of a Parquet file of text. */
const inParquet = (name: string, column: string, change: (cell: string) => string) =>
  breaks(name, async (folder) => {
    const file = path.join(folder, "train.parquet");
    const rows = await parquetReadObjects({ file: new Uint8Array(readFileSync(file)).buffer });
    const columns = Object.keys(rows[0] ?? {}).map((each) => ({ name: each, type: "json" }) as const);
    const text = (value: unknown) => (typeof value === "string" ? value : null);
    const cells = rows.map((row) =>
      columns.map(({ name: each }) => (each === column ? change(String(row[each])) : text(row[each]))),
    );
    const bytes = [];
    for await (const piece of parquetBytes(columns, Readable.from(cells))) bytes.push(piece);
    writeFileSync(file, Buffer.concat(bytes));
  });

const without = (setting: string, file: string, from: string | RegExp, to = "") =>
  breaks(`without ${setting}`, edit(file, from, to));

const weightFlip = flip('"weight":0', '"weight":1');
const flipBack = breaks("an approved turn is masked", edit("train.jsonl", '"weight":1', '"weight":0'));
const trlCut = breaks(
  "rows cut at TRL's default",
  edit("train_common.py", '    "max_length": None,', "    #"),
);

/** The two replies of the first pair change places; the golden lines know which is which. */
const swapSides = (one: string, other: string) =>
  breaks("chosen and rejected change places", (folder) => {
    const file = path.join(folder, "train.jsonl");
    const swapped = readFileSync(file, "utf8").replace(
      new RegExp(`"(${one}|${other})":`, "g"),
      (_, side: string) => (side === one ? `"${other}":` : `"${one}":`),
    );
    writeFileSync(file, swapped);
  });

/** The services that train elsewhere: the rules of their files, and the flags. */
const ofService = { trainer: NO_TRAINER, modules: "json", breaks: [weightFlip, flipBack] };

/** byHand: why `npm run env` does not install that trainer. */
type Proof = { trainer: string; modules: string; breaks: Break[]; byHand?: string };

/** What is broken in the folder of each format, and the Python environment and modules its check runs with. */
export const proofs: Record<string, Proof> = {
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
    breaks: [weightFlip, without("the labels", "labelling.py", "if is_trained else -100", "")],
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
  "dpo-trl": {
    trainer: "trl",
    modules: "trl.trainer.sft_trainer,datasets",
    breaks: [
      swapSides("chosen", "rejected"),
      without("objects as arguments", "tool_calls.py", "json.loads(", "str("),
      trlCut,
    ],
  },
  kto: {
    trainer: "trl",
    modules: "trl.trainer.sft_trainer,datasets",
    breaks: [flip('"label":false', '"label":true'), flip('"label":true', '"label":false'), trlCut],
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
  agenttraj: {
    trainer: "axolotl",
    modules: "axolotl.cli.config,axolotl.common.datasets,transformers,datasets",
    breaks: [flip('"loss":false', '"loss":true')],
  },
  prm: {
    trainer: "axolotl",
    modules: "axolotl.cli.config,axolotl.common.datasets,transformers,datasets",
    breaks: [
      flip('"labels":[false', '"labels":[true'),
      breaks("a step is another one", edit("train.jsonl", '"completions":["', '"completions":["No: ')),
      breaks("rows cut at axolotl's default", edit("train.yaml", /^(sequence_len|excess_length).*\n/gm, "")),
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
  "dpo-openai": {
    trainer: NO_TRAINER,
    modules: "json",
    breaks: [swapSides("preferred_output", "non_preferred_output")],
  },
  tinker: {
    trainer: "tinker-cookbook",
    modules: "tinker_cookbook.supervised.train,transformers.models.llama.modeling_llama,datasets",
    breaks: [
      flip(/("role":"assistant"[^}]*"trainable":)false/, "$1true"),
      breaks(
        "a message of the user is trained",
        edit("train.jsonl", '"trainable":false', '"trainable":true'),
      ),
      breaks("an approved turn is masked", edit("train.jsonl", '"trainable":true', '"trainable":false')),
      breaks("rows cut", edit("train.py", "renderer, None, MASK", "renderer, 1024, MASK")),
    ],
  },
  verl: {
    trainer: "verl",
    modules: "verl.trainer.sft_trainer,transformers.models.llama.modeling_llama,datasets",
    breaks: [
      inParquet("a mask in the data is flipped", "loss_mask", (flags) =>
        flags.replace("[0,0,1,0,0,0,1,0,0,0,0,0,1]", "[0,0,1,0,1,0,1,0,0,0,0,0,1]"),
      ),
      inParquet("an approved turn is masked", "loss_mask", (flags) => flags.replace("1", "0")),
      breaks(
        "every assistant turn is trained, as by verl alone",
        edit("masked_dataset.py", '"weight": flag', '"weight": int(message["role"] == "assistant")'),
      ),
    ],
  },
  unsloth: {
    trainer: "unsloth",
    byHand: "it brings gigabytes for GPUs along, and takes none for granted only when told to",
    modules: "json",
    breaks: [
      swap,
      without(
        "completion_only_loss",
        "train.py",
        '"completion_only_loss": True',
        '"completion_only_loss": False',
      ),
      breaks("rows cut at TRL's default", edit("train.py", /^MAX_LENGTH = \d+/m, "MAX_LENGTH = 1024")),
    ],
  },
  "nemo-rl": {
    trainer: "nemo-rl",
    byHand: "it is in no package index: NEMO_RL names a checkout of it",
    modules: "json",
    breaks: [
      swap,
      without("only_unmask_final", "gleaner.yaml", /^ *only_unmask_final.*\n/m),
      without("add_generation_prompt", "gleaner.yaml", /^ *add_generation_prompt.*\n/m),
      breaks("rows lost at NeMo-RL's default", edit("gleaner.yaml", /^ *max_total_sequence_length.*\n/m, "")),
    ],
  },
};
