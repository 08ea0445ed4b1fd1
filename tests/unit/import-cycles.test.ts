import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { importGraph, shortestCycle, sourceFiles, specifiersIn } from "../support/import-graph";

const root = path.resolve(import.meta.dirname, "../..");
const graph = importGraph(root);

function project(files: Record<string, string>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "gleaner-imports-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

test("no file of the project imports itself on any way", () => {
  expect(shortestCycle(graph)?.join("\n→ ") ?? "no cycle").toBe("no cycle");
  // What the rest rests on: the walk has seen every part of the project, and the ways between them.
  for (const [file, imported] of [
    ["app/layout.tsx", "components/shell/frame.tsx"],
    ["lib/launch/test.mjs", "lib/launch/build.mjs"],
    ["tests/unit/import-cycles.test.ts", "tests/support/import-graph.ts"],
    ["lib/usecases/runs.ts", "lib/core/errors.ts"],
  ] as const) {
    expect(graph.get(file), file).toContain(imported);
  }
});

test("the shortest of several cycles is named with its files, across the kinds of import", () => {
  const planted = project({
    "app/page.tsx": 'import { a } from "@/lib/a"; export default () => <p>{a}</p>;',
    "lib/a.ts": 'import { b } from "./b"; export const a = b;',
    "lib/b.ts": 'export * from "./c"; export const b = 1;',
    "lib/c.ts": 'import { d } from "@/lib/d/index"; import "./b.css"; export const c = d;',
    "lib/b.css": "",
    "lib/d/index.ts": 'export { e as d } from "../e.mjs"; import "../../app/page";',
    "lib/e.mjs": 'export const e = () => import("./b");',
    "node_modules/x/loop.ts": 'import "./loop";',
  });
  expect(shortestCycle(importGraph(planted))).toEqual([
    ...["lib/b.ts", "lib/c.ts", "lib/d/index.ts", "lib/e.mjs", "lib/b.ts"],
  ]);
});

test("a file that imports itself is a cycle of one", () => {
  const planted = project({ "a.ts": 'import { b } from "./a"; export const b = 1;' });
  expect(shortestCycle(importGraph(planted))).toEqual(["a.ts", "a.ts"]);
});

test("a cycle planted in the project is found", () => {
  const imported = graph.get("lib/core/errors.ts") ?? [];
  const planted = new Map(graph).set("lib/core/errors.ts", [...imported, "lib/usecases/runs.ts"]);
  const cycle = shortestCycle(planted) ?? [];
  expect(cycle.slice(1)).toContain("lib/core/errors.ts");
  expect(cycle).toContain("lib/usecases/runs.ts");
});

test("what the compiler erases is no import, what it keeps is one", () => {
  const kept = [
    'import a from "a"; import * as b from "b"; import { c, type D } from "c"; import "d"; import {} from "e";',
    'export { f } from "f"; export * from "g"; export { h, type I } from "h"; const j = () => import("j");',
    'import K, { type L } from "k";',
  ];
  const erased = [
    'import type { A } from "a"; import { type B, type C } from "b"; import type D from "d";',
    'import type * as E from "e"; export type { F } from "f"; export type * from "g"; export { type H } from "h";',
    'type J = import("j").J; const text = `import "k"`; // import "l"',
  ];
  expect(specifiersIn("kept.ts", kept.join("\n")).join("")).toBe("abcdefghjk");
  expect(specifiersIn("erased.ts", erased.join("\n"))).toEqual([]);
});

test("an import of the project that leads nowhere is told, so that no cycle hides behind it", () => {
  const planted = project({ "a.ts": 'import "./gone";' });
  expect(sourceFiles(planted)).toEqual(["a.ts"]);
  expect(() => importGraph(planted)).toThrow("a.ts imports ./gone: no such file");
});
