import { z } from "zod";
import { ErrorAnswer } from "./failure";
import type { ApiRoute } from "./route";
import { apiGroups } from "./routes";

type Json = { [key: string]: unknown };

const AT = "#/components/schemas/";
const wrong = {
  400: "What was sent cannot be used",
  401: "No token, or one that is unknown or was revoked",
  403: "The token may only read",
  404: "One of the ids names nothing",
  409: "It is not as you saw it any more, or not in the state for it",
  413: "More was sent than is taken at once",
  "4XX": "Anything else that cannot be done with what was sent",
  "5XX": "What Gleaner or something it needs got wrong",
} as const;

/** The OpenAPI 3.1 document of the HTTP API, made of the schemas that the routes parse with and answer by. */
export function openApiDocument(): Json {
  const schemas: Json = {};
  const paths: Record<string, Json> = {};
  for (const [group, routes] of Object.entries(apiGroups))
    for (const [name, route] of Object.entries<ApiRoute>(routes)) {
      const at = (paths[route.path] ??= {});
      at[route.method.toLowerCase()] = operation(name, group, route, schemas);
    }
  const error = schemaOf(ErrorAnswer, "output", schemas);
  const responses = Object.entries(wrong).map(([status, description]) => [
    status,
    { description, content: { "application/json": { schema: error } } },
  ]);
  return {
    openapi: "3.1.0",
    info: {
      title: "Gleaner",
      version: "1",
      description:
        "Import trajectories, mine them, read verdicts, decide, freeze datasets and export them. Lists answer `rows` and `next`; send `next` as `cursor` to go on, and say with `limit` how many rows a page has at most. Errors answer `error` with `code`, `message` and `fix`. JSON bodies hold 1 MB at most.",
    },
    servers: [{ url: "/api/v1" }],
    security: [{ token: [] }],
    tags: Object.keys(apiGroups).map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "glr_…" } },
      responses: Object.fromEntries(responses),
      schemas,
    },
  };
}

function operation(name: string, group: string, route: ApiRoute, schemas: Json): Json {
  const { summary, about, scope, answer, body } = route;
  return {
    operationId: name,
    tags: [group],
    summary,
    description: `${about === "" ? "" : `${about} `}Scope: ${scope}.`,
    ...(parametersOf(route).length > 0 ? { parameters: parametersOf(route) } : {}),
    ...(body.kind === "none" ? {} : { requestBody: requestBody(route, schemas) }),
    responses: {
      [answer.status]: {
        description: answer.says,
        content: contentOf(answer, schemas),
      },
      ...Object.fromEntries(
        Object.entries(answer.also ?? {}).map(([status, { says, bytes }]) => [
          status,
          { description: says, ...(bytes ? { content: contentOf(answer, schemas) } : {}) },
        ]),
      ),
      ...Object.fromEntries(
        Object.keys(wrong).map((status) => [status, { $ref: `#/components/responses/${status}` }]),
      ),
    },
  };
}

/** Bytes as they are. Without the name of their format, generated clients take them for text. */
const BYTES = { type: "string", format: "binary" } as const;

/** The media type of any bytes: generators that know no other for them go by it, and by the first they know. */
const ANY_BYTES = "application/octet-stream";

const mediaType = { json: "application/json", lines: "application/x-ndjson" } as const;

function contentOf({ kind, schema, types = [] }: ApiRoute["answer"], schemas: Json): Json {
  if (kind !== "file") return { [mediaType[kind]]: { schema: schemaOf(schema, "output", schemas) } };
  return Object.fromEntries([ANY_BYTES, ...types].map((type) => [type, { schema: BYTES }]));
}

function requestBody({ body, example }: ApiRoute, schemas: Json): Json {
  if (body.kind !== "json") return { required: true, content: { [ANY_BYTES]: { schema: BYTES } } };
  const schema = schemaOf(body.schema, "input", schemas);
  const shown = example.body === undefined ? {} : { example: example.body };
  return { required: true, content: { "application/json": { schema, ...shown } } };
}

/** One parameter of an address. */
export type Parameter = {
  name: string;
  in: "path" | "query";
  required: boolean;
  schema: Json;
  description?: string;
};

/** The parameters of a route's address, those of its path first. Null cannot be sent in one: it is left out instead. */
export function parametersOf({ params, query }: Pick<ApiRoute, "params" | "query">): Parameter[] {
  const of = (schema: z.ZodObject, where: Parameter["in"]) => {
    const { properties, required } = Published.parse(schemaOf(schema, "input", {}));
    return Object.entries(properties).map(([name, { description, ...field }]) => ({
      ...{ name, in: where, required: required.includes(name), schema: withoutNull(field) },
      ...(description === undefined ? {} : { description }),
    }));
  };
  return [...of(params, "path"), ...of(query, "query")];
}

function withoutNull({ anyOf, ...field }: Json): Json {
  const [kind] = z
    .array(Kind)
    .parse(anyOf ?? [field])
    .filter(({ type }) => type !== "null");
  const published: Json = { ...field, ...kind };
  const { type } = published;
  if (Array.isArray(type)) published["type"] = type.find((each) => each !== "null");
  if (published["default"] === null) delete published["default"];
  return published;
}
const Kind = z.looseObject({ type: z.unknown() });

const Published = z.object({
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })).default({}),
  required: z.array(z.string()).default([]),
});

/**
 * A schema as JSON Schema 2020-12. Named parts (`meta({ id })`) go into `schemas` and are referred to.
 * @param io what is sent, or what is answered
 */
export function schemaOf(schema: z.ZodType, io: "input" | "output", schemas: Json): Json {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any", override });
  Object.assign(schemas, elsewhere($defs ?? {}));
  return elsewhere(rest);
}

/** What names a part of this schema names a part of the whole document. */
function elsewhere(schema: object): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/$defs/', `"$ref":"${AT}`)) as Json; // JSON of an object
}

function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Json }): void {
  const { def } = zodSchema._zod;
  // A date is text on the wire.
  if (def.type === "date") Object.assign(jsonSchema, { type: "string", format: "date-time" });
  // A default that is made anew each time is none that can be said.
  if (def.type === "default" && jsonSchema["format"] === "uuid") delete jsonSchema["default"];
}
