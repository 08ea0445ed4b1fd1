import { createHash } from "node:crypto";
import type { Example } from "@/lib/core/example";
import { actionOf } from "./action";

/** What was done from the start of the task, action by action: the state a turn acts at, and its own action last. */
export function actionsOf({ messages, provenance }: Pick<Example, "messages" | "provenance">): string[] {
  return provenance.turns.map(({ messageIndex }) => {
    const reply = messages[messageIndex];
    return reply === undefined ? "" : actionOf(reply);
  });
}

/** The actions of an example up to and with the one of a turn. */
export function actionsTo(example: Example, messageIndex: number): string[] {
  const last = example.provenance.turns.findIndex((turn) => turn.messageIndex === messageIndex);
  return actionsOf(example).slice(0, last + 1);
}

const keyOf = (actions: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(actions)).digest("base64");

/** Tells of actions whether some of these examples, all of one subtask, train the last of them after the others. */
export function trainedIn(examples: readonly Example[]): (actions: readonly string[]) => boolean {
  const trained = new Set<string>();
  for (const example of examples) {
    const actions = actionsOf(example);
    example.provenance.turns.forEach(({ train }, i) => {
      if (train) trained.add(keyOf(actions.slice(0, i + 1)));
    });
  }
  return (actions) => trained.has(keyOf(actions));
}
