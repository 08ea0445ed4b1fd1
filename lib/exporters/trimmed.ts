import { AppError } from "@/lib/core/errors";
import type { Example } from "@/lib/core/example";

/** Whether an example can teach anything, or why it is left out of an export. */
export function exportable(example: Example): { ok: true } | { ok: false; reason: string } {
  if (lastTrained(example) !== -1) return { ok: true };
  return {
    ok: false,
    reason: "no turn of it is trained on: a trainer would fail on it or learn nothing from it",
  };
}

const lastTrained = ({ messages }: Example) =>
  messages.findLastIndex((message) => message.role === "assistant" && message.train);

/**
 * The example up to its last trained turn. What follows can carry no loss, costs tokens, and makes some trainers drop
 * the row (formats.md R1, R2).
 * @throws AppError invalid_input when no turn is trained
 */
export function trimmed(example: Example): Example {
  const check = exportable(example);
  if (!check.ok) {
    const { trajectory } = example.provenance;
    throw new AppError(
      "invalid_input",
      `example of trajectory ${trajectory} cannot be exported: ${check.reason}`,
      {
        fix: "leave it out of the dataset, or approve one of its actions",
      },
    );
  }
  const end = lastTrained(example) + 1;
  const turns = example.provenance.turns.filter((turn) => turn.messageIndex < end);
  return {
    ...example,
    messages: example.messages.slice(0, end),
    provenance: { ...example.provenance, turns },
  };
}
