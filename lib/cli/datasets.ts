import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { doubts } from "@/lib/core/dataset-recipe";
import { AppError } from "@/lib/core/errors";
import { exampleKinds } from "@/lib/core/example";
import { compareDatasets, type DatasetComparison } from "@/lib/usecases/dataset-compare";
import { datasetManifest } from "@/lib/usecases/dataset-manifest";
import { rebuildDataset } from "@/lib/usecases/dataset-rebuild";
import type { Context } from "./commands";
import { oneOf, progress, rate, readArguments, required, say, wholeNumber } from "./terminal";

/** What `dataset` takes of a recipe beside whom it chooses. */
export const recipeOptions = {
  runs: { type: "string" },
  "validation-share": { type: "string" },
  "split-seed": { type: "string" },
  cap: { type: "string" },
  kinds: { type: "string" },
  "include-solved": { type: "boolean" },
  "include-stale": { type: "boolean" },
  "include-undecided": { type: "boolean" },
  "leave-out": { type: "string" },
} as const;

type RecipeValues = {
  [Option in keyof typeof recipeOptions]?: (typeof recipeOptions)[Option]["type"] extends "boolean"
    ? boolean | undefined
    : string | undefined;
};

/** The recipe that the command line asks for; what is not said is as `DatasetInput` has it. */
export function recipeFrom(values: RecipeValues) {
  const each = (text: string | undefined) => text?.split(",").map((part) => part.trim());
  const of = <T extends string>(name: string, text: string | undefined, allowed: readonly T[]) =>
    each(text)?.flatMap((part) => oneOf(name, part, allowed) ?? []);
  return {
    runIds: each(values.runs)?.map((id) => wholeNumber("runs", id) ?? 0),
    validationShare: rate("validation-share", values["validation-share"]),
    splitSeed: wholeNumber("split-seed", values["split-seed"]),
    capPerSubtask: wholeNumber("cap", values.cap),
    kinds: of("kinds", values.kinds, exampleKinds),
    includeSolved: values["include-solved"],
    includeStale: values["include-stale"],
    includeUndecided: values["include-undecided"],
    leaveOut: of("leave-out", values["leave-out"], doubts),
  };
}

/** What can be asked of datasets that are frozen. */
export const datasetVerbs = { rebuild, compare, manifest };

async function rebuild({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { positionals } = readArguments(args, {});
  const datasetId = required("DATASET", wholeNumber("DATASET", positionals[0]));
  const result = await rebuildDataset(deps, datasetId);
  const { identical, differing, changes, rebuiltHash } = result;
  const lines = [
    `dataset ${datasetId}: ${identical ? "byte-identical" : "not identical"}, ${rebuiltHash}`,
    ...(differing.length > 0 ? [`examples that differ: ${differing.join(", ")}`] : []),
    ...changes,
  ];
  say(terminal, result, lines.join("\n"));
  if (!identical) process.exitCode = 1;
}

async function compare({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { positionals } = readArguments(args, {});
  const [a, b] = positionals.map((id) => wholeNumber("DATASET", id));
  const comparison = await compareDatasets(deps, required("A", a), required("B", b));
  say(terminal, comparison, comparisonLines(comparison).join("\n"));
}

function comparisonLines({ a, b, unchanged, groups }: DatasetComparison): string[] {
  const head = `dataset ${a.datasetId} (${a.name} v${a.version}) to ${b.datasetId} (${b.name} v${b.version}): ${unchanged} examples unchanged`;
  const lines = groups.flatMap(({ change, reason, by, count, rows }) => [
    `${change} ${count}: ${reason}${by ? ` by ${by}` : ""}`,
    ...rows.map(
      ({ trajectoryId, importantState, kind }) =>
        `  trajectory ${trajectoryId}, ${kind}, state ${importantState ?? "–"}`,
    ),
    ...(count > rows.length ? [`  and ${count - rows.length} more`] : []),
  ]);
  return [head, ...lines];
}

async function manifest({ deps, terminal }: Context, args: string[]): Promise<void> {
  const { positionals, values } = readArguments(args, { out: { type: "string" } });
  const datasetId = required("DATASET", wholeNumber("DATASET", positionals[0]));
  const { pieces } = await datasetManifest(deps, datasetId);
  if (values.out === undefined) {
    for await (const piece of pieces) process.stdout.write(piece);
    return;
  }
  await pipeline(Readable.from(pieces), createWriteStream(values.out));
  progress(`wrote ${values.out}`);
  if (terminal.json) say(terminal, { file: values.out }, "");
}

/** @throws AppError invalid_input for a word that is none of them */
export function datasetVerb(word: string): (context: Context, args: string[]) => Promise<void> {
  const verb = Object.entries(datasetVerbs).find(([name]) => name === word)?.[1];
  if (verb) return verb;
  throw new AppError("invalid_input", `dataset takes ${Object.keys(datasetVerbs).join(", ")}, not “${word}”`);
}
