import type { Example, MaskedMessage } from "@/lib/core/example";
import type { Exporter, ExportRow } from "@/lib/core/ports";

/** Data lines whose approved text is written down for the proof. */
export const GOLDEN_LINES = 50;

type GoldenTurn = { message: number; content: string | null; tool_calls?: unknown[]; good?: boolean };

/**
 * What a trainer must train in one data line, and nothing else: one JSON line without the newline, which the folder's
 * `check.py` asserts against the installed trainer. `good` says of a judged reply whether the model is to be drawn to it.
 * @param line 1-based line in the data file
 */
export function goldenLine(
  exporter: Pick<Exporter, "asText">,
  example: Example,
  row: ExportRow,
  line: number,
): string {
  const turn = (message: MaskedMessage, position: number): GoldenTurn =>
    exporter.asText
      ? { message: position, content: exporter.asText(message) }
      : { message: position, content: message.content, ...callsOf(message) };
  const judged = row.judged?.map(({ message, position, good }) => ({ ...turn(message, position), good }));
  const trained = row.trained.flatMap((index): GoldenTurn[] => {
    const message = example.messages[index];
    const position = row.positions[index];
    return message === undefined || position === undefined || position === null
      ? []
      : [turn(message, position)];
  });
  return JSON.stringify({ line, trained: judged ?? trained });
}

function callsOf({ toolCalls }: MaskedMessage): Pick<GoldenTurn, "tool_calls"> {
  if (toolCalls === undefined || toolCalls.length === 0) return {};
  return {
    tool_calls: toolCalls.map(({ id, name, arguments: written }) => ({
      id,
      type: "function",
      function: { name, arguments: written },
    })),
  };
}
