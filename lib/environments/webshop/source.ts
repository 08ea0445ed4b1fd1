import { readFile } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { RawInstructions, RawItem, RawNouns } from "./catalogue";
import type { WebshopConfig } from "./config";
import { demoSource } from "./demo/generate";
import { KnownPrices, RawHumanInstructions } from "./goals";

/** Everything a shop is built from, as its files spell it. */
export type ShopSource = {
  items: RawItem[];
  instructions: RawInstructions;
  human: RawHumanInstructions | null;
  nouns: RawNouns;
  prices: KnownPrices;
};

/**
 * The data a configuration names.
 * @throws AppError environment_unavailable when a file is missing or is not what it should be; invalid_input when the
 * configuration asks for goals the catalogue cannot have
 */
export async function readSource({ catalogue, goals, maxProducts }: WebshopConfig): Promise<ShopSource> {
  if (catalogue.kind === "built-in") {
    if (goals === "human")
      throw new AppError("invalid_input", "the built-in catalogue has no instructions written by people", {
        fix: 'choose goals "synthetic", or a catalogue from files with humanInstructions',
      });
    const source = demoSource();
    return {
      ...source,
      items: source.items.slice(0, maxProducts),
      human: null,
      prices: KnownPrices.parse({}),
    };
  }
  if (goals === "human" && catalogue.humanInstructions === undefined)
    throw new AppError("invalid_input", "goals written by people need a file with them", {
      fix: "set humanInstructions to the path of items_human_ins.json",
    });
  const { humanInstructions, nouns, prices } = catalogue;
  return {
    items: (await readJson("items", catalogue.items, z.array(RawItem))).slice(0, maxProducts),
    instructions: await readJson("instructions", catalogue.instructions, RawInstructions),
    human:
      goals === "human" && humanInstructions
        ? await readJson("humanInstructions", humanInstructions, RawHumanInstructions)
        : null,
    nouns: nouns ? await readJson("nouns", nouns, RawNouns) : {},
    prices: prices ? await readJson("prices", prices, KnownPrices) : KnownPrices.parse({}),
  };
}

async function readJson<T>(setting: string, path: string, shape: z.ZodType<T>): Promise<T> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw unusable(`the file ${path} (${setting}) of this environment cannot be read`, cause);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw unusable(`the file ${path} (${setting}) of this environment is not JSON`, cause);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw unusable(
    `the file ${path} (${setting}) is not a file of the shop${where}: ${issue?.message ?? ""}`,
    parsed.error,
  );
}

function unusable(message: string, cause: unknown): AppError {
  return new AppError("environment_unavailable", message, {
    fix: "put the shop's data file there, or change the path in the environment's configuration",
    cause,
  });
}
