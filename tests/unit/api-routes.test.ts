import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { fromText } from "@/lib/api/input";
import { openApiDocument } from "@/lib/api/openapi";
import type { ApiRoute } from "@/lib/api/route";
import { apiGroups, apiRoutes } from "@/lib/api/routes";
import { Filter } from "@/lib/usecases/selection";

const root = fileURLToPath(new URL("../../app/api/v1", import.meta.url));
const table = Object.entries<ApiRoute>(apiRoutes);

/** What the route files serve, as "METHOD /path name". */
const served = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith("/route.ts"))
  .flatMap((file) => {
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

describe("parameters of an address", () => {
  const parse = (query: string) => fromText(Filter, [...new URLSearchParams(query)]);

  it("become what the schema says", () => {
    expect(parse("success=false&minReward=0.25&environmentId=3&text=12")).toMatchObject({
      ...{ success: false, minReward: 0.25, environmentId: 3, text: "12", runId: null },
    });
  });

  it.each(["success=maybe", "environmentId=1e3", "environmentId=-1", "environmentId=", "nonsense=1"])(
    "are refused where they do not: %s",
    (query) => expect(() => parse(query)).toThrow(/./),
  );

  it("are refused when given twice, and never reach a prototype", () => {
    expect(() => parse("text=a&text=b")).toThrow("text: is given twice");
    expect(() => parse("__proto__=1")).toThrow(/nrecognized|__proto__/);
    expect(() => parse("constructor=1")).toThrow(/nrecognized|constructor/);
  });
});
