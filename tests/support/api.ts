import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { answer } from "@/lib/api/answer";
import type { ApiRoute, Body, Intake } from "@/lib/api/route";
import { apiRoutes } from "@/lib/api/routes";
import type { Deps } from "@/lib/usecases/deps";
import { previewEvidence, storeEvidence } from "@/lib/usecases/evidence";
import { beginImport, importView, previewImport } from "@/lib/usecases/imports";
import { storeTrajectories } from "@/lib/usecases/store-trajectories";

async function bytesOf(body: Body): Promise<Uint8Array[]> {
  return body === null ? [] : [new Uint8Array(await new Response(body).arrayBuffer())];
}

/** Takes files as the web process does, but in memory, and has them stored when it answers. */
export function intakeOf(deps: Deps): Intake {
  const kindOf = (bytes: Uint8Array[]) =>
    /^\{"trajectory"/.test(new TextDecoder().decode(bytes[0])) ? "evidence" : "trajectories";
  const stream = (bytes: Uint8Array[]): AsyncIterable<Uint8Array> => Readable.from(bytes);
  return {
    async preview(body, { fileName, defaults }) {
      const bytes = await bytesOf(body);
      const kind = kindOf(bytes);
      const preview =
        kind === "evidence"
          ? await previewEvidence(deps, stream(bytes))
          : await previewImport(stream(bytes), { defaults });
      return { file: { fileName, bytes: bytes[0]?.length ?? 0, kind }, preview };
    },
    async store(body, { fileName, defaults, evidence }, { personId }) {
      const bytes = await bytesOf(body);
      const kind = kindOf(bytes);
      const about = { kind, fileName, format: null, defaults } as const;
      const { importId } = await beginImport(deps, personId, about);
      if (kind === "trajectories") await storeTrajectories(deps, importId, stream(bytes), { defaults });
      else await storeEvidence(deps, personId, importId, stream(bytes), { name: fileName, ...evidence });
      return (await importView(deps, importId, null)).row;
    },
  };
}

/** The route an address names, with what stands in its braces. */
function routeAt(method: string, pathname: string): { route: ApiRoute; params: Record<string, string> } {
  const found = Object.values<ApiRoute>(apiRoutes)
    .filter((route) => route.method === (method === "HEAD" ? "GET" : method))
    .flatMap((route) => {
      const pattern = `^/api/v1${route.path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}$`;
      const match = new RegExp(pattern).exec(pathname);
      return match ? [{ route, params: { ...match.groups } }] : [];
    });
  // As Next does: what is written out goes before what stands in braces.
  const [first] = found.toSorted((a, b) => Object.keys(a.params).length - Object.keys(b.params).length);
  if (!first) throw new Error(`no route ${method} ${pathname}`);
  return first;
}

/** Sends requests to the API as the web process would get them, without Next.js. */
export function apiOf(deps: () => Deps) {
  return async (request: Request): Promise<Response> => {
    const { route, params } = routeAt(request.method, new URL(request.url).pathname);
    return answer({ deps: deps(), intake: intakeOf(deps()) }, route, request, params);
  };
}

/** Headers of a request that routes read. */
const passedOn = ["authorization", "range", "if-range", "if-match", "if-none-match"];

/** Serves the API on a free port of this machine, for a client that is another process. */
export async function serveApi(send: (request: Request) => Promise<Response>): Promise<{
  url: string;
  close(): Promise<void>;
}> {
  const server: Server = createServer((incoming, outgoing) => {
    void (async () => {
      const pieces: Buffer[] = [];
      for await (const piece of incoming) pieces.push(Buffer.from(piece));
      const { method = "GET", headers } = incoming;
      const request = new Request(`http://127.0.0.1${incoming.url}`, {
        method,
        headers: Object.fromEntries(
          passedOn.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])),
        ),
        ...(method === "GET" || method === "HEAD" ? {} : { body: Buffer.concat(pieces) }),
      });
      const response = await send(request);
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(Buffer.from(await response.arrayBuffer()));
    })().catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // of a server that listens on a port
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
