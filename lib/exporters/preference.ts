import type { KitFile } from "@/lib/core/ports";
import { proofFiles } from "./proofs/kit";
import { scripts } from "./proofs/scripts";

/** A folder that TRL trains preferences with: `train` is its script, and the check asks that. */
export const preferenceFiles = (train: "train_trl_dpo.py" | "train_trl_kto.py"): KitFile[] => [
  { path: "train.py", text: scripts[train] },
  { path: "train_common.py", text: scripts["train_common.py"] },
  { path: "tool_calls.py", text: scripts["tool_calls.py"] },
  { path: "requirements.txt", text: "trl>=1.16\n" },
  ...proofFiles("trl_preference"),
];
