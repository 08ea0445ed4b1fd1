import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter, Kit } from "@/lib/core/ports";
import { callText, toolsText } from "./messages";
import { hasValidation, lines, proofFiles, roomFor } from "./proofs/kit";
import { explodedRows, jsonlFile, maskedRows, type WrittenRow } from "./rows";
import { templateFor, trainerConfig, usualNames } from "./trainer-config";

type Fragment = { from: "human" | "observation" | "gpt" | "function_call"; value: string };

/** A reply; one that speaks and calls is text before marked calls, one that only calls is the calls alone. */
function reply({ content, toolCalls }: MaskedMessage): Fragment {
  if (toolCalls === undefined || toolCalls.length === 0) return { from: "gpt", value: content ?? "" };
  const calls = `[${toolCalls.map(callText).join(", ")}]`;
  const value = content === null || content === "" ? calls : `${content}\n<tool_call>${calls}</tool_call>`;
  return { from: "function_call", value };
}

const isReply = ({ from }: Fragment) => from === "gpt" || from === "function_call";

/** What is said between two replies is one fragment: LLaMA-Factory skips rows that do not alternate. */
function hear(conversations: Fragment[], { role, content }: MaskedMessage): void {
  const last = conversations.at(-1);
  const from = role === "tool" ? "observation" : "human";
  if (last === undefined || isReply(last)) {
    conversations.push({ from, value: content ?? "" });
    return;
  }
  // Its own converter joins the answers to several calls in this way.
  const between =
    last.from === from && from === "observation" ? "\n</tool_response>\n<tool_response>\n" : "\n";
  last.value += `${between}${content ?? ""}`;
}

function converse({ messages, tools }: Example): WrittenRow {
  const rules = messages.findIndex(({ role }) => role !== "system");
  const conversations: Fragment[] = [];
  const positions = messages.map((message, index) => {
    if (index < rules) return null;
    if (message.role !== "assistant") hear(conversations, message);
    else {
      const last = conversations.at(-1);
      if (last === undefined || isReply(last)) conversations.push({ from: "human", value: "" });
      conversations.push(reply(message));
    }
    return conversations.length - 1;
  });
  const system = messages
    .slice(0, rules)
    .map(({ content }) => content ?? "")
    .join("\n");
  return { value: { conversations, system, tools: toolsText(tools, "") }, positions };
}

const shared = {
  family: "trainer",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: { tokens: 2048, does: "cuts the end", setting: "cutoff_len" },
  dataFile: jsonlFile,
} as const;

function datasetInfo({ splits }: Kit): string {
  const columns = { messages: "conversations", system: "system", tools: "tools" };
  const entries = splits.map(({ split, file }) => [
    split,
    { file_name: file, formatting: "sharegpt", columns },
  ]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

function config(kit: Kit): string {
  const data = lines(
    "stage: sft",
    "do_train: true",
    "dataset_dir: .",
    "dataset: train",
    hasValidation(kit) && "eval_dataset: validation",
    hasValidation(kit) && "eval_strategy: epoch",
    "mask_history: true # without it, every turn of the prefix is trained again",
  );
  return trainerConfig(
    kit,
    data,
    [
      ["model_name_or_path", "Qwen/Qwen2.5-7B-Instruct"],
      ["template", templateFor(kit, "qwen"), "of the model"],
      ["finetuning_type", "lora"],
      ["lora_target", "all"],
      ["cutoff_len", roomFor(kit), "the default is 2048"],
      ["output_dir", "out"],
      ["per_device_train_batch_size", 1],
      ["gradient_accumulation_steps", 8],
      ["learning_rate", "0.0001"],
      ["num_train_epochs", 2],
      ["bf16", "true"],
    ],
    { ...usualNames, model: "model_name_or_path" },
  );
}

/** LLaMA-Factory knows no flag per turn: one row per trained turn, and only the last turn of a row is trained. */
export const llamaFactory: Exporter = {
  ...shared,
  truncation: { tokens: 2048, does: "cuts the start", setting: "cutoff_len" },
  format: "llama-factory",
  title: "LLaMA-Factory",
  shape: "exploded",
  mask: "one row per trained turn, with mask_history: true",
  command: "llamafactory-cli train train.yaml",
  rows: (example) => explodedRows(example, converse),
  files: (kit) => [
    { path: "train.yaml", text: config(kit) },
    { path: "dataset_info.json", text: datasetInfo(kit) },
    { path: "requirements.txt", text: "llamafactory>=0.9.5\n" },
    ...proofFiles("llama_factory"),
  ],
};

function part({ role, content, toolCalls, train }: MaskedMessage) {
  const calls = toolCalls ?? [];
  const said =
    content !== null && (content !== "" || calls.length === 0) ? content : calls.length > 0 ? null : "";
  return {
    role,
    content: [
      ...(said === null ? [] : [{ type: "text", value: said }]),
      ...calls.map((call) => ({ type: "tool_call", value: callText(call) })),
    ],
    loss_weight: train ? 1 : 0,
  };
}

function configV1(kit: Kit): string {
  return trainerConfig(
    kit,
    lines(
      "train_dataset: train.jsonl",
      hasValidation(kit) && "# This trainer evaluates nothing: validation.jsonl is for a check of your own.",
    ),
    [
      ["model", "Qwen/Qwen3-4B-Instruct-2507"],
      [
        "template",
        templateFor(kit, "qwen3_nothink"),
        "of the model; chatml and qwen3 are the others there are",
      ],
      ["cutoff_len", roomFor(kit), "the default is 2048"],
      ["output_dir", "out"],
      ["micro_batch_size", 1],
      ["global_batch_size", 8],
      ["learning_rate", "0.00001"],
      ["num_train_epochs", 2],
    ],
    { ...usualNames, batchSize: "global_batch_size" },
  );
}

/** LLaMA-Factory's experimental v1 trainer, which weighs each turn; it trains a turn's role header with it. */
export const llamaFactoryV1: Exporter = {
  ...shared,
  format: "llama-factory-v1",
  title: "LLaMA-Factory v1 (experimental)",
  shape: "masked",
  mask: "`loss_weight` 0 or 1 on every message; the words that open a turn are trained with it",
  command: "USE_V1=1 llamafactory-cli sft train.yaml",
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: { messages: kept.messages.map(part), tools: toolsText(kept.tools, "") },
      positions: kept.messages.map((_, index) => index),
    })),
  files: (kit) => [
    { path: "train.yaml", text: configV1(kit) },
    { path: "requirements.txt", text: "llamafactory>=0.9.5\n" },
    ...proofFiles("llama_factory_v1"),
  ],
};
