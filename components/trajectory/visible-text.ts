/**
 * Makes hostile text harmless to read. Trajectories come from web pages and models: they may carry terminal escapes, and
 * characters that reorder or hide what follows. `visibleParts` splits a text into what can be shown as it is and what must
 * be named instead; joining the parts' `raw` gives the text back, character by character.
 */
export type TextPart =
  { kind: "text"; raw: string } | { kind: "mark"; raw: string; label: string; name: string };

// Terminal escapes as a whole (CSI, OSC, two-character), else one control, invisible or direction-changing character.
const HIDDEN =
  /\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\-_]|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb]|\r(?!\n)|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\u{e0000}-\u{e007f}]/gu;

const names: Record<string, string> = {
  "0000": "null",
  "0007": "bell",
  "0008": "backspace",
  "000D": "carriage return",
  "001B": "escape",
  "00AD": "soft hyphen",
  "061C": "Arabic letter mark",
  "200B": "zero-width space",
  "200C": "zero-width non-joiner",
  "200D": "zero-width joiner",
  "200E": "left-to-right mark",
  "200F": "right-to-left mark",
  "2028": "line separator",
  "2029": "paragraph separator",
  "202A": "left-to-right embedding",
  "202B": "right-to-left embedding",
  "202C": "pop directional formatting",
  "202D": "left-to-right override",
  "202E": "right-to-left override",
  "2060": "word joiner",
  "2066": "left-to-right isolate",
  "2067": "right-to-left isolate",
  "2068": "first strong isolate",
  "2069": "pop directional isolate",
  FEFF: "byte order mark",
};

export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (joinsEmoji(text, match.index, match[0])) continue;
    if (match.index > from) parts.push({ kind: "text", raw: text.slice(from, match.index) });
    parts.push(mark(match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: "text", raw: text.slice(from) });
  return parts;
}

/** A zero-width joiner between two pictures makes one picture and hides nothing. */
function joinsEmoji(text: string, at: number, hidden: string): boolean {
  if (hidden !== "\u200d") return false;
  return (
    /[\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}]$/u.test(text.slice(Math.max(0, at - 4), at)) &&
    /^\p{Extended_Pictographic}/u.test(text.slice(at + 1, at + 3))
  );
}

function mark(raw: string): TextPart {
  if (raw.startsWith("\u001b") && raw.length > 1)
    return { kind: "mark", raw, label: `ESC${clean(raw.slice(1))}`, name: "terminal escape sequence" };
  const code = (raw.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return { kind: "mark", raw, label: `U+${code}`, name: names[code] ?? "invisible or control character" };
}

/** An operating-system command may itself hold anything: only its printable ASCII is shown. */
function clean(text: string): string {
  const printable = text.replace(/[^ -~]/g, "·");
  return printable.length > 24 ? `${printable.slice(0, 24)}…` : printable;
}

/**
 * A WebShop page is one line whose parts are separated by [SEP]: the parts, trimmed; null for any other text.
 * The instruction that every page repeats is left out when it is the one the reader already sees.
 */
export function pageSegments(text: string, instruction: string): string[] | null {
  if (!text.includes("[SEP]")) return null;
  const segments = text.split("[SEP]").map((segment) => segment.trim());
  const at = segments.findIndex(
    (segment, i) => /^instruction:$/i.test(segment) && segments[i + 1] === instruction.trim(),
  );
  if (at >= 0) segments.splice(at, 2);
  return segments.filter((segment) => segment !== "");
}

/** The first `limit` characters, never half of a surrogate pair; the whole text when it is hardly longer. */
export function clampText(text: string, limit: number): string {
  if (text.length <= limit * 1.15) return text;
  const end = /[\ud800-\udbff]/.test(text.charAt(limit - 1)) ? limit - 1 : limit;
  return text.slice(0, end);
}

/** A text cut around every place where `sought` stands, whatever its case: what lies between, found, between, … */
export function splitAtFound(text: string, sought: string): string[] {
  const [lower, needle] = [text.toLowerCase(), sought.toLowerCase()];
  // Lower case may be longer than the text, as of İ; places in one are then not places in the other.
  if (needle === "" || lower.length !== text.length) return [text];
  const pieces: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(needle); at >= 0; at = lower.indexOf(needle, from)) {
    pieces.push(text.slice(from, at), text.slice(at, at + needle.length));
    from = at + needle.length;
  }
  return [...pieces, text.slice(from)];
}
