import { z } from "zod";
import { AppError } from "@/lib/core/errors";

/** Larger answers are refused: a page or a state of these games has kilobytes. */
const largestAnswer = 5_000_000;

/** What a request came to: JSON with status 200, or what the server answered instead. */
export type Answer = { ok: true; body: unknown } | { ok: false; status: number; text: string };

/** Nothing listens there: what was running has ended. */
export class NobodyThere extends AppError {}

/** Speaks to one server. */
export type Server = {
  /** Where it is, without what follows the last slash. */
  readonly base: string;
  get(path: string): Promise<Answer>;
  post(path: string, body: unknown): Promise<Answer>;
};

/**
 * @param start the command that starts such a server, for the fix
 * @returns requests that throw environment_unavailable where no answer came, environment_error where it is no answer of
 * such a server (too large, not JSON)
 */
export function serverAt(address: string, timeoutMs: number, start: string): Server {
  const base = address.replace(/\/+$/, "");
  const ask = async (method: string, path: string, body: unknown): Promise<Answer> => {
    const deadline = AbortSignal.timeout(timeoutMs);
    const what = `${method} ${path.split("?")[0]}`;
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        redirect: "manual",
        signal: deadline,
        ...(body === undefined
          ? {}
          : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
      });
      const text = await textOf(response, what, base);
      if (response.status !== 200) return { ok: false, status: response.status, text: text.slice(0, 500) };
      return { ok: true, body: jsonOf(text, what, base) };
    } catch (error) {
      if (error instanceof AppError) throw error;
      const gone = codeOf(error) === "ECONNREFUSED";
      const why = deadline.aborted ? `did not answer within ${timeoutMs} ms` : "cannot be reached";
      throw new (gone ? NobodyThere : AppError)(
        "environment_unavailable",
        `the AgentGym server at ${base} ${why} (${what})`,
        {
          fix: `start it with: ${start}; then check the address in the environment's settings`,
          retryable: true,
          cause: error,
        },
      );
    }
  };
  return {
    base,
    get: (path) => ask("GET", path, undefined),
    post: (path, body) => ask("POST", path, body),
  };
}

/** What the system called a failed request: `fetch` keeps it one or two causes deep. */
function codeOf(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause)
    if ("code" in at && typeof at.code === "string") return at.code;
  return null;
}

async function textOf(response: Response, what: string, base: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  if (response.body === null) return text;
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > largestAnswer)
      throw strange(base, what, `answered with more than ${largestAnswer / 1_000_000} MB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function jsonOf(text: string, what: string, base: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw strange(base, what, `answered with something that is not JSON: ${oneLine(text)}`, cause);
  }
}

/** The server answered as no server of its kind does. */
export function strange(base: string, what: string, how: string, cause?: unknown): AppError {
  return new AppError("environment_error", `the AgentGym server at ${base} ${how} (${what})`, {
    fix: "look at the server's own log; check that the address is that of an AgentGym server of the kind set",
    cause,
  });
}

/** Hostile or long text, fit for a message. */
export function oneLine(text: string): string {
  const line = text.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return line.length <= 200 ? line : `${line.slice(0, 199).toWellFormed()}…`;
}

const ErrorAnswer = z.object({ error: z.string() });

/** The words of an error that came with status 200; null for any other answer. */
export function errorIn(body: unknown): string | null {
  const said = ErrorAnswer.safeParse(body);
  return said.success ? said.data.error : null;
}
