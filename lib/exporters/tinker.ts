import type { Exporter } from "@/lib/core/ports";
import { openaiMessages, toolsOf } from "./openai-messages";
import { proofFiles } from "./proofs/kit";
import { scripts } from "./proofs/scripts";
import { jsonlFile, maskedRows } from "./rows";

/** Tinker's cookbook: `trainable` on every message, which its other modes refuse. Source: tinker_cookbook/renderers 0.5.8 */
export const tinker: Exporter = {
  format: "tinker",
  title: "Tinker cookbook",
  family: "trainer",
  shape: "masked",
  mask: "`trainable` true or false on every message, with TrainOnWhat.CUSTOMIZED",
  encoding: { kind: "jsonl" },
  needs: "example",
  truncation: null,
  command: "python train.py Qwen/Qwen3-4B-Instruct-2507",
  dataFile: jsonlFile,
  rows: (example) =>
    maskedRows(example, (kept) => ({
      value: {
        messages: openaiMessages(kept.messages, ({ role, train }) => ({
          trainable: role === "assistant" && train,
        })),
        ...toolsOf(kept),
      },
      positions: kept.messages.map((_, index) => index),
    })),
  files: () => [
    { path: "train.py", text: scripts["train_tinker.py"] },
    { path: "requirements.txt", text: "tinker-cookbook>=0.5.8\n" },
    ...proofFiles("tinker"),
  ],
};
