/** Python's spelling of values, where it shows in what an environment written in Python prints or compares. */

/** The whitespace `str.strip` and `str.split` know; JavaScript's own set differs. */
const space = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const outerSpace = new RegExp(`^[${space}]+|[${space}]+$`, "g");
const anySpace = new RegExp(`[${space}]+`);

/** `text.strip()`. */
export function strip(text: string): string {
  return text.replace(outerSpace, "");
}

/** `text.split()`. */
export function splitWords(text: string): string[] {
  return text.split(anySpace).filter((word) => word !== "");
}

/** `repr(value)` of a float: always with a point or an exponent. */
export function floatText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  const text = String(value);
  if (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e16) return text;
  return value.toExponential().replace(/(?<=e[+-])(?=\d$)/, "0");
}

/** Characters `repr` writes as an escape: not printable, and not the space. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;
const shortEscapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** `repr(text)`. */
export function textRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = Array.from(text, (char) => {
    if (char === quote) return `\\${char}`;
    const short = shortEscapes[char];
    if (short !== undefined) return short;
    return char !== " " && unprintable.test(char) ? escaped(char) : char;
  });
  return quote + inner.join("") + quote;
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}

/** `json.dumps` of a dict of texts, in the order given: ", " and ": " between, everything beyond ASCII escaped. */
export function dictJson(entries: Iterable<readonly [string, string]>): string {
  const pairs = Array.from(entries, ([key, value]) => `${asciiJson(key)}: ${asciiJson(value)}`);
  return `{${pairs.join(", ")}}`;
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Order of Python's `sorted` on texts: by code point. */
export function compareText(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
