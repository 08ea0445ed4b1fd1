import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { ErrorAnswer } from "@/lib/api/failure";
import { fromText } from "@/lib/api/input";
import { openApiDocument } from "@/lib/api/openapi";
import { otherMethod } from "@/lib/api/other-method";
import type { ApiRoute } from "@/lib/api/route";
import { apiGroups, apiRoutes } from "@/lib/api/routes";
import { Filter } from "@/lib/usecases/selection";

const root = fileURLToPath(new URL("../../app/api/v1", import.meta.url));
const table = Object.entries<ApiRoute>(apiRoutes);

const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) =>
  file.endsWith("/route.ts"),
);

/** What the route files serve, as "METHOD /path name". */
const served = files.flatMap((file) => {
  const path = `/${file.slice(0, -"/route.ts".length).replace(/\[(\w+)\]/g, "{$1}")}`;
  const source = readFileSync(`${root}/${file}`, "utf8");
  return [...source.matchAll(/^export const (\w+) = apiRoute\("(\w+)"\);$/gm)].map(
    ([, method, name]) => `${method} ${path} ${name}`,
  );
});

describe("the table of routes", () => {
  it("is what the route files serve, no more and no less", () => {
    expect(served.toSorted()).toEqual(table.map(([name, r]) => `${r.method} ${r.path} ${name}`).toSorted());
  });

  it("has every route in one group", () => {
    expect(Object.values(apiGroups).flatMap((routes) => Object.keys(routes))).toEqual(
      table.map(([name]) => name),
    );
  });

  it.each(table)("%s names the parameters of its path, and its example can be sent", (_name, route) => {
    const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(route.params.shape)).toEqual(named);
    fromText(route.query, Object.entries(route.example.query ?? {}));
    if (route.body.kind === "json") route.body.schema.parse(route.example.body);
    else expect(route.example.body).toBeUndefined();
  });
});

describe("the OpenAPI document", () => {
  const text = JSON.stringify(openApiDocument());

  it("refers to nothing that it does not hold", () => {
    const held = Object.keys((openApiDocument() as { components: { schemas: object } }).components.schemas);
    const named = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(held).toEqual(expect.arrayContaining(named));
    expect(text).not.toContain("#/$defs");
  });

  it("is the same each time it is made, so that it can be compared", () => {
    expect(JSON.stringify(openApiDocument())).toBe(text);
  });

  it("closes what is sent and what is answered: an unknown name is an error", () => {
    expect(text).toMatch(/"additionalProperties":false/);
  });
});

describe("what generated clients are told", () => {
  const Operation = z.object({
    parameters: z.array(z.object({ schema: z.record(z.string(), z.unknown()) })).default([]),
    requestBody: z.object({ content: z.record(z.string(), z.unknown()) }).optional(),
    responses: z.record(z.string(), z.object({ content: z.record(z.string(), z.unknown()).optional() })),
  });
  const { paths } = z
    .object({ paths: z.record(z.string(), z.record(z.string(), Operation)) })
    .parse(openApiDocument());
  const bytes = { schema: { type: "string", format: "binary" } };

  it("is of parameters that an address can hold: null is none", () => {
    const schemas = Object.values(paths)
      .flatMap((at) => Object.values(at))
      .flatMap(({ parameters }) => parameters.map(({ schema }) => schema));
    expect(schemas.length).toBeGreaterThan(40);
    expect(JSON.stringify(schemas)).not.toContain("null");
    expect(schemas.every(({ type }) => typeof type === "string")).toBe(true);
    expect(schemas).toContainEqual({ type: "string", enum: ["expert", "agent"] });
    expect(schemas).toContainEqual({ type: "boolean" });
    expect(schemas).toContainEqual({ type: "boolean", default: false });
  });

  it("is that only what goes wrong is answered as an error: nothing else falls under it", () => {
    for (const { responses } of Object.values(paths).flatMap((at) => Object.values(at)))
      expect(Object.keys(responses).filter((status) => !/^[2345]\d\d$/.test(status))).toEqual(["4XX", "5XX"]);
  });

  it("is that files are bytes, of the types they are sent as, and what else a download answers", () => {
    const file = paths["/exports/{exportId}/file"]?.["get"]?.responses ?? {};
    expect([file["200"], file["206"]].map((each) => each?.content)).toEqual([
      { "application/octet-stream": bytes, "application/zip": bytes },
      { "application/octet-stream": bytes, "application/zip": bytes },
    ]);
    for (const status of ["304", "412", "416"]) expect(file[status]).toEqual({});
    expect(paths["/datasets/{datasetId}/export"]?.["get"]?.responses["200"]?.content).toEqual({
      "application/octet-stream": bytes,
      "application/zip": bytes,
      "application/x-ndjson": bytes,
      "text/csv": bytes,
      "application/vnd.apache.parquet": bytes,
    });
    expect(paths["/imports"]?.["post"]?.requestBody?.content).toEqual({ "application/octet-stream": bytes });
  });
});

describe("a method that an address does not take", () => {
  const asked = (method: string, path: string) =>
    otherMethod(new Request(`http://gleaner.test/api/v1${path}?a=1`, { method }));

  it.each([
    ["PUT", "/policies", "GET, HEAD, OPTIONS"],
    ["DELETE", "/datasets", "GET, HEAD, POST, OPTIONS"],
    ["GET", "/datasets/preview", "POST, OPTIONS"],
    ["PATCH", "/datasets/7", "GET, HEAD, OPTIONS"],
    ["PUT", "/runs/7/pause", "POST, OPTIONS"],
  ])("is refused with what it takes: %s %s", async (method, path, allow) => {
    const refused = asked(method, path);
    expect([refused.status, refused.headers.get("allow")]).toEqual([405, allow]);
    expect(ErrorAnswer.parse(await refused.json()).error.message).toBe(
      `there is no route ${method} /api/v1${path}`,
    );
    const told = asked("OPTIONS", path);
    expect([told.status, told.headers.get("allow"), await told.text()]).toEqual([204, allow, ""]);
  });

  it("is answered so by every route file", () => {
    const all = ["DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"];
    for (const file of files) {
      const source = readFileSync(`${root}/${file}`, "utf8");
      if (!source.includes("apiRoute(")) continue;
      const own = [...source.matchAll(/^export const (\w+) = /gm)].map(([, method]) => method);
      const rest = all.filter((method) => !own.includes(method));
      expect(source, file).toContain(`export { ${rest.join(", ")} } from "@/lib/server/api-others";`);
    }
  });
});

describe("parameters of an address", () => {
  const parse = (query: string) => fromText(Filter, [...new URLSearchParams(query)]);

  it("become what the schema says", () => {
    expect(parse("success=false&minReward=0.25&environmentId=3&text=12")).toMatchObject({
      ...{ success: false, minReward: 0.25, environmentId: 3, text: "12", runId: null },
    });
  });

  it("take every number that the schema does, as clients write it", () => {
    expect(parse("minReward=1e-05&maxReward=0.30000000000000004&runId=9007199254740991")).toMatchObject({
      ...{ minReward: 0.00001, maxReward: 0.30000000000000004, runId: Number.MAX_SAFE_INTEGER },
    });
    expect(() => parse("runId=9007199254740992")).toThrow("runId");
    expect(() => parse("minReward=1e400")).toThrow("minReward");
  });

  it("are no times of years that the database does not know", () => {
    const time = z.strictObject({ from: z.date() });
    const at = (from: string) => fromText(time, [["from", from]]).from.toISOString();
    expect(at("0001-01-01T00:00:00Z")).toBe("0001-01-01T00:00:00.000Z");
    expect(at("2026-11-22T10:00:00+02:00")).toBe("2026-11-22T08:00:00.000Z");
    for (const from of ["0000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "2026-13-45"])
      expect(() => at(from)).toThrow("from");
  });

  it.each([
    "success=maybe",
    "environmentId=1e3",
    "environmentId=1.5",
    "environmentId=-1",
    "environmentId=",
    "nonsense=1",
  ])("are refused where they do not: %s", (query) => expect(() => parse(query)).toThrow(/./));

  it("are refused when given twice, and never reach a prototype", () => {
    expect(() => parse("text=a&text=b")).toThrow("text: is given twice");
    expect(() => parse("__proto__=1")).toThrow(/nrecognized|__proto__/);
    expect(() => parse("constructor=1")).toThrow(/nrecognized|constructor/);
  });
});
