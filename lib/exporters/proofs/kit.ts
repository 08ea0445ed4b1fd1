import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { Kit, KitFile } from "@/lib/core/ports";
import { scripts } from "./scripts";

/** What `check.py` proves with: an installed trainer, or for services that cannot be run here the rules of their files. */
export type Proof =
  | "trl"
  | "trl_preference"
  | "prm"
  | "axolotl"
  | "llama_factory"
  | "llama_factory_v1"
  | "ms_swift"
  | "verl"
  | "tinker"
  | "nemo_rl"
  | "unsloth"
  | "rules"
  | "pairs";

/** What a check calls of others. */
const called: Partial<Record<Proof, (keyof typeof scripts)[]>> = {
  rules: [],
  pairs: ["check_rules.py"],
  prm: ["check_common.py", "check_axolotl.py"],
};

/** `check.py` of a folder, and what it needs beside it. */
export function proofFiles(proof: Proof): KitFile[] {
  const beside = called[proof] ?? ["check_common.py"];
  return [
    { path: "check.py", text: scripts[`check_${proof}.py`] },
    ...beside.map((path) => ({ path, text: scripts[path] })),
  ];
}

const SHORTEST = 8192;

/** A length in tokens that cuts no row: a token is at least one character in all but the rarest scripts. */
export function roomFor({ longestRow }: Pick<Kit, "longestRow">): number {
  return Math.max(SHORTEST, 2 ** Math.ceil(Math.log2(Math.max(longestRow, 1))));
}

const BATCH = 8;

/** Rows of a batch, for trainers that leave out what does not fill one: no more than there are. */
export const batchOf = (kit: Kit): number => Math.min(kit.settings?.batchSize ?? BATCH, rowsOf(kit, "train"));

export const rowsOf = ({ splits }: Kit, split: DatasetSplit): number =>
  splits.find((each) => each.split === split)?.rows ?? 0;

/** Whether there are rows to measure the loss on. */
export const hasValidation = (kit: Kit): boolean => rowsOf(kit, "validation") > 0;

/** Lines of a file, without those that do not apply. */
export const lines = (...given: (string | false)[]): string =>
  given.flatMap((line) => (line === false ? [] : [`${line}\n`])).join("");
