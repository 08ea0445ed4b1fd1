import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { builtInRecipes } from "./built-in";
import type { TextcraftConfig } from "./config";
import { RecipeFile, readRecipeFiles } from "./recipe-directory";
import { RecipeBook, type RecipeData } from "./recipes";

const MAX_BYTES = 512 * 2 ** 20;
const MAX_RECIPES = 20_000;

const id = z.string().min(1).max(200);
const count = z.int().min(1).max(1_000_000);
const Input = z
  .object({ item: id.nullable(), tag: id.nullable(), n: count })
  .refine(({ item, tag }) => item !== null || tag !== null, "names neither an item nor a tag");

/** All recipes in one file, as `recipe_tree_compact.json` spells them. */
const RecipeTree = z.object({
  recipes: z
    .array(z.object({ out: id, out_tag: id.nullable(), count, in: z.array(Input).min(1).max(100) }))
    .min(1)
    .max(MAX_RECIPES),
  tags: z.array(id).max(MAX_RECIPES),
  item_to_tag: z.record(id, id),
  valid_items: z.array(id).max(10 * MAX_RECIPES),
});

/**
 * The recipes a configuration names.
 * @throws AppError environment_unavailable when a file is missing or is not what it should be
 */
export async function readRecipes({ recipes }: Pick<TextcraftConfig, "recipes">): Promise<RecipeBook> {
  if (recipes.kind === "built-in") return new RecipeBook(builtInRecipes());
  const data = recipes.kind === "file" ? await readTree(recipes.path) : await readFolder(recipes.path);
  if (data.recipes.length === 0) throw unusable(`${recipes.path} holds no crafting recipe`, undefined);
  return new RecipeBook(data);
}

async function readTree(file: string): Promise<RecipeData> {
  const tree = shaped(file, RecipeTree, jsonIn(file, await readText(file)));
  return {
    recipes: tree.recipes.map((recipe) => ({
      item: recipe.out,
      tag: recipe.out_tag,
      count: recipe.count,
      ingredients: recipe.in.map(({ item, tag, n }) =>
        item === null
          ? { id: tag ?? "", kind: "tag" as const, count: n }
          : { id: item, kind: "item" as const, count: n },
      ),
    })),
    tags: new Set(tree.tags),
    tagOf: new Map(Object.entries(tree.item_to_tag)),
    items: new Set(tree.valid_items),
  };
}

/** The `*.json` files of a folder, or of the `recipes` folder in it, in the order of their names. */
async function readFolder(folder: string): Promise<RecipeData> {
  const inner = path.join(folder, "recipes");
  const at = await stat(inner).then(
    (found) => (found.isDirectory() ? inner : folder),
    () => folder,
  );
  const names = await readdir(at).catch((cause: unknown) => {
    throw unusable(`the recipe folder ${at} of this environment cannot be read`, cause);
  });
  const files = names.filter((name) => name.endsWith(".json")).sort((a, b) => (a < b ? -1 : 1));
  if (files.length > MAX_RECIPES)
    throw unusable(`${at} holds ${files.length} files; at most ${MAX_RECIPES} are read`, undefined);
  const read: RecipeFile[] = [];
  for (const name of files) {
    const file = path.join(at, name);
    read.push(shaped(file, RecipeFile, jsonIn(file, await readText(file))));
  }
  return readRecipeFiles(read);
}

/** @throws AppError environment_unavailable when it is missing, unreadable or too large */
export async function readText(file: string): Promise<string> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unusable(`the file ${file} of this environment cannot be read`, cause);
  });
  if (found.size > MAX_BYTES)
    throw unusable(`the file ${file} is larger than ${MAX_BYTES / 2 ** 20} MB`, undefined);
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw unusable(`the file ${file} of this environment cannot be read`, cause);
  });
}

/** @throws AppError environment_unavailable when it is not JSON */
export function jsonIn(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unusable(`the file ${file} of this environment is not JSON`, cause);
  }
}

/** @throws AppError environment_unavailable when it is something else */
export function shaped<T>(file: string, shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw unusable(`the file ${file} is not what it should be${where}: ${issue?.message ?? ""}`, parsed.error);
}

export function unusable(message: string, cause: unknown): AppError {
  return new AppError("environment_unavailable", message, {
    fix: "put the file there, or change the path in the environment's configuration",
    cause,
  });
}
