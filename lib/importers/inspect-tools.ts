import { isRecord } from "./sharegpt";
import { listOf } from "./span-text";

const idOf = (message: unknown) => (isRecord(message) && typeof message.id === "string" ? message.id : null);

/** The reply a call to a model came back with, by its id; null for other events. */
function replyIn(event: Record<string, unknown>): string | null {
  const output = isRecord(event.output) ? event.output : {};
  const choice = listOf(output.choices)[0];
  return isRecord(choice) ? idOf(choice.message) : null;
}

function definition(tool: unknown): unknown {
  if (!isRecord(tool) || typeof tool.name !== "string") return tool;
  const { name, description, parameters } = tool;
  return { type: "function", function: { name, description, parameters } };
}

/**
 * The tools the actor of these messages had, as chat APIs define them; null where the log does not say. Only the events
 * tell, and a log has those of helpers too: the call that gave the actor's first known reply counts.
 */
export function toolsOf(messages: unknown, events: unknown): unknown[] | null {
  const replies = new Set(
    listOf(messages)
      .filter((message) => isRecord(message) && message.role === "assistant")
      .map(idOf),
  );
  for (const event of listOf(events)) {
    if (!isRecord(event) || event.event !== "model") continue;
    const reply = replyIn(event);
    if (reply === null || !replies.has(reply)) continue;
    const tools = listOf(event.tools);
    return tools.length === 0 ? null : tools.map(definition);
  }
  return null;
}
