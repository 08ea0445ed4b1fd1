import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInRecipes } from "@/lib/environments/textcraft/built-in";
import { RecipeBook, type Recipe } from "@/lib/environments/textcraft/recipes";
import { CraftSession } from "@/lib/environments/textcraft/session";

const own = new RecipeBook(builtInRecipes());
const answers = (session: CraftSession, actions: string[]) =>
  actions.map((action) => session.step(action).text);
const play = (goal: string, ...actions: string[]) =>
  answers(new CraftSession(own, `workshop:${goal}`), actions);

describe("what an action does", () => {
  test("only what has no recipe can be fetched", () => {
    expect(play("rod", "get 2 ash trunk", "get 1 rod", "get 1 board", "get 1 moon", "get 1 cloth")).toEqual([
      "Got 2 ash trunk",
      "Could not find rod",
      "Could not find board",
      "Could not find moon",
      "Could not find cloth",
    ]);
  });

  test("a command is followed with exactly its amounts, and uses up what it takes", () => {
    const said = play(
      "door",
      "craft 4 ash board using 1 ash trunk",
      "get 3 ash trunk",
      "craft 4 ash board using 2 ash trunk",
      "craft 4 ash board using 1 ash trunk",
      "inventory",
      "craft 8 ash board using 2 ash trunk",
      "craft 4 ash board using 1 ash trunk, 1 ash trunk",
    );
    const invalid =
      "Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(tag=None, item_id='workshop:ash_board')";
    expect(said).toEqual([
      "Could not find enough items to craft workshop:ash_board",
      "Got 3 ash trunk",
      `${invalid}, count=4)`,
      "Crafted 4 workshop:ash_board",
      "Inventory: [ash trunk] (2) [ash board] (4) ",
      `${invalid}, count=8)`,
      `${invalid}, count=4)`,
    ]);
  });

  test("how many are asked for does not matter, how many the recipe makes does", () => {
    const said = play(
      "door",
      "get 1 clay",
      "get 4 clay",
      "craft clay pot using 3 clay",
      "craft 99 clay pot using 2 clay",
    );
    expect(said[2]).toBe("Crafted 1 workshop:clay_pot");
    expect(said[3]).toContain("count=99");
  });

  test("a general ingredient is met by one kind of it, in any order, not by a mix and not by its own name", () => {
    const gather = ["get 2 ash trunk", "get 1 beech trunk", "craft 4 ash board using 1 ash trunk"];
    const both = [...gather, "craft 4 beech board using 1 beech trunk", "craft 4 rod using 2 beech board"];
    const said = play(
      "door",
      ...both,
      "craft 4 rod using 1 ash board, 1 beech board",
      "craft 4 rod using 2 board",
      "craft 4 board using 1 ash trunk",
      "craft 6 peg using 1 rod",
      "craft 1 stool using 3 rod, 1 ash board, 3 peg",
      "inventory",
    );
    expect(said.slice(4)).toEqual([
      "Crafted 4 workshop:rod",
      "Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(tag=None, item_id='workshop:rod'), count=4)",
      "Could not find enough items to craft workshop:rod",
      "Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(tag='workshop:board', item_id=None), count=4)",
      "Crafted 6 workshop:peg",
      "Crafted 1 workshop:stool",
      "Inventory: [ash trunk] (1) [ash board] (3) [beech board] (2) [peg] (3) [stool] (1) ",
    ]);
  });

  test("what is used up leaves the inventory and comes back at its end", () => {
    const again = ["get 1 clay", "inventory", "get 3 clay", "craft 1 clay pot using 3 clay", "inventory"];
    expect(play("door", "get 0 soot", "get 2 clay", "get 1 reed", ...again).at(-1)).toBe(
      "Inventory: [soot] (0) [clay] (3) [reed] (1) [clay pot] (1) ",
    );
    expect(
      play("door", "get 3 clay", "get 1 reed", "craft 1 clay pot using 3 clay", "get 1 clay", "inventory").at(
        -1,
      ),
    ).toBe("Inventory: [reed] (1) [clay pot] (1) [clay] (1) ");
  });

  test("the goal ends it, crafted or fetched", () => {
    const crafted = new CraftSession(own, "workshop:clay_pot");
    expect(crafted.step("get 3 clay")).toEqual({ text: "Got 3 clay", reward: 0, done: false });
    const end = { text: "Crafted 1 workshop:clay_pot", reward: 1, done: true };
    expect(crafted.step("craft 1 clay pot using 3 clay")).toEqual(end);
    const fetched = new CraftSession(own, "workshop:clay");
    expect(fetched.step("get 1 clay")).toEqual({ text: "Got 1 clay", reward: 1, done: true });
  });

  test.each([
    ["", "Could not execute "],
    ["Inventory", "Could not execute Inventory"],
    [" inventory", "Could not execute  inventory"],
    ["inventory of mine", "Inventory: You are not carrying anything."],
    ["get clay", "Could not execute get clay"],
    ["get one clay", "Could not execute get one clay"],
    ["get  clay", "Could not execute get  clay"],
    ["GET 1 clay", "Could not execute GET 1 clay"],
    ["get 007 clay", "Got 7 clay"],
    ["get \u0661 clay", "Could not execute get \u0661 clay"],
    ["get 1 clay\nget 1 soot", "Got 1 clay"],
    ["get 1 clay.", "Could not find clay."],
    ["get 1 Clay", "Could not find Clay"],
    ["get 1 ash_trunk", "Got 1 ash_trunk"],
    ["craft 1 rod", "Could not execute craft 1 rod"],
    ["craft 1 rod using willow shoot", "Wrong item format: willow shoot"],
    ["craft 1 rod using 2 willow shoot,", "Wrong item format: "],
    ["craft 1 rod using \u00a02 clay\u001f", "Could not find enough items to craft workshop:rod"],
    ["craft 1 rod using \ufeff2 clay", "Wrong item format: \ufeff2 clay"],
    [
      "craft 1 rod using 1 clay using 1 soot",
      "Could not find enough items to craft workshop:rod_using_1_clay",
    ],
    ["craft using using 1 clay", "Could not find enough items to craft workshop:using"],
    ["craft 4 board using 1 clay", "Could not find enough items to craft None"],
    ["get 123456789012345678901234567890 clay", "Got 123456789012345678901234567890 clay"],
    [`get ${"9".repeat(4301)} clay`, `Could not execute get ${"9".repeat(4301)} clay`],
  ])("%j", (action, answer) => expect(play("door", action)).toEqual([answer]));

  test("amounts have no limit and are not rounded", () => {
    const huge = "get 9007199254740993 clay";
    expect(play("door", huge, huge, "inventory").at(-1)).toBe("Inventory: [clay] (18014398509481986) ");
  });

  test.each([
    ["it's", '"workshop:it\'s"'],
    [`it's "so"`, `'workshop:it\\'s_"so"'`],
    ["a\tb\\c\u00a0é\u200b\u{e0001}", "'workshop:a\\tb\\\\c\\xa0é\\u200b\\U000e0001'"],
  ])("an unknown product %j is written as the original writes it", (name, written) =>
    expect(play("door", "get 0 clay", `craft 2 ${name} using 0 clay`).at(-1)).toBe(
      `Could not find a valid recipe for ItemTagWithCount(item_tag=ItemTag(tag=None, item_id=${written}), count=2)`,
    ),
  );

  test("what a recipe makes or is tagged with cannot be fetched, even where it is listed as an item", () => {
    const ingredients = [{ id: "x:clay", kind: "item" as const, count: 1 }];
    const recipes: Recipe[] = [{ item: "x:pot", tag: "x:vessel", count: 1, ingredients }];
    const items = new Set(["x:pot", "x:vessel", "x:clay", "x:earth"]);
    const book = new RecipeBook({ recipes, items, tagOf: new Map(), tags: new Set(["x:earth"]) });
    const names = ["pot", "vessel", "earth", "clay"];
    const said = answers(
      new CraftSession(book, "x:none"),
      names.map((name) => `get 1 ${name}`),
    );
    expect(said.map((text) => text.startsWith("Got"))).toEqual([false, false, false, true]);
  });

  test("an item that serves as two ingredients has to be there for both", () => {
    const ingredients = [
      { id: "x:red_dye", kind: "item" as const, count: 1 },
      { id: "x:dye", kind: "tag" as const, count: 1 },
    ];
    const recipes: Recipe[] = [{ item: "x:ink", tag: null, count: 1, ingredients }];
    const tagOf = new Map([["x:red_dye", "x:dye"]]);
    const items = new Set(["x:red_dye", "x:ink"]);
    const session = new CraftSession(
      new RecipeBook({ recipes, tagOf, items, tags: new Set(["x:dye"]) }),
      "x:none",
    );
    const craft = "craft 1 ink using 1 red dye, 1 red dye";
    expect(
      answers(session, ["get 1 red dye", craft, "inventory", "get 1 red dye", craft, "inventory"]),
    ).toEqual([
      "Got 1 red dye",
      "Could not find enough items to craft x:ink",
      "Inventory: [red dye] (1) ",
      "Got 1 red dye",
      "Crafted 1 x:ink",
      "Inventory: [ink] (1) ",
    ]);
  });

  test("no action throws, and one that is refused changes nothing", () => {
    const words = [
      "get ",
      "craft ",
      " using ",
      "inventory",
      "2 ",
      "1 ",
      "rod",
      "clay",
      "ash board",
      "board",
      ", ",
      "\n",
    ];
    const action = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.array(fc.constantFrom(...words), { maxLength: 8 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 12 }), (actions) => {
        const session = new CraftSession(own, "workshop:door");
        session.step("get 2 clay");
        const carried = () => session.step("inventory").text;
        const wrong = actions.filter((each) => {
          const before = carried();
          const { text, reward, done } = session.step(each);
          const refused = !/^(Got|Crafted) /.test(text);
          return reward !== 0 || done || (refused && carried() !== before);
        });
        expect(wrong).toEqual([]);
      }),
    );
  });
});
