import { z } from "zod";
import type { TokenScope } from "@/lib/core/api-token";
import type { PersonRow, ImportRow } from "@/lib/core/rows";
import type { Deps } from "@/lib/usecases/deps";
import type { EvidencePreview } from "@/lib/usecases/evidence";
import type { Defaults, ImportPreview } from "@/lib/usecases/imports";
import { jsonBody } from "./body";
import { fromText, parsed } from "./input";
import { lineStream } from "./lines";

/** Files on their way in: kept by the process that serves, so that storing them goes on after the answer. */
export interface Intake {
  /** Reads the beginning of a file and forgets it. */
  preview(
    body: Body,
    file: IncomingFile,
  ): Promise<{ file: KeptFile; preview: ImportPreview | EvidencePreview }>;
  /** Begins to store a file; answers its import. */
  store(body: Body, file: IncomingFile, person: PersonRow): Promise<ImportRow>;
}
export type KeptFile = { fileName: string; bytes: number; kind: ImportRow["kind"] };
export type Body = ReadableStream<Uint8Array> | null;
export type IncomingFile = {
  fileName: string;
  /** What is said about records that do not say it themselves (lib/usecases/imports.ts). */
  defaults: z.output<typeof Defaults>;
  /** What is said of a file of evidence. */
  evidence: { checkpoint: string | null; alpha: number };
};

/** What a route works with: the person is who the token speaks for. */
export type ApiContext = { deps: Deps; person: PersonRow; intake: Intake };

/** What of a request a route reads, as text. */
export type ApiRequest = { request: Request; params: Record<string, string> };

/** One route of the HTTP API, whatever it reads and answers. The table of them is lib/api/routes.ts. */
export type ApiRoute = {
  method: "GET" | "POST";
  /** Below /api/v1, with parameters in braces. */
  path: string;
  summary: string;
  /** What else is to be known, in sentences. */
  about: string;
  /** What the token must allow. */
  scope: TokenScope;
  params: z.ZodObject;
  query: z.ZodObject;
  /** `file`: the request's body is a file, as it is. */
  body: { kind: "none" } | { kind: "file" } | { kind: "json"; schema: z.ZodType };
  answer: {
    status: number;
    kind: "json" | "lines" | "file";
    schema: z.ZodType;
    says: string;
    /** Media types of a file, without their parameters. */
    types?: readonly string[];
    /** Other answers that are no errors with a JSON body, by their status. */
    also?: Also;
  };
  /** A body and a query that make sense, for the documentation. */
  example: { query?: Record<string, string>; body?: unknown };
  handle(context: ApiContext, asked: ApiRequest): Promise<Response>;
};

/** `bytes`: what it answers is bytes of the file; else nothing. */
type Also = Record<number, { says: string; bytes?: true }>;

type Shape = z.core.$ZodLooseShape;
type Asked<P extends Shape, Q extends Shape, B extends z.ZodType> = {
  params: z.output<z.ZodObject<P>>;
  query: z.output<z.ZodObject<Q>>;
  body: z.output<B>;
};

type Described<P extends Shape, Q extends Shape, B extends z.ZodType> = {
  method: ApiRoute["method"];
  path: string;
  summary: string;
  about?: string;
  scope: TokenScope;
  params: P;
  query: Q;
  body: B;
  example?: { query?: Record<string, string>; body?: z.input<B> };
};

/** The body of a route that reads none. */
export const none = z.undefined();

/**
 * A route that answers one JSON value: what the use case gives, cut to what is published (what the schema does not name
 * is not sent).
 */
export function json<P extends Shape, Q extends Shape, B extends z.ZodType, O extends z.ZodType>(
  route: Described<P, Q, B> & {
    status?: 200 | 201 | 202;
    says: string;
    answer: O;
    run(context: ApiContext, asked: Asked<P, Q, B>): Promise<z.input<O>>;
  },
): ApiRoute {
  const { status = 200, says, answer, run } = route;
  return {
    ...described(route),
    answer: { status, kind: "json", schema: answer, says },
    handle: async (context, asked) =>
      Response.json(answer.parse(await run(context, await read(route, asked))), { status }),
  };
}

/** A route that answers JSON values, one per line, as they are made. */
export function lines<P extends Shape, Q extends Shape, B extends z.ZodType, O extends z.ZodType>(
  route: Described<P, Q, B> & {
    says: string;
    answer: O;
    run(context: ApiContext, asked: Asked<P, Q, B>): AsyncIterable<z.input<O>>;
  },
): ApiRoute {
  const { says, answer, run } = route;
  return {
    ...described(route),
    answer: { status: 200, kind: "lines", schema: answer, says },
    async handle(context, asked) {
      const values = run(context, await read(route, asked));
      const texts = (async function* () {
        for await (const value of values) yield `${JSON.stringify(answer.parse(value))}\n`;
      })();
      return new Response(await lineStream(texts), {
        headers: { "Content-Type": "application/x-ndjson; charset=utf-8" },
      });
    },
  };
}

/** A route that answers a file, whatever is in it. */
export function file<P extends Shape, Q extends Shape>(
  route: Described<P, Q, typeof none> & {
    says: string;
    types: readonly string[];
    also?: Also;
    /** @param request for its headers: what is asked for of the file */
    run(context: ApiContext, asked: Asked<P, Q, typeof none>, request: Request): Promise<Response>;
  },
): ApiRoute {
  const { says, types, also = {} } = route;
  return {
    ...described(route),
    answer: { status: 200, kind: "file", schema: z.string(), says, types, also },
    handle: async (context, asked) => route.run(context, await read(route, asked), asked.request),
  };
}

/** A route whose request is a file, as it is. */
export function upload<P extends Shape, Q extends Shape, O extends z.ZodType>(
  route: Described<P, Q, typeof none> & {
    status?: 200 | 202;
    says: string;
    answer: O;
    run(context: ApiContext, asked: Asked<P, Q, typeof none> & { file: Body }): Promise<z.input<O>>;
  },
): ApiRoute {
  const { status = 200, says, answer, run } = route;
  return {
    ...described(route),
    body: { kind: "file" },
    answer: { status, kind: "json", schema: answer, says },
    async handle(context, asked) {
      const input = { ...(await read(route, asked)), file: asked.request.body };
      return Response.json(answer.parse(await run(context, input)), { status });
    },
  };
}

function described<P extends Shape, Q extends Shape, B extends z.ZodType>(
  route: Described<P, Q, B>,
): Omit<ApiRoute, "answer" | "handle"> {
  const { method, path, summary, about = "", scope, params, query, body, example = {} } = route;
  return {
    ...{ method, path, summary, about, scope, example },
    params: z.strictObject(params),
    query: z.strictObject(query),
    body: body instanceof z.ZodUndefined ? { kind: "none" } : { kind: "json", schema: body },
  };
}

/** @throws AppError invalid_input naming what is wrong, too_large */
async function read<P extends Shape, Q extends Shape, B extends z.ZodType>(
  { params, query, body }: Pick<Described<P, Q, B>, "params" | "query" | "body">,
  asked: ApiRequest,
): Promise<Asked<P, Q, B>> {
  const search = new URL(asked.request.url).searchParams;
  return {
    params: fromText(z.strictObject(params), Object.entries(asked.params)),
    query: fromText(z.strictObject(query), [...search]),
    body: parsed(body, body instanceof z.ZodUndefined ? undefined : await jsonBody(asked.request)),
  };
}
