import { renderStep } from "@/lib/prompts/conversation";
import { isRecord } from "./sharegpt";
import { ofStep, type Turns } from "./turns";

const beside = ["reasoning_content", "reasoning", "thinking"];

/** Kinds of parts that hold what was thought; it is not what was said. */
export const isReasoning = (type: unknown) =>
  type === "reasoning" || type === "thinking" || type === "redacted_thinking";

/** What one part says was thought; what was sealed for its provider alone is no text. */
function thoughtIn(part: unknown): string[] {
  if (!isRecord(part) || !isReasoning(part.type)) return [];
  const sealed = part.redacted === true || part.type === "redacted_thinking";
  const told = sealed
    ? [part.summary]
    : [part.reasoning, part.thinking, part.text, part.content, part.summary];
  const text = told.find((each) => typeof each === "string" && each.trim() !== "");
  return typeof text === "string" ? [text] : [];
}

/** What a chat message says its reply was thought with, beside its content or in parts of it; null where nothing. */
export function reasoningOf(message: unknown): string | null {
  if (!isRecord(message)) return null;
  for (const key of beside) {
    const text = message[key];
    if (typeof text === "string" && text.trim() !== "") return text;
  }
  const parts: unknown[] = [message.content, message.parts].find((list) => Array.isArray(list)) ?? [];
  return parts.flatMap(thoughtIn).join("\n\n") || null;
}

/** The same of every reply in a list of messages, in their order. */
export const reasoningIn = (messages: unknown): (string | null)[] =>
  (Array.isArray(messages) ? messages : [])
    .filter((message: unknown) => isRecord(message) && message.role === "assistant")
    .map(reasoningOf);

/**
 * The turns with what each reply was thought with before its step's own thought. The messages stay what was sent and
 * said, without it.
 * @param reasoning of each reply, those of the opening among them
 */
export function withReasoning(turns: Turns, reasoning: (string | null | undefined)[]): Turns {
  const thoughtOf = ofStep(turns.steps, reasoning);
  const steps = turns.steps.map((step, index) => {
    const thought = thoughtOf(index);
    if (!thought || thought.trim() === "") return step;
    const own = step.thought === null || step.thought.trim() === "" ? [] : [step.thought];
    return { ...step, thought: [thought, ...own].join("\n\n"), messages: renderStep(step) };
  });
  return { ...turns, steps };
}
