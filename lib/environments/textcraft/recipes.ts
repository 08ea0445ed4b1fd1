/** What a recipe takes: so many of an item, or of any one item with a tag. */
export type Ingredient = { id: string; kind: "item" | "tag"; count: number };

/** What is crafted at once, from what. Ids carry their namespace, e.g. `workshop:ash_board`. */
export type Recipe = { item: string; tag: string | null; count: number; ingredients: Ingredient[] };

/** Recipes with the tags and items around them, as a source gives them. */
export type RecipeData = {
  recipes: Recipe[];
  /** Names that stand for several items; none of them can be fetched or crafted. */
  tags: Set<string>;
  /** The one tag an item may be used as. */
  tagOf: Map<string, string>;
  /** Every item there is. */
  items: Set<string>;
};

function grouped(recipes: Recipe[], keyOf: (recipe: Recipe) => string | null): Map<string, Recipe[]> {
  const groups = new Map<string, Recipe[]>();
  for (const recipe of recipes) {
    const key = keyOf(recipe);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(recipe);
    else groups.set(key, [recipe]);
  }
  return groups;
}

/** All recipes of a workshop, and what follows from them. Shared by all episodes, changed by none. */
export class RecipeBook {
  readonly recipes: Recipe[];
  readonly tags: ReadonlySet<string>;
  readonly tagOf: ReadonlyMap<string, string>;
  readonly items: ReadonlySet<string>;
  /** Recipes by the item they make, in the order they are tried. */
  readonly byItem: ReadonlyMap<string, Recipe[]>;
  readonly byTag: ReadonlyMap<string, Recipe[]>;
  /** What precedes every name in an id, e.g. `workshop:`; empty where ids have none. */
  readonly namespace: string;
  /** By id: 0 for what has no recipe, else how many crafts in a row its shallowest recipe takes; absent in a cycle. */
  readonly depths: ReadonlyMap<string, number>;
  /** What can be had at all: fetched, or crafted from what can be had. */
  readonly obtainable: ReadonlySet<string>;

  constructor(data: RecipeData) {
    this.recipes = data.recipes;
    this.tags = data.tags;
    this.tagOf = data.tagOf;
    this.items = data.items;
    this.byItem = grouped(data.recipes, (recipe) => recipe.item);
    this.byTag = grouped(data.recipes, (recipe) => recipe.tag);
    this.namespace = /^[^:]*:/.exec(data.recipes[0]?.item ?? "")?.[0] ?? "";
    this.depths = depthsOf(this);
    this.obtainable = obtainableFrom(this);
  }

  /** `ash board` → `workshop:ash_board`. */
  idOf(name: string): string {
    return this.namespace + name.replaceAll(" ", "_");
  }

  /** `workshop:ash_board` → `ash board`. */
  nameOf(id: string): string {
    return (this.namespace === "" ? id : id.replaceAll(this.namespace, "")).replaceAll("_", " ");
  }

  /** The recipes of an item, or of everything with a tag. */
  recipesOf(id: string): Recipe[] {
    return this.byItem.get(id) ?? this.byTag.get(id) ?? [];
  }

  /** Whether it can be fetched: what has a recipe has to be crafted, and a tag is no item. */
  isFetchable(id: string): boolean {
    return this.items.has(id) && !this.tags.has(id) && !this.byItem.has(id) && !this.byTag.has(id);
  }

  /** A recipe as the command that follows it. */
  commandOf({ item, count, ingredients }: Recipe): string {
    const using = ingredients.map((each) => `${each.count} ${this.nameOf(each.id)}`).join(", ");
    return `craft ${count} ${this.nameOf(item)} using ${using}`;
  }
}

function depthsOf(book: RecipeBook): Map<string, number> {
  const depths = new Map<string, number>();
  const named = book.recipes.flatMap(({ item, ingredients }) => [item, ...ingredients.map(({ id }) => id)]);
  const crafted = new Set(named.filter((id) => book.recipesOf(id).length > 0));
  for (const id of named) if (!crafted.has(id)) depths.set(id, 0);
  const depthOf = ({ ingredients }: Recipe) =>
    Math.max(...ingredients.map(({ id }) => depths.get(id) ?? Infinity)) + 1;
  for (let changed = true; changed;) {
    changed = false;
    for (const id of crafted) {
      const depth = Math.min(...book.recipesOf(id).map(depthOf));
      if (depth === (depths.get(id) ?? Infinity)) continue;
      depths.set(id, depth);
      changed = true;
    }
  }
  return depths;
}

function obtainableFrom(book: RecipeBook): Set<string> {
  const have = new Set([...book.items].filter((item) => book.isFetchable(item)));
  const haveTags = new Set([...have].flatMap((item) => book.tagOf.get(item) ?? []));
  for (let before = -1; before !== have.size;) {
    before = have.size;
    for (const { item, ingredients } of book.recipes) {
      if (have.has(item)) continue;
      if (!ingredients.every(({ kind, id }) => (kind === "item" ? have : haveTags).has(id))) continue;
      have.add(item);
      const tag = book.tagOf.get(item);
      if (tag !== undefined) haveTags.add(tag);
    }
  }
  return have;
}
