import type { Example } from "@/lib/core/example";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { ExportContext, Exporter, ExportRow } from "@/lib/core/ports";
import { trimmed } from "./trimmed";

/** What one row holds: its JSON, and where the messages of the example it was given stand in it; null for those elsewhere. */
export type WrittenRow = { value: unknown; positions: (number | null)[] };

/** Rows of one example, and the trimmed example their positions speak of: the one way to ask an exporter. */
export function exportRows(
  exporter: Pick<Exporter, "rows">,
  example: Example,
  context: ExportContext = alone(),
): { example: Example; rows: ExportRow[] } {
  const kept = trimmed(example);
  return { example: kept, rows: exporter.rows(kept, context) };
}

/** The context of an example of which nothing else is known. */
export function alone(): ExportContext {
  const seen = new Set<string>();
  const first = (key: string) => seen.size < seen.add(key).size;
  return { trajectory: null, siblings: [], trains: () => false, first };
}

/** `train.jsonl`, `validation.jsonl`. */
export const jsonlFile = (split: DatasetSplit): string => `${split}.jsonl`;

/** The messages of an example the loss covers, ascending. */
export function trainedMessages({ messages }: Pick<Example, "messages">): number[] {
  const trained: number[] = [];
  messages.forEach(({ role, train }, index) => {
    if (role === "assistant" && train) trained.push(index);
  });
  return trained;
}

/** One row that holds the whole example, with a flag on every turn. */
export function maskedRows(example: Example, write: (example: Example) => WrittenRow): ExportRow[] {
  return [{ ...write(example), trained: trainedMessages(example) }];
}

/**
 * One row per trained turn, with everything before it as context and nothing else trained: for trainers that know no flag
 * per turn. `write` is given the example up to that turn.
 */
export function explodedRows(example: Example, write: (prefix: Example) => WrittenRow): ExportRow[] {
  return trainedMessages(example).map((last) => {
    const messages = example.messages
      .slice(0, last + 1)
      .map((message, index) => ({ ...message, train: index === last }));
    const { value, positions } = write({ ...example, messages });
    return {
      value,
      positions: example.messages.map((_, index) => positions[index] ?? null),
      trained: [last],
    };
  });
}
