/** Stands before the digits of an integer that a number cannot hold, while its record is read; no text has it for a reason. */
const mark = "\ue0f0";

const longDigits = /(?:^|[^\d.eE+\w"])-?\d{16}/;
const textOrInteger = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

/** Keys under which a call has what it was made with. */
export const exactKeys = new Set(["arguments", "kwargs"]);
/** An integer that a number cannot hold, as marked text. */
export const markOf = (value: bigint): string => `${mark}${value}`;
/** Definitions are no calls, whatever their keys. */
const neverExact = new Set(["tools", "tool_definitions"]);

/**
 * JSON text with every integer beyond 2^53 as marked text, so that parsing keeps its digits; null where there is none.
 * @returns "ambiguous" where the text holds the mark itself
 */
export function withMarks(json: string): string | "ambiguous" | null {
  if (!longDigits.test(json)) return null;
  const marked = json.replace(textOrInteger, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"${mark}${token}"`,
  );
  if (marked === json) return null;
  return json.includes(mark) || /\\ue0f0/i.test(json) ? "ambiguous" : marked;
}

/** Keys whose integers are names: their digits are kept as text. */
const isName = (key: string) => /^id$|_id$|Id$/.test(key);

/**
 * A parsed value with its marks left in the arguments of calls only. Integers that are names keep their digits as text;
 * all others are numbers, as JSON has them.
 */
export function settled(value: unknown, exact = false): unknown {
  if (typeof value === "string") return !exact && value.startsWith(mark) ? Number(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => settled(item, exact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => {
      if (!exact && isName(key) && typeof inner === "string" && inner.startsWith(mark))
        return [key, inner.slice(1)];
      return [key, settled(inner, !neverExact.has(key) && (exact || exactKeys.has(key)))];
    }),
  );
}

/** JSON text with the digits of marked integers as they were written. */
export const withoutMarks = (json: string): string =>
  json.includes(mark) ? json.replace(/"\ue0f0(-?\d+)"/g, "$1") : json;

/** Where a value still has a mark, as a path; null where nowhere. */
export function markIn(value: unknown, path = ""): string | null {
  if (typeof value === "string") return value.includes(mark) ? path : null;
  if (typeof value !== "object" || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    const found = markIn(
      inner,
      Array.isArray(value) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`,
    );
    if (found !== null) return found;
  }
  return null;
}
