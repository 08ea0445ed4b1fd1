/** A tool call laid out: its name, and its arguments as JSON over several lines. */
export type LaidOutCall = { name: string; arguments: string };

/** Longer actions are shown as they are, so that no page hangs over them. */
const LONGEST = 40_000;

/**
 * The tool calls of an action, `name(arguments)` one per line, as steps hold them; null for an action that is anything else,
 * or that has no argument to lay out. Only white space between the parts of the JSON changes.
 */
export function toolCallsOf(action: string): LaidOutCall[] | null {
  if (action.length > LONGEST) return null;
  const calls = action.split("\n").map(callOf);
  const laidOut = calls.filter((call) => call !== null);
  return laidOut.length === calls.length ? laidOut : null;
}

function callOf(line: string): LaidOutCall | null {
  const [, name, text] = /^([\w.:-]{1,200})\((\{.*\})\)$/s.exec(line) ?? [];
  if (name === undefined || text === undefined || !isJson(text)) return null;
  return { name, arguments: spread(text) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON over several lines. Parsing and printing would change numbers, repeated keys and escapes; this moves white space. */
function spread(json: string): string {
  let depth = 0;
  const line = () => `\n${"  ".repeat(depth)}`;
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g) ?? [];
  return tokens
    .map((token, i) => {
      if (token === "{" || token === "[") {
        depth += 1;
        const empty = tokens[i + 1] === "}" || tokens[i + 1] === "]";
        return empty ? token : token + line();
      }
      if (token === "}" || token === "]") {
        depth -= 1;
        const empty = tokens[i - 1] === "{" || tokens[i - 1] === "[";
        return empty ? token : line() + token;
      }
      if (token === ",") return token + line();
      return token === ":" ? ": " : token;
    })
    .join("");
}
