import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file: string) => readFileSync(`${root}/${file}`, "utf8");
const files = (folder: string, named: RegExp): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.join(folder, file))
    .filter((file) => named.test(file) && !file.includes("generated"));

/** Names a module exports as values, with what stands right of the `=`. */
function exportsOf(source: string): [string, string][] {
  return [...source.matchAll(/^export (?:const|async function|function) (\w+)(?:[^=\n]*= *)?(.*)$/gm)].map(
    (m) => [m[1] ?? "", m[2] ?? ""],
  );
}

describe("everything a browser can send goes through a wrapper that checks its origin and parses it", () => {
  const actions = files("app", /\/actions\.ts$/);
  const routes = files("app", /\/route\.ts$/);

  it("finds the actions and routes at all", () => {
    expect(actions.length).toBeGreaterThanOrEqual(5);
    expect(routes.length).toBeGreaterThanOrEqual(7);
  });

  it.each(actions)("%s exports only what defineAction made", (file) => {
    const source = read(file);
    expect(source).toMatch(/^"use server";/);
    const imports = source.matchAll(/^import \* as (\w+) from "@\/(lib\/server\/[\w-]+)"/gm);
    const made = [...imports].flatMap(([, module, server]) =>
      exportsOf(read(`${server}.ts`)).flatMap(([name, value]) =>
        value.startsWith("defineAction(") ? [`${name} = ${module}.${name};`] : [],
      ),
    );
    expect(made.length).toBeGreaterThan(0);
    for (const [name, value] of exportsOf(source)) expect(made).toContain(`${name} = ${value}`);
  });

  it.each(routes)("%s exports only what defineRoute made, or apiRoute under /api/v1", (file) => {
    const made = file.startsWith("app/api/v1/") ? /^api(Route|Document|Nothing)\(/ : /^defineRoute[<(]/;
    for (const [name, value] of exportsOf(read(file))) {
      expect(name).toMatch(/^(GET|POST|PUT|PATCH|DELETE)$/);
      expect(value).toMatch(made);
    }
  });

  it("has no other server action", () => {
    const others = ["app", "components", "lib"]
      .flatMap((folder) => files(folder, /\.tsx?$/))
      .filter((file) => !actions.includes(file) && /^\s*["']use server["']/m.test(read(file)));
    expect(others).toEqual([]);
  });
});
