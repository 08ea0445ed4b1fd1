import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What the server does with one request. */
export type Answer =
  | { reply: string; usage?: { prompt_tokens: number; completion_tokens: number } }
  | { fault: "rate-limit"; retryAfter?: string; retryAfterMs?: string }
  | { fault: "status"; status: number; message?: string; code?: string }
  /** Takes the request and never answers. */
  | { fault: "silence" }
  /** Sends headers and half of the answer, then nothing more. */
  | { fault: "stall" }
  | { fault: "truncated-json" }
  | { fault: "empty-choices" }
  | { fault: "not-json" }
  | { fault: "reset" }
  /** Sends headers and half of the answer, then breaks the connection. */
  | { fault: "reset-midway" }
  | { fault: "redirect"; location: string };

export type ChatRequest = {
  path: string;
  authorization: string | undefined;
  at: number;
  /** The body as it was sent. */
  text: string;
  body: { model: string; messages: { role: string; content: string }[]; seed?: number } & Record<
    string,
    unknown
  >;
};

/** The answers in order, the last one again and again; or a function of the request. */
export type Script = Answer[] | ((request: ChatRequest, index: number) => Answer | Promise<Answer>);

export type OpenAIServer = { baseURL: string; requests: ChatRequest[]; close(): Promise<void> };

const completion = (content: string | null, usage = { prompt_tokens: 10, completion_tokens: 3 }) => ({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 0,
  model: "served",
  choices:
    content === null ? [] : [{ index: 0, finish_reason: "stop", message: { role: "assistant", content } }],
  usage,
});

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function fail(response: ServerResponse, answer: Extract<Answer, { fault: string }>): void {
  switch (answer.fault) {
    case "rate-limit": {
      const wait: Record<string, string> = {};
      if (answer.retryAfter !== undefined) wait["retry-after"] = answer.retryAfter;
      if (answer.retryAfterMs !== undefined) wait["retry-after-ms"] = answer.retryAfterMs;
      return json(response, 429, { error: { message: "slow down" } }, wait);
    }
    case "status":
      return json(response, answer.status, {
        error: { message: answer.message ?? "no", code: answer.code ?? null },
      });
    case "silence":
      return;
    case "stall":
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"choices":[');
      return;
    case "truncated-json":
      return json(response, 200, JSON.stringify(completion("x")).slice(0, 60));
    case "empty-choices":
      return json(response, 200, completion(null));
    case "not-json":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>a proxy</html>");
      return;
    case "reset":
      response.socket?.destroy();
      return;
    case "reset-midway":
      response.writeHead(200, { "content-type": "application/json", "content-length": "500" });
      response.write('{"choices":[', () => response.socket?.destroy());
      return;
    case "redirect":
      response.writeHead(302, { location: answer.location });
      response.end();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString("utf8");
}

/** An OpenAI-compatible server on loopback that answers, or breaks, as the script says. */
export async function startOpenAIServer(script: Script): Promise<OpenAIServer> {
  const requests: ChatRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const text = await textOf(request);
    const body: ChatRequest["body"] = JSON.parse(text || "{}");
    const { authorization } = request.headers;
    const seen = { path: request.url ?? "", authorization, at: performance.now(), text, body };
    requests.push(seen);
    const index = requests.length - 1;
    const answer =
      typeof script === "function" ? await script(seen, index) : (script[index] ?? script.at(-1));
    if (answer === undefined) throw new Error("the script has no answer");
    if ("reply" in answer) json(response, 200, completion(answer.reply, answer.usage));
    else fail(response, answer);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) =>
      json(response, 500, { error: { message: String(error) } }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    baseURL: `http://127.0.0.1:${address.port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
