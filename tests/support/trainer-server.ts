import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Asked, Fault } from "./fine-tune-server";

export type Called = { method: string; path: string; query: URLSearchParams; contentType: string };
export type Bytes = Buffer<ArrayBuffer>;
export type Faults = { fault?: (asked: Asked) => Fault | null };

async function bytesOf(request: IncomingMessage): Promise<Bytes> {
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** The fields of a multipart body. */
export const formIn = ({ contentType }: Called, body: Bytes): Promise<FormData> =>
  new Request("http://localhost", {
    method: "POST",
    headers: { "content-type": contentType },
    body,
  }).formData();

/**
 * A server on loopback in which something may go wrong with a request.
 * @param done does what is asked below /v1; answers a status and what there is to answer
 */
export async function startTrainerServer(
  done: (called: Called, body: Bytes) => Promise<readonly [number, unknown]> | readonly [number, unknown],
  { fault: faultOf }: Faults,
) {
  const asked: Asked[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams: query } = new URL(request.url ?? "/", "http://localhost");
    const { authorization, "content-type": contentType = "" } = request.headers;
    const seen = { method: request.method ?? "", path: pathname, authorization };
    asked.push(seen);
    const fault = faultOf?.(seen) ?? null;
    if (fault?.fault === "cut") return void request.socket.destroy();
    const body = await bytesOf(request);
    if (fault?.fault === "status") {
      const headers: Record<string, string> = fault.retryAfter ? { "retry-after": fault.retryAfter } : {};
      return json(response, fault.status, { error: { message: "not now" } }, headers);
    }
    const called = { method: seen.method, path: pathname.replace("/v1", ""), query, contentType };
    const [status, answer] = await done(called, body);
    if (fault?.fault === "lost") return void request.socket.destroy();
    json(response, status, answer);
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
    asked,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A fault of the first request to some address only. */
export function once(path: RegExp, fault: Fault): (asked: Asked) => Fault | null {
  let left = 1;
  return (asked) => (asked.method === "POST" && path.test(asked.path) && left-- > 0 ? fault : null);
}

/** What goes wrong between us and a provider. */
export const mishaps: [string, Fault][] = [
  ["429", { fault: "status", status: 429, retryAfter: "0" }],
  ["500", { fault: "status", status: 500 }],
  ["a cut connection", { fault: "cut" }],
  ["a lost answer", { fault: "lost" }],
];
