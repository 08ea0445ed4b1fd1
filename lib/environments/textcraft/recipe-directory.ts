import { z } from "zod";
import type { Ingredient, Recipe, RecipeData } from "./recipes";

/** One thing a slot takes; where several are listed, only the first counts. */
const Named = z.union([z.object({ item: z.string().min(1) }), z.object({ tag: z.string().min(1) })]);
const Slot = z.union([Named, z.array(Named).min(1).max(1000)]);
type Slot = z.infer<typeof Slot>;

const Result = z.union([
  z.string().min(1),
  z.object({ item: z.string().min(1), count: z.int().min(0).max(1_000_000).optional() }),
]);
const common = { group: z.string().optional(), result: Result };
const Shaped = z.object({
  type: z.literal("minecraft:crafting_shaped"),
  pattern: z.array(z.string().max(100)).max(100),
  key: z.record(z.string(), Slot),
  ...common,
});
const Shapeless = z.object({
  type: z.literal("minecraft:crafting_shapeless"),
  ingredients: z.array(Slot).min(1).max(1000),
  ...common,
});
/** One file of a recipe folder; kinds that are not crafted on a grid (smelting and such) are passed over. */
export const RecipeFile = z.union([
  z.discriminatedUnion("type", [Shaped, Shapeless]),
  z
    .object({ type: z.string() })
    .refine(({ type }) => type !== Shaped.shape.type.value && type !== Shapeless.shape.type.value)
    .transform(() => null),
]);
export type RecipeFile = z.infer<typeof RecipeFile>;

const namespace = "minecraft:";

function ingredientOf(slot: Slot, count: number): Ingredient {
  const named = Array.isArray(slot) ? slot[0] : slot;
  if (named === undefined) throw new RangeError("a slot lists nothing");
  return "item" in named ? { id: named.item, kind: "item", count } : { id: named.tag, kind: "tag", count };
}

function ingredientsOf(file: NonNullable<RecipeFile>): Ingredient[] {
  if (file.type === "minecraft:crafting_shaped")
    return Object.entries(file.key).map(([key, slot]) => {
      const count = file.pattern.reduce((sum, line) => sum + line.split(key).length - 1, 0);
      return ingredientOf(slot, count);
    });
  const merged = new Map<string, Ingredient>();
  for (const slot of file.ingredients) {
    const one = ingredientOf(slot, 1);
    const known = merged.get(one.id);
    merged.set(one.id, { ...one, count: (known?.count ?? 0) + 1 });
  }
  return [...merged.values()];
}

function recipeOf(file: NonNullable<RecipeFile>): Recipe {
  const { result, group } = file;
  const [item, count] = typeof result === "string" ? [result, 1] : [result.item, result.count || 1];
  const tag = group === undefined || group === "" ? null : namespace + group;
  return { item, tag, count, ingredients: ingredientsOf(file) };
}

/**
 * A recipe folder, read by the rules of the original: recipes that only take a block apart are dropped, and so is a recipe
 * whose product one of its ingredients was already made from; a tag nothing crafted has becomes an ordinary item.
 * @param files in the order they count: which recipe of a cycle is kept, and the one tag of an item, depend on it
 */
export function readRecipeFiles(files: RecipeFile[]): RecipeData {
  const data: RecipeData = { recipes: [], tags: new Set(), tagOf: new Map(), items: new Set() };
  const madeFrom = new Map<string, Set<string>>();
  for (const file of files) if (file !== null) addRecipe(data, madeFrom, recipeOf(file));
  const crafted = new Set(data.recipes.map(({ item }) => item));
  const craftedTags = new Set([...data.tagOf].flatMap(([item, tag]) => (crafted.has(item) ? [tag] : [])));
  for (const { ingredients } of data.recipes)
    for (const ingredient of ingredients) {
      if (ingredient.kind === "item" || craftedTags.has(ingredient.id)) continue;
      ingredient.kind = "item";
      data.items.add(ingredient.id);
      data.tags.delete(ingredient.id);
    }
  return data;
}

function addRecipe(data: RecipeData, madeFrom: Map<string, Set<string>>, recipe: Recipe): void {
  const { item, tag, ingredients } = recipe;
  for (const { id, kind } of ingredients) (kind === "item" ? data.items : data.tags).add(id);
  data.items.add(item);
  if (ingredients.length === 1 && ingredients[0]?.id.endsWith("_block")) return;
  if (tag !== null && tag !== item) {
    data.tags.add(tag);
    data.tagOf.set(item, tag);
  }
  const sources = madeFrom.get(item) ?? new Set<string>();
  madeFrom.set(item, sources);
  if (ingredients.some(({ id }) => madeFrom.get(id)?.has(item))) return;
  data.recipes.push(recipe);
  for (const { id } of ingredients) {
    sources.add(id);
    for (const source of madeFrom.get(id) ?? []) sources.add(source);
  }
}
