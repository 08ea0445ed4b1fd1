import { request as plain, Agent as PlainAgent, type IncomingMessage, type RequestOptions } from "node:http";
import { request as secure, Agent as SecureAgent } from "node:https";
import { Readable } from "node:stream";

/** Who does not take a connection within this time is not there. */
const CONNECT_TIMEOUT_MS = 5000;

const agents = {
  "http:": new PlainAgent({ keepAlive: true }),
  "https:": new SecureAgent({ keepAlive: true }),
};

/**
 * `fetch` with a limit on connecting alone, which the built-in one does not have; an answer may take as long as the
 * signal allows. Redirects are answered, never followed.
 * @throws the signal's reason, or the error of the connection
 */
export const connectingFetch =
  (connectTimeoutMs = CONNECT_TIMEOUT_MS): typeof fetch =>
  async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = "GET", headers, body, signal } = init ?? {};
    if (body !== undefined && body !== null && typeof body !== "string")
      throw new TypeError("only text can be sent");
    const wanted = Object.fromEntries(new Headers(headers));
    const answer = await send(url, { method, headers: wanted, ...(signal ? { signal } : {}) }, body ?? "", {
      connectTimeoutMs,
    });
    return responseOf(answer);
  };

function send(
  url: URL,
  options: RequestOptions,
  body: string,
  { connectTimeoutMs }: { connectTimeoutMs: number },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const isSecure = url.protocol === "https:";
    const agent = agents[isSecure ? "https:" : "http:"];
    const text = Buffer.from(body);
    const headers = { ...options.headers, "content-length": text.length };
    const call = (isSecure ? secure : plain)(url, { ...options, agent, headers });
    call.on("error", reject).on("response", resolve);
    call.on("socket", (socket) => {
      if (!socket.connecting) return;
      const late = () => call.destroy(new Error(`no connection within ${connectTimeoutMs} ms`));
      const timer = setTimeout(late, connectTimeoutMs);
      socket.once("connect", () => clearTimeout(timer)).once("close", () => clearTimeout(timer));
    });
    call.end(text);
  });
}

const withoutBody = new Set([204, 205, 304]);

function responseOf(answer: IncomingMessage): Response {
  const status = answer.statusCode ?? 502;
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers))
    for (const each of [value].flat()) if (each !== undefined) headers.append(name, each);
  if (withoutBody.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(new ReadableStream({ start: (into) => pipe(answer, into) }), { status, headers });
}

function pipe(answer: Readable, into: ReadableStreamDefaultController<Uint8Array>): void {
  answer.on("data", (part: Uint8Array) => into.enqueue(part));
  answer.on("end", () => into.close());
  answer.on("error", (error) => into.error(error));
}
