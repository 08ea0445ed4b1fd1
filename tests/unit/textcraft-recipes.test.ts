import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { textcraft } from "@/lib/environments/textcraft/environment";
import { RecipeBook, type Ingredient, type Recipe } from "@/lib/environments/textcraft/recipes";
import { RecipeFile, readRecipeFiles } from "@/lib/environments/textcraft/recipe-directory";
import { CraftSession } from "@/lib/environments/textcraft/session";
import { startText } from "@/lib/environments/textcraft/tasks";
import { actionOf, planFor } from "@/lib/policies/crafter-plan";
import { readSheet } from "@/lib/policies/crafter-sheet";

const id = (name: string) => `minecraft:${name}`;
const shapeless = (item: string, ingredients: unknown[], over: object = {}) => ({
  type: id("crafting_shapeless"),
  ingredients,
  result: { item: id(item) },
  ...over,
});
const item = (name: string) => ({ item: id(name) });
const tag = (name: string) => ({ tag: id(name) });
const read = (files: object[]) => {
  const data = readRecipeFiles(files.map((file) => RecipeFile.parse(file)));
  const book = new RecipeBook(data);
  return { data, book, commands: data.recipes.map((recipe) => book.commandOf(recipe)) };
};

describe("a recipe folder, one file per recipe", () => {
  test("counts the cells of a pattern and the entries of a list; the first of several choices counts", () => {
    const table = {
      type: id("crafting_shaped"),
      pattern: ["#X#", " X "],
      key: { "#": item("board"), X: [item("nail"), item("peg")] },
      result: { item: id("table"), count: 2 },
    };
    const dye = shapeless("dye", [item("petal"), item("water"), [item("petal"), item("soot")]]);
    const plain = shapeless("ash", [item("coal")], { result: id("ash") });
    const smelted = { type: id("smelting"), ingredient: item("ore"), result: id("ingot") };
    expect(read([table, dye, plain, smelted]).commands).toEqual([
      "craft 2 table using 2 board, 2 nail",
      "craft 1 dye using 2 petal, 1 water",
      "craft 1 ash using 1 coal",
    ]);
  });

  test("a group tags its product, unless it is the product's own name; an uncrafted tag is an item", () => {
    const { data, book } = read([
      shapeless("oak_planks", [tag("oak_logs")], { group: "planks" }),
      shapeless("stick", [tag("planks")]),
      shapeless("sugar", [item("cane")], { group: "sugar" }),
    ]);
    expect([...data.tags]).toEqual([id("planks")]);
    expect([...data.tagOf]).toEqual([[id("oak_planks"), id("planks")]]);
    expect(book.isFetchable(id("oak_logs"))).toBe(true);
    expect(book.isFetchable(id("planks"))).toBe(false);
    expect(book.isFetchable(id("sugar"))).toBe(false);
    expect(Object.fromEntries(book.depths)).toMatchObject({ [id("planks")]: 1, [id("stick")]: 2 });
  });

  test("taking a block apart is no recipe, and of a cycle the first half stays", () => {
    const files = [
      shapeless("gold_nugget", [item("gold_ingot")], { result: { item: id("gold_nugget"), count: 9 } }),
      shapeless("gold_ingot", [item("gold_nugget"), item("gold_nugget")]),
      shapeless("gold_ingot", [item("gold_block")]),
    ];
    const { commands, book } = read(files);
    expect(commands).toEqual(["craft 9 gold nugget using 1 gold ingot"]);
    expect(book.isFetchable(id("gold_ingot"))).toBe(true);
    expect(read([...files].reverse()).commands).toEqual(["craft 1 gold ingot using 2 gold nugget"]);
  });
});

describe("recipe files from outside", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "gleaner-recipes-"));
    await mkdir(path.join(folder, "tree", "recipes"), { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const put = (name: string, value: unknown) =>
    writeFile(path.join(folder, name), typeof value === "string" ? value : JSON.stringify(value));
  const connect = (kind: string, name: string) =>
    textcraft.connect(textcraft.Config.parse({ recipes: { kind, path: path.join(folder, name) } }));

  test("a folder, or the recipes folder in it, is read in the order of names", async () => {
    await put("tree/recipes/b.json", shapeless("stick", [tag("planks"), tag("planks")]));
    await put("tree/recipes/a.json", shapeless("oak_planks", [tag("oak_logs")], { group: "planks" }));
    await put("tree/recipes/readme.txt", "not a recipe");
    const [outer, inner] = [await connect("directory", "tree"), await connect("directory", "tree/recipes")];
    expect(outer.fingerprint).toBe(inner.fingerprint);
    expect((await outer.subtasks()).map(({ instruction, taskType }) => [instruction, taskType])).toEqual([
      ["craft oak planks", "depth-1"],
      ["craft stick", "depth-2"],
    ]);
    expect((await outer.open("1")).start.text).toContain("craft 1 stick using 2 planks");
  });

  test("what can only be had from itself is no task, what needs it cannot be solved", async () => {
    const one = (out: string, from: string) => ({
      out,
      out_tag: null,
      count: 1,
      in: [{ item: from, tag: null, n: 1 }],
    });
    const made = [
      one("g:hen", "g:egg"),
      one("g:egg", "g:hen"),
      one("g:pot", "g:clay"),
      one("g:soup", "g:nowhere"),
    ];
    await put("cycle.json", {
      recipes: made,
      tags: [],
      item_to_tag: {},
      valid_items: ["g:hen", "g:egg", "g:pot", "g:clay", "g:soup"],
    });
    const subtasks = await (await connect("file", "cycle.json")).subtasks();
    expect(subtasks.map(({ instruction, bestReward }) => [instruction, bestReward])).toEqual([
      ["craft pot", 1],
      ["craft soup", 0],
    ]);
  });

  const empty = { recipes: [], tags: [], item_to_tag: {}, valid_items: [] };
  const bad = { out: "a", out_tag: null, count: 1, in: [{ item: null, tag: null, n: 1 }] };
  test.each<[string, string, unknown, RegExp]>([
    ["file", "absent.json", null, /cannot be read/],
    ["directory", "nowhere", null, /cannot be read/],
    ["file", "broken.json", "{", /is not JSON/],
    ["file", "empty.json", empty, /recipes/],
    ["file", "odd.json", { ...empty, recipes: [bad] }, /recipes\.0\.in\.0: names neither/],
    ["file", "list.json", [], /not what it should be/],
    ["directory", "tree/recipes/a.json", null, /cannot be read/],
  ])("%s %s is refused with the reason", async (kind, name, content, message) => {
    if (content !== null) await put(name, content);
    await expect(connect(kind, name)).rejects.toMatchObject({
      code: "environment_unavailable",
      message: expect.stringMatching(message),
      fix: expect.any(String),
    });
  });

  test("a folder with a broken recipe names it", async () => {
    await mkdir(path.join(folder, "bad"));
    await put("bad/x.json", {
      type: id("crafting_shaped"),
      pattern: ["#"],
      key: { "#": {} },
      result: id("x"),
    });
    await expect(connect("directory", "bad")).rejects.toThrow(/x\.json/);
  });

  test.each([{ recipes: { kind: "web" } }, { tasks: { kind: "file" } }, { seed: 1 }, { actions: "loud" }])(
    "setting %j is refused",
    (config) => expect(textcraft.Config.safeParse(config).success).toBe(false),
  );
});

/** Random recipes in four layers; every general name has kinds that end in it. */
const books = fc
  .array(
    fc.record({
      layer: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 3 }),
      tagged: fc.boolean(),
      parts: fc.array(fc.record({ at: fc.nat(50), count: fc.integer({ min: 1, max: 2 }) }), {
        minLength: 1,
        maxLength: 2,
      }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) => {
    const layers: Ingredient["id"][][] = [["x:raw0", "x:raw1", "x:raw2"]];
    const recipes: Recipe[] = [];
    const tagOf = new Map<string, string>();
    const ordered = [...drawn].sort((a, b) => a.layer - b.layer);
    for (const [n, { layer, count, tagged, parts }] of ordered.entries()) {
      const below = layers.slice(0, layer).flat();
      const named = new Map(parts.map((part) => [below[part.at % below.length] ?? "x:raw0", part.count]));
      const general = `x:sort${layer}`;
      const made = tagged ? `x:k${n}_sort${layer}` : `x:m${n}`;
      const ingredients = Array.from(named, ([name, count]) => {
        const kind = tagOf.get(name) === undefined ? ("item" as const) : ("tag" as const);
        return { id: tagOf.get(name) ?? name, kind, count };
      });
      const merged = new Map(ingredients.map((each) => [each.id, each]));
      if (tagged) tagOf.set(made, general);
      recipes.push({ item: made, tag: tagged ? general : null, count, ingredients: [...merged.values()] });
      (layers[layer] ??= []).push(made);
    }
    const items = new Set([...layers.flat(), ...(layers[0] ?? [])]);
    return new RecipeBook({ recipes, tags: new Set(tagOf.values()), tagOf, items });
  });

describe("any workshop without cycles", () => {
  test("a plan made from its text crafts every goal, without one failed action", () => {
    fc.assert(
      fc.property(books, (book) => {
        const commands = book.recipes.map((recipe) => book.commandOf(recipe)).join("\n");
        for (const goal of book.byItem.keys()) {
          expect(book.obtainable.has(goal)).toBe(true);
          const sheet = readSheet(startText(commands, book.nameOf(goal)));
          const plan = sheet === null ? null : planFor(sheet, new Map(), new Set());
          const session = new CraftSession(book, goal);
          const results = (plan ?? []).map((step) => session.step(actionOf(step)));
          expect(results.at(-1)).toMatchObject({ reward: 1, done: true });
          expect(results.filter(({ text }) => text.startsWith("Could not"))).toEqual([]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
