import type { RecipeData } from "./recipes";

const namespace = "workshop:";

/** What is made, how many at once, from what; `#` marks a tag, and the last entry is the tag the product has. */
type Line = readonly [made: string, count: number, from: Readonly<Record<string, number>>, tag?: string];

/** A village workshop: wood, metal, clay and glass, cloth and dyes, tools, furniture, things with wheels. */
const lines: readonly Line[] = [
  ["ash_board", 4, { ash_trunk: 1 }, "board"],
  ["beech_board", 4, { beech_trunk: 1 }, "board"],
  ["larch_board", 4, { larch_trunk: 1 }, "board"],
  ["rod", 1, { willow_shoot: 2 }],
  ["rod", 4, { "#board": 2 }],
  ["peg", 6, { rod: 1 }],
  ["shingle", 6, { "#board": 3 }],
  ["charcoal", 2, { ash_trunk: 1 }],
  ["charcoal", 3, { beech_trunk: 1 }],
  ["wood_tar", 2, { larch_trunk: 1 }],

  ["iron_ingot", 2, { iron_ore: 4, charcoal: 1 }],
  ["bronze_ingot", 4, { copper_ore: 3, tin_ore: 1, charcoal: 1 }],
  ["nail", 8, { iron_ingot: 1 }],
  ["hinge", 2, { iron_ingot: 1 }],
  ["iron_hoop", 1, { iron_ingot: 1 }],
  ["iron_blade", 1, { iron_ingot: 2 }],
  ["wire", 6, { bronze_ingot: 1 }],
  ["gear", 1, { bronze_ingot: 1 }],
  ["needle", 3, { wire: 1 }],
  ["chain", 2, { wire: 3 }],
  ["bell", 1, { bronze_ingot: 4, rope: 1 }],

  ["brick", 4, { clay: 4, charcoal: 1 }],
  ["clay_pot", 1, { clay: 3 }],
  ["roof_tile", 4, { clay: 2, sand: 1 }],
  ["mortar", 4, { lime: 1, sand: 2 }],
  ["cut_stone", 4, { field_stone: 4 }],
  ["millstone", 1, { cut_stone: 3 }],
  ["glass_pane", 4, { sand: 4, charcoal: 1 }],
  ["bottle", 2, { glass_pane: 3 }],
  ["brick_wall", 2, { brick: 6, mortar: 1 }],
  ["stone_wall", 2, { cut_stone: 4, mortar: 1 }],
  ["oven", 1, { brick: 8, mortar: 2, hinge: 1 }],
  ["window", 1, { glass_pane: 2, rod: 4 }],

  ["white_yarn", 3, { fleece: 1 }],
  ["flax_thread", 4, { flax: 2 }],
  ["rope", 1, { flax_thread: 3 }],
  ["linen", 1, { flax_thread: 4 }],
  ["white_cloth", 2, { white_yarn: 6 }, "cloth"],
  ["red_dye", 2, { madder_root: 1 }],
  ["blue_dye", 2, { woad_leaf: 1 }],
  ["yellow_dye", 2, { weld_flower: 1 }],
  ["black_dye", 2, { soot: 1 }],
  ["green_dye", 2, { blue_dye: 1, yellow_dye: 1 }],
  ["orange_dye", 2, { red_dye: 1, yellow_dye: 1 }],
  ["purple_dye", 2, { red_dye: 1, blue_dye: 1 }],
  ["red_cloth", 2, { white_cloth: 2, red_dye: 1 }, "cloth"],
  ["blue_cloth", 2, { white_cloth: 2, blue_dye: 1 }, "cloth"],
  ["yellow_cloth", 2, { white_cloth: 2, yellow_dye: 1 }, "cloth"],
  ["green_cloth", 2, { white_cloth: 2, green_dye: 1 }, "cloth"],
  ["orange_cloth", 2, { white_cloth: 2, orange_dye: 1 }, "cloth"],
  ["purple_cloth", 2, { white_cloth: 2, purple_dye: 1 }, "cloth"],
  ["black_cloth", 2, { white_cloth: 2, black_dye: 1 }, "cloth"],
  ["red_flag", 1, { red_cloth: 2, rod: 1 }],
  ["green_flag", 1, { green_cloth: 2, rod: 1 }],
  ["purple_flag", 1, { purple_cloth: 2, rod: 1 }],
  ["pillow", 1, { "#cloth": 2, feather: 6 }],
  ["quilt", 1, { "#cloth": 4, needle: 1, flax_thread: 2 }],
  ["curtain", 2, { "#cloth": 3, rod: 1 }],
  ["tent", 1, { linen: 6, rope: 2, rod: 3 }],
  ["sail", 1, { linen: 4, rope: 1 }],
  ["hammock", 1, { linen: 2, rope: 2 }],

  ["leather", 2, { hide: 1, bark: 2 }],
  ["belt", 1, { leather: 1, wire: 1 }],
  ["boots", 1, { leather: 3, nail: 8 }],
  ["saddle", 1, { leather: 5, iron_hoop: 2, white_cloth: 1 }],
  ["paper", 3, { reed: 3 }],
  ["paper", 4, { flax: 3, lime: 1 }],
  ["book", 1, { paper: 3, leather: 1, flax_thread: 1 }],
  ["map", 1, { paper: 4, black_dye: 1 }],
  ["kite", 1, { paper: 2, rod: 2, flax_thread: 3 }],
  ["candle", 4, { beeswax: 2, flax_thread: 1 }],
  ["lantern", 1, { candle: 1, glass_pane: 4, wire: 2 }],
  ["ink", 1, { bottle: 1, black_dye: 2 }],

  ["hammer", 1, { iron_ingot: 2, rod: 1 }],
  ["axe", 1, { iron_blade: 1, rod: 1 }],
  ["saw", 1, { iron_blade: 2, peg: 2 }],
  ["spade", 1, { iron_blade: 1, rod: 2, nail: 2 }],
  ["shears", 1, { iron_blade: 2, nail: 1 }],

  ["ladder", 1, { rod: 7 }],
  ["stool", 1, { "#board": 1, peg: 3, rod: 3 }],
  ["table", 1, { "#board": 4, rod: 4, peg: 4 }],
  ["shelf", 1, { "#board": 3, nail: 6 }],
  ["crate", 1, { "#board": 6, nail: 8 }],
  ["door", 1, { "#board": 6, hinge: 2 }],
  ["chest", 1, { "#board": 8, hinge: 2, nail: 4 }],
  ["bucket", 1, { larch_board: 3, iron_hoop: 1 }],
  ["barrel", 1, { larch_board: 6, iron_hoop: 2 }],
  ["beehive", 1, { "#board": 5, rope: 2 }],
  ["bed", 1, { "#board": 6, pillow: 1, linen: 2 }],
  ["bookcase", 1, { shelf: 2, book: 3 }],
  ["spinning_wheel", 1, { wheel: 1, peg: 4, rope: 1 }],
  ["loom", 1, { beech_board: 4, rod: 6, gear: 1 }],
  ["wheel", 1, { "#board": 4, iron_hoop: 1 }],
  ["wheelbarrow", 1, { wheel: 1, "#board": 4, rod: 2 }],
  ["cart", 1, { wheel: 2, crate: 1, rope: 1 }],
  ["boat", 1, { larch_board: 9, wood_tar: 2, nail: 8 }],
  ["sailing_boat", 1, { boat: 1, sail: 1, rope: 2 }],
  ["pulley", 1, { wheel: 1, rope: 2, chain: 1 }],
  ["clock", 1, { gear: 3, glass_pane: 1, beech_board: 2, chain: 1 }],
  ["windmill", 1, { sail: 2, millstone: 2, gear: 2, shingle: 6 }],
];

/** Our own recipes, read from the table above. */
export function builtInRecipes(): RecipeData {
  const data: RecipeData = { recipes: [], tags: new Set(), tagOf: new Map(), items: new Set() };
  for (const [made, count, from, ownTag] of lines) {
    const item = namespace + made;
    const tag = ownTag === undefined ? null : namespace + ownTag;
    const ingredients = Object.entries(from).map(([name, count]) =>
      name.startsWith("#")
        ? { id: namespace + name.slice(1), kind: "tag" as const, count }
        : { id: namespace + name, kind: "item" as const, count },
    );
    data.recipes.push({ item, tag, count, ingredients });
    data.items.add(item);
    for (const { id, kind } of ingredients) (kind === "item" ? data.items : data.tags).add(id);
    if (tag !== null) {
      data.tags.add(tag);
      data.tagOf.set(item, tag);
    }
  }
  return data;
}
