import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

/** Source files by path relative to their root, with "/" between the parts, and what each imports when it runs. */
export type ImportGraph = Map<string, string[]>;

const notOurs = new Set(["node_modules", "generated", "coverage", "test-results"]);
const endings = ["", ".ts", ".tsx", ".mts", ".mjs", ".js", "/index.ts", "/index.tsx"];

/** Every source file below `root`, without what is installed, built or generated. */
export function sourceFiles(root: string, below = ""): string[] {
  return readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith(".") || notOurs.has(entry.name)) return [];
    const name = below ? `${below}/${entry.name}` : entry.name;
    if (entry.isDirectory()) return sourceFiles(root, name);
    return /\.[cm]?[jt]sx?$/.test(name) && !name.includes(".d.") ? [name] : [];
  });
}

/** Whether the compiler leaves nothing of it: `import type`, or names that are all marked as types. */
function isOnlyTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const names = node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements : [];
    return node.isTypeOnly || (names.length > 0 && names.every((name) => name.isTypeOnly));
  }
  const clause = node.importClause;
  if (!clause || clause.name) return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  const names =
    clause.namedBindings && ts.isNamedImports(clause.namedBindings) ? clause.namedBindings.elements : [];
  return (
    clause.phaseModifier === ts.SyntaxKind.TypeKeyword ||
    (names.length > 0 && names.every((name) => name.isTypeOnly))
  );
}

/** The specifiers a module loads: imports and exports of values, and `import()` anywhere in it. */
export function specifiersIn(fileName: string, text: string): string[] {
  const found: string[] = [];
  const dynamic = /\bimport\s*\(/.test(text);
  const add = (node: ts.Node | undefined) => {
    if (node && ts.isStringLiteralLike(node)) found.push(node.text);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (!isOnlyTypes(node)) add(node.moduleSpecifier);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0]);
    }
    if (dynamic || ts.isSourceFile(node)) ts.forEachChild(node, visit);
  };
  const { Latest: languageVersion } = ts.ScriptTarget;
  visit(
    ts.createSourceFile(fileName, text, { languageVersion, jsDocParsingMode: ts.JSDocParsingMode.ParseNone }),
  );
  return found;
}

/**
 * Who imports whom among `files`. Packages, style sheets and generated files are no part of it.
 * @throws Error when an import of the project leads nowhere: a graph with holes would hide cycles
 */
export function importGraph(root: string, files = sourceFiles(root)): ImportGraph {
  const known = new Set(files);
  const targetOf = (specifier: string, importer: string): string[] => {
    const own = specifier.startsWith("@/");
    if (!own && !specifier.startsWith(".")) return [];
    const base = own ? specifier.slice(2) : path.posix.join(path.posix.dirname(importer), specifier);
    const target = endings.map((ending) => base + ending).find((each) => known.has(each));
    if (target !== undefined) return [target];
    if (endings.some((ending) => existsSync(path.join(root, base + ending)))) return [];
    throw new Error(`${importer} imports ${specifier}: no such file`);
  };
  return new Map(
    files.map((file) => {
      const specifiers = specifiersIn(file, readFileSync(path.join(root, file), "utf8"));
      return [file, [...new Set(specifiers.flatMap((specifier) => targetOf(specifier, file)))]];
    }),
  );
}

/** The shortest way from `start` back to itself, `start` at both ends. */
function wayBack(graph: ImportGraph, start: string, shorterThan: number): string[] | null {
  const cameFrom = new Map<string, string>();
  let reached = [start];
  for (let length = 1; reached.length > 0 && length < shorterThan; length++) {
    const next: string[] = [];
    for (const from of reached) {
      for (const to of graph.get(from) ?? []) {
        if (cameFrom.has(to)) continue;
        cameFrom.set(to, from);
        if (to !== start) next.push(to);
        else {
          const way = [start];
          for (let at = from; at !== start; at = cameFrom.get(at) ?? start) way.unshift(at);
          return [start, ...way];
        }
      }
    }
    reached = next;
  }
  return null;
}

/** The shortest cycle of a graph, its first file also at its end; null when nothing imports itself on any way. */
export function shortestCycle(graph: ImportGraph): string[] | null {
  let shortest: string[] | null = null;
  for (const file of graph.keys()) {
    shortest = wayBack(graph, file, shortest ? shortest.length - 1 : Infinity) ?? shortest;
  }
  return shortest;
}
