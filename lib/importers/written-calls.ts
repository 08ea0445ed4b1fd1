import { callArguments } from "./message-text";
import { isRecord } from "./sharegpt";

/** A call that came without an id of its own. */
export type WrittenCall = { name: string; arguments: string };

const ownSpelling = /^\{"name": "(?:[^"\\]|\\.)*", "arguments": ([\s\S]*)\}$/;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Arguments that were no JSON object were written as a JSON string. */
const unwrapped = (given: unknown, source: string) =>
  typeof given === "string" ? given : (ownSpelling.exec(source)?.[1] ?? callArguments(given));

/**
 * A call written as `{"name": …, "arguments": …}`, as trainers keep them in text; null where it is none. Arguments keep
 * their text where they are spelt as our own exports spell them.
 */
export function writtenCall(text: string): WrittenCall | null {
  const call = parsed(text);
  if (!isRecord(call) || typeof call.name !== "string") return null;
  return { name: call.name, arguments: unwrapped(call.arguments ?? {}, text) };
}

/** A list of such calls, or one; null where the text is neither. */
export function writtenCalls(text: string): WrittenCall[] | null {
  const given = parsed(text);
  if (!Array.isArray(given)) {
    const call = writtenCall(text);
    return call === null ? null : [call];
  }
  const only = given.length === 1 ? writtenCall(text.trim().slice(1, -1)) : null;
  if (only !== null) return [only];
  const calls = given.map((call: unknown) => writtenCall(JSON.stringify(call)));
  return calls.length > 0 && calls.every((call) => call !== null) ? calls : null;
}
