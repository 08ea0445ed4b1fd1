import type { Example } from "@/lib/core/example";
import type { ExportContext, Exporter, ExportRow } from "@/lib/core/ports";
import { becauseOf, forkPair, PAIR_CONFIDENCE } from "./fork-pair";
import { openaiMessages, toolsOf } from "./openai-messages";
import { actionsTo } from "./path";
import { preferenceFiles } from "./preference";
import { jsonlFile } from "./rows";

type Turn = Example["provenance"]["turns"][number];

/** Of this action alone the evidence says something: the states before and after it were both probed. */
function isPinned({ provenance }: Example, { stepIndex }: Turn): boolean {
  return [stepIndex, stepIndex + 1].every((at) =>
    provenance.evidence.some(({ stateIndex }) => stateIndex === at),
  );
}

/** Good is what is trained, bad is a harmful action that alone is to blame and that no example trains; anything else has no label. */
function labelOf(example: Example, turn: Turn, { trains }: ExportContext): boolean | null {
  if (turn.train) return true;
  if (turn.source !== "expert" || turn.verdict !== "harmful" || !isPinned(example, turn)) return null;
  return trains(actionsTo(example, turn.messageIndex)) ? null : false;
}

function key({ provenance }: Example, { source, stepIndex }: Turn): string {
  const { rollout } = provenance;
  return source === "expert" || rollout === null
    ? `${source} ${stepIndex}`
    : `agent ${rollout.runId} ${rollout.stateIndex} ${rollout.attempt} ${stepIndex}`;
}

/** `completion` after the first `end` messages; `held` of them are the example's own. */
function row(
  example: Example,
  { end, held }: { end: number; held: number },
  completion: Example["messages"][number],
  label: boolean,
): ExportRow {
  const messages = openaiMessages([...example.messages.slice(0, end), completion], () => ({}));
  return {
    value: { prompt: messages.slice(0, -1), completion: messages.slice(-1), label, ...toolsOf(example) },
    positions: example.messages.map((_, index) => (index < held ? index : null)),
    trained: [],
    judged: [{ message: completion, position: end, good: label }],
  };
}

function rows(example: Example, context: ExportContext): ExportRow[] {
  const labelled = example.provenance.turns.flatMap((turn) => {
    const label = labelOf(example, turn, context);
    const message = example.messages[turn.messageIndex];
    if (label === null || message === undefined || !context.first(key(example, turn))) return [];
    const end = turn.messageIndex;
    return [row(example, { end, held: end + 1 }, message, label)];
  });
  const pair = forkPair(example, context);
  if (pair === null || !context.first(`expert ${pair.stateIndex}`)) return labelled;
  const end = pair.chosenIndex;
  return [
    ...labelled,
    { ...row(example, { end, held: end }, pair.rejected, false), because: becauseOf(pair) },
  ];
}

/** Single actions with a label, for KTO and every other method that wants good and bad apart. */
export const kto: Exporter = {
  format: "kto",
  title: "KTO rows, TRL",
  family: "preference",
  shape: "labels",
  mask: `\`label\` true for what the dataset trains; false for harmful actions with the states before and after them probed, and for the expert's action at a fork with P ≥ ${PAIR_CONFIDENCE}`,
  encoding: { kind: "jsonl" },
  needs: "trajectory",
  truncation: { tokens: 1024, does: "cuts the end", setting: "max_length" },
  command: "python train.py",
  dataFile: jsonlFile,
  rows,
  files: () => preferenceFiles("train_trl_kto.py"),
};
