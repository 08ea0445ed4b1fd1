import { isRecord } from "./sharegpt";

const isLog = (value: unknown) => isRecord(value) && Array.isArray(value.samples) && isRecord(value.eval);

/**
 * Parsed JSON. Inspect writes NaN for a score that was not given, which JSON does not have; in its logs, and there
 * alone, such a number is read as null.
 * @param sample whether the text is known to be a sample of one
 * @throws SyntaxError as `JSON.parse` does
 */
export function parsedJson(text: string, sample: boolean): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const without = withoutNonNumbers(text);
    if (without === text) throw error;
    const value: unknown = JSON.parse(without);
    if (sample || isLog(value)) return value;
    throw error;
  }
}

const nonNumber = /^(?:NaN|-?Infinity)(?![\w.])/;

/** The text with `null` for each of them outside of strings. */
function withoutNonNumbers(text: string): string {
  if (!/NaN|Infinity/.test(text)) return text;
  let whole = "";
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') at = endOfString(text, at);
    if (sign !== "N" && sign !== "I" && sign !== "-") continue;
    const found = nonNumber.exec(text.slice(at, at + 12))?.[0];
    if (found === undefined) continue;
    whole += `${text.slice(from, at)}null`;
    at += found.length - 1;
    from = at + 1;
  }
  return whole + text.slice(from);
}

/** Where the string that begins here ends. */
function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
