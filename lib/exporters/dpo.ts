import type { Example } from "@/lib/core/example";
import type { ExportContext, Exporter, ExportRow } from "@/lib/core/ports";
import { becauseOf, forkPair, PAIR_CONFIDENCE, type ForkPair } from "./fork-pair";
import { openaiMessages, toolsOf } from "./openai-messages";
import { proofFiles } from "./proofs/kit";
import { preferenceFiles } from "./preference";
import { jsonlFile } from "./rows";

const plain = () => ({});

/** The row a pair becomes: single replies, so that Together takes them as well. */
type Sides = { prompt: object[]; chosen: object[]; rejected: object[] };

function sides(example: Example, { chosenIndex, chosen, rejected }: ForkPair): Sides {
  return {
    prompt: openaiMessages(example.messages.slice(0, chosenIndex), plain),
    chosen: openaiMessages([chosen], plain),
    rejected: openaiMessages([rejected], plain),
  };
}

function pairRows(
  example: Example,
  context: ExportContext,
  write: (sides: Sides, example: Example) => object,
): ExportRow[] {
  const pair = forkPair(example, context);
  if (pair === null || !context.first(`pair ${pair.stateIndex}`)) return [];
  const { chosenIndex: position, chosen, rejected } = pair;
  return [
    {
      value: write(sides(example, pair), example),
      positions: example.messages.map((_, index) => (index < position ? index : null)),
      trained: [],
      judged: [
        { message: chosen, position, good: true },
        { message: rejected, position, good: false },
      ],
      because: becauseOf(pair),
    },
  ];
}

const pairs = {
  family: "preference",
  shape: "pairs",
  mask: `a pair per fork with P ≥ ${PAIR_CONFIDENCE}: the first action of the rollout that won there over the expert's action that lost the task`,
  encoding: { kind: "jsonl" },
  needs: "trajectory",
  dataFile: jsonlFile,
} as const satisfies Partial<Exporter>;

/**
 * OpenAI's preference rows, which Azure and Together read too. The service reads `preferred_output`, whatever older schemas
 * say. Source: formats.md 2.3
 */
export const dpoOpenai: Exporter = {
  ...pairs,
  format: "dpo-openai",
  title: "DPO pairs, OpenAI",
  truncation: null,
  command: null,
  files: () => proofFiles("pairs"),
  rows: (example, context) =>
    pairRows(example, context, ({ prompt, chosen, rejected }, of) => ({
      input: {
        messages: prompt,
        ...toolsOf(of),
        ...(toolsOf(of).tools ? { parallel_tool_calls: true } : {}),
      },
      preferred_output: chosen,
      non_preferred_output: rejected,
    })),
};

/** TRL's preference rows, and the training that reads the arguments of their calls as objects. */
export const dpoTrl: Exporter = {
  ...pairs,
  format: "dpo-trl",
  title: "DPO pairs, TRL",
  truncation: { tokens: 1024, does: "cuts the end", setting: "max_length" },
  command: "python train.py",
  files: () => preferenceFiles("train_trl_dpo.py"),
  rows: (example, context) => pairRows(example, context, (value, of) => ({ ...value, ...toolsOf(of) })),
};
