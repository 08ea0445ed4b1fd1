import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter, Kit } from "@/lib/core/ports";
import { toolsText, withParsableCalls } from "./messages";
import { openaiMessages } from "./openai-messages";
import { hasValidation, lines, proofFiles, roomFor } from "./proofs/kit";
import { jsonlFile, maskedRows, type WrittenRow } from "./rows";
import { templateFor, trainerConfig, usualNames } from "./trainer-config";

const loss = ({ role, train }: MaskedMessage) => (role === "assistant" ? { loss: train } : {});

/**
 * Replies and what is said to the actor in turn: ms-swift refuses a user message after a tool's answer, and joins two
 * replies without a stop token between them.
 */
function alternate({ messages, tools }: Example): WrittenRow {
  const said: ReturnType<typeof openaiMessages> = [];
  const rules = messages.findIndex(({ role }) => role !== "system");
  const positions = openaiMessages(withParsableCalls(messages), loss).map((message, index) => {
    const last = said.at(-1);
    const spoken = last?.role === "user" || last?.role === "tool";
    const answers = message.role === "tool" && last?.role !== "user";
    if (message.role === "assistant") {
      if (last?.role === "assistant") said.push({ role: "user", content: "" });
      said.push(message);
    } else if (index < rules || answers) said.push(message);
    else if (spoken) last.content = `${last.content ?? ""}\n${message.content ?? ""}`;
    else said.push({ role: "user", content: message.content ?? "" });
    return said.length - 1;
  });
  return { value: { messages: said, tools: toolsText(tools, "[]") }, positions };
}

function config(kit: Kit): string {
  const data = lines(
    "dataset: [train.jsonl]",
    hasValidation(kit) && "val_dataset: [validation.jsonl]",
    "truncation_strategy: delete # no row is longer than max_length",
    "strict: true # by default, rows that cannot be read are dropped",
    "loss_scale: default # turns without a flag of their own; every assistant turn here has one",
  );
  return trainerConfig(
    kit,
    data,
    [
      ["model", "Qwen/Qwen2.5-7B-Instruct"],
      ["template", templateFor(kit, "qwen2_5"), "of the model"],
      ["max_length", roomFor(kit)],
      ["tuner_type", "lora"],
      ["torch_dtype", "bfloat16"],
      ["output_dir", "out"],
      ["per_device_train_batch_size", 1],
      ["gradient_accumulation_steps", 8],
      ["learning_rate", "0.0001"],
      ["num_train_epochs", 2],
    ],
    usualNames,
  );
}

/** ms-swift's messages with `loss` on every assistant message. */
export const msSwift: Exporter = {
  format: "ms-swift",
  title: "ms-swift",
  family: "trainer",
  shape: "masked",
  mask: "`loss` true or false on every assistant message",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: "swift sft train.yaml",
  dataFile: jsonlFile,
  rows: (example) => maskedRows(example, alternate),
  files: (kit) => [
    { path: "train.yaml", text: config(kit) },
    { path: "requirements.txt", text: "ms-swift>=4.6\n" },
    ...proofFiles("ms_swift"),
  ],
};
