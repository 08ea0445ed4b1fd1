import { parametersOf } from "./openapi";
import type { ApiRoute } from "./route";
import { apiGroups } from "./routes";

/** One route as its documentation shows it. */
export type RouteDoc = {
  name: string;
  method: ApiRoute["method"];
  path: string;
  summary: string;
  about: string;
  scope: ApiRoute["scope"];
  says: string;
  parameters: { name: string; required: boolean; takes: string; about: string }[];
  curl: string;
  python: string;
};

/** Every route by subject, each with a line that calls it from a shell and one from Python. */
export function routeDocs(): { group: string; routes: RouteDoc[] }[] {
  return Object.entries(apiGroups).map(([group, routes]) => ({
    group,
    routes: Object.entries<ApiRoute>(routes).map(([name, route]) => docOf(name, route)),
  }));
}

function docOf(name: string, route: ApiRoute): RouteDoc {
  const { method, path, summary, about, scope, answer, params, query } = route;
  const parameters = parametersOf({ params, query }).map((each) => ({
    name: each.name,
    required: each.required,
    takes: wordsOf(each.schema),
    about: each.description ?? "",
  }));
  return {
    ...{ name, method, path, summary, about, scope, parameters },
    says: answer.says,
    curl: curlOf(route),
    python: pythonOf(route),
  };
}

/** The address of a route's example; ids are 1. */
function exampleAt({ path, example }: ApiRoute): string {
  const query = new URLSearchParams(example.query).toString();
  return `/api/v1${path.replace(/\{\w+\}/g, "1")}${query === "" ? "" : `?${query}`}`;
}

function curlOf(route: ApiRoute): string {
  const { body, example, method, answer } = route;
  const quoted = JSON.stringify(example.body ?? null).replaceAll("'", "'\\''");
  const sent = { none: "", file: " -X POST -T episodes.jsonl", json: ` -d '${quoted}'` }[body.kind];
  const flags = `${answer.kind === "lines" ? " -N" : ""}${method === "POST" && body.kind === "none" ? " -X POST" : ""}`;
  return `curl -s${flags} -H "Authorization: Bearer $GLEANER_TOKEN"${sent} "$GLEANER_URL${exampleAt(route)}"`;
}

function pythonOf(route: ApiRoute): string {
  const { body, example, method, answer } = route;
  const data = {
    none: method === "POST" ? ", b''" : "",
    file: ', open("episodes.jsonl", "rb").read()',
    json: `, json.dumps(${pythonText(example.body)}).encode()`,
  }[body.kind];
  const asked = `urlopen(Request(URL + ${JSON.stringify(exampleAt(route))}${data}, headers=HEADERS))`;
  if (answer.kind === "json") return `json.load(${asked})`;
  return answer.kind === "lines" ? `[json.loads(line) for line in ${asked}]` : `${asked}.read()`;
}

/** A JSON value as Python writes it. */
function pythonText(value: unknown): string {
  if (value === null || value === undefined) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(pythonText).join(", ")}]`;
  if (typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, inner]) => `${JSON.stringify(key)}: ${pythonText(inner)}`)
      .join(", ")}}`;
  return JSON.stringify(value);
}

/** What a parameter takes, in a few words, from its published schema. */
function wordsOf(schema: { [key: string]: unknown }): string {
  const { enum: values, anyOf, type, format } = schema;
  if (Array.isArray(values)) return values.join(" | ");
  if (Array.isArray(anyOf))
    return anyOf
      .filter((each) => each.type !== "null")
      .map(wordsOf)
      .join(" | ");
  const types = (Array.isArray(type) ? type : [type]).filter((each) => each !== "null");
  return String(format === "date-time" ? "time, ISO 8601" : (types[0] ?? "anything"));
}
