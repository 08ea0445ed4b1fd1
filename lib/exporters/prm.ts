import type { Example, MaskedMessage } from "@/lib/core/example";
import type { ExportContext, Exporter, ExportRow } from "@/lib/core/ports";
import { actionOf } from "./action";
import { becauseOf, forkPair, PAIR_CONFIDENCE } from "./fork-pair";
import { jsonlFile } from "./rows";

type Turn = Example["provenance"]["turns"][number];

const good = new Set(["beneficial", "redundant"]);
const bad = new Set(["harmful", "dead_end"]);

/** Whether a step keeps the task within reach; null where nobody knows. */
function labelOf({ source, verdict, train }: Turn): boolean | null {
  if (source === "agent" || train || (verdict !== null && good.has(verdict))) return true;
  return verdict !== null && bad.has(verdict) ? false : null;
}

function textOf({ role, content, toolCalls }: MaskedMessage): string {
  if (role !== "assistant") return content ?? "";
  return toolCalls && toolCalls.length > 0
    ? [content ?? "", actionOf({ content, toolCalls })].filter((text) => text !== "").join("\n")
    : (content ?? "");
}

const joined = (messages: MaskedMessage[]) => messages.map(textOf).join("\n\n");

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
  const prompt = joined(example.messages.slice(0, begin));
  const completions = steps.map(completion);
  const labels = steps.map((turn) => labelOf(turn) === true);
  const positions = example.messages.map(() => null);
  const whole: ExportRow = { value: { prompt, completions, labels }, positions, trained: [] };
  const pair = forkPair(example, context);
  const fork = steps.findIndex(({ messageIndex }) => messageIndex === pair?.chosenIndex);
  if (pair === null || fork === -1 || !context.first(`pair ${pair.stateIndex}`)) return [whole];
  const seen = example.messages.slice(
    fork === 0 ? begin : (steps[fork - 1]?.messageIndex ?? 0) + 1,
    pair.chosenIndex,
  );
  const lost = {
    prompt,
    completions: [...completions.slice(0, fork), joined([...seen, pair.rejected])],
    labels: [...labels.slice(0, fork), false],
  };
  return [whole, { value: lost, positions, trained: [], because: becauseOf(pair) }];
}

/** Steps with a reward each, for process reward models. */
export const prm: Exporter = {
  format: "prm",
  title: "Step rewards (PRM), TRL",
  family: "preference",
  shape: "labels",
  mask: `\`labels\`: beneficial, redundant and the agent's winning steps true, harmful and dead-end steps false; up to the last undecided step all is prompt; a second row ends with the expert's action at a fork with P ≥ ${PAIR_CONFIDENCE}`,
  encoding: { kind: "jsonl" },
  needs: "trajectory",
  truncation: { tokens: 1024, does: "cuts the end", setting: "PRMConfig(max_length=…)" },
  command: null,
  dataFile: jsonlFile,
  rows,
  files: () => [],
};
