const spaces = "\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const outerSpaces = new RegExp(`^[${spaces}]+|[${spaces}]+$`, "g");

/** A text without the white space around it, by Python's notion of white space. */
export const stripped = (text: string): string => text.replace(outerSpaces, "");

const named: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(character: string): string {
  const known = named[character];
  if (known !== undefined) return known;
  if (character === " " || !/[\p{C}\p{Z}]/u.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** A text as Python writes it in the description of an object: quoted, unprintable characters escaped. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const body = Array.from(text, (character) => (character === quote ? `\\${quote}` : escaped(character)));
  return `${quote}${body.join("")}${quote}`;
}
