import type { Example, MaskedMessage } from "@/lib/core/example";
import type { ExportContext, Exporter, ExportRow } from "@/lib/core/ports";
import { actionOf } from "./action";
import { axolotlConfig } from "./axolotl";
import { becauseOf, forkPair, PAIR_CONFIDENCE } from "./fork-pair";
import { lines, proofFiles } from "./proofs/kit";
import { actionsTo } from "./path";
import { jsonlFile } from "./rows";

type Turn = Example["provenance"]["turns"][number];

const good = new Set(["beneficial", "redundant"]);
const bad = new Set(["harmful", "dead_end"]);

/** Whether a step keeps the task within reach; null where nobody knows. */
function labelOf({ source, verdict, train }: Turn): boolean | null {
  if (source === "agent" || train || (verdict !== null && good.has(verdict))) return true;
  return verdict !== null && bad.has(verdict) ? false : null;
}

/** The same where a label is known: what another example of the subtask trains in the same state is not bad in this one. */
const isGood = (example: Example, turn: Turn, { trains }: ExportContext): boolean =>
  labelOf(turn) === true || trains(actionsTo(example, turn.messageIndex));

function textOf({ role, content, toolCalls }: MaskedMessage): string {
  if (role !== "assistant") return content ?? "";
  return toolCalls && toolCalls.length > 0
    ? [content ?? "", actionOf({ content, toolCalls })].filter((text) => text !== "").join("\n")
    : (content ?? "");
}

const joined = (messages: MaskedMessage[]) => messages.map(textOf).join("\n\n");

/** What the trainer puts after a step; on it lies the label. Axolotl drops another one that its configuration asks for. */
const SEPARATOR = "\n";

type Row = { prompt: string; completions: string[]; labels: boolean[] };

const judged = ({ completions, labels }: Row): ExportRow["judged"] =>
  completions.map((content, position) => ({
    message: { role: "assistant", content, train: false },
    position,
    good: labels[position] === true,
  }));

/**
 * An example as a prompt and steps, each with what was seen before it. Everything up to the last step without a label
 * belongs to the prompt.
 */
function rows(example: Example, context: ExportContext): ExportRow[] {
  const { turns } = example.provenance;
  const from = turns.findLastIndex((turn) => labelOf(turn) === null) + 1;
  const steps = turns.slice(from);
  const [first] = steps;
  if (first === undefined) return [];
  const begin = first.messageIndex;
  const completion = (turn: Turn, index: number) => {
    const start = index === 0 ? begin : (steps[index - 1]?.messageIndex ?? 0) + 1;
    return joined(example.messages.slice(start, turn.messageIndex + 1));
  };
  const prompt = `${joined(example.messages.slice(0, begin))}${SEPARATOR}`;
  const completions = steps.map(completion);
  const labels = steps.map((turn) => isGood(example, turn, context));
  const positions = example.messages.map(() => null);
  const written = (value: Row): ExportRow => ({ value, positions, trained: [], judged: judged(value) });
  const whole = written({ prompt, completions, labels });
  const pair = forkPair(example, context);
  const fork = steps.findIndex(({ messageIndex }) => messageIndex === pair?.chosenIndex);
  if (pair === null || fork === -1 || !context.first(`pair ${pair.stateIndex}`)) return [whole];
  const seen = example.messages.slice(
    fork === 0 ? begin : (steps[fork - 1]?.messageIndex ?? 0) + 1,
    pair.chosenIndex,
  );
  const lost = written({
    prompt,
    completions: [...completions.slice(0, fork), joined([...seen, pair.rejected])],
    labels: [...labels.slice(0, fork), false],
  });
  return [whole, { ...lost, because: becauseOf(pair) }];
}

const stepwise = (file: string): string =>
  lines(`  - path: ${file}`, "    ds_type: json", "    split: train", "    type: stepwise_supervised");

const classifier = lines(
  "process_reward_model: true",
  "model_type: AutoModelForTokenClassification",
  "num_labels: 2",
);

/** Steps with a reward each, for process reward models. TRL had a trainer for them until 1.13; Axolotl has it now. */
export const prm: Exporter = {
  format: "prm",
  title: "Step rewards (PRM), Axolotl",
  family: "preference",
  shape: "labels",
  mask: `\`labels\`: beneficial, redundant and the agent's winning steps true, harmful and dead-end steps false; up to the last undecided step all is prompt; a second row ends with the expert's action at a fork with P ≥ ${PAIR_CONFIDENCE}`,
  encoding: { kind: "jsonl" },
  needs: "trajectory",
  truncation: { tokens: 512, does: "cuts the end", setting: "sequence_len" },
  command: "axolotl train train.yaml",
  dataFile: jsonlFile,
  rows,
  files: (kit) => [
    { path: "train.yaml", text: axolotlConfig(kit, stepwise, classifier) },
    { path: "requirements.txt", text: "axolotl>=0.21\n" },
    ...proofFiles("prm"),
  ],
};
