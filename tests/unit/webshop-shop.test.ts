import { describe, expect, test } from "vitest";
import { settingsOf } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import { bestRewards } from "@/lib/environments/webshop/best-reward";
import { buildCatalogue, type RawItem } from "@/lib/environments/webshop/catalogue";
import { webshop } from "@/lib/environments/webshop/environment";
import { drawGoals, KnownPrices } from "@/lib/environments/webshop/goals";
import { countNouns } from "@/lib/environments/webshop/nouns";
import type { ObservationMode } from "@/lib/environments/webshop/pages";
import { PythonRandom } from "@/lib/environments/webshop/python-random";
import { ShopSession } from "@/lib/environments/webshop/session";

const scarf: RawItem = {
  asin: "SCARF00001",
  name: "Wool Scarf & Co",
  full_description: "  ",
  small_description: ["Warm", "", "hand wash only"],
  pricing: "$12.5$20",
  product_category: "Clothing › Scarves",
  query: "Scarves",
  category: "fashion",
  customization_options: {
    Color: [{ value: "Red/Blue " }, { value: "green" }],
    Size: [{ value: "one" }],
    Fit: null,
  },
};
const items = [
  scarf,
  ...Array.from({ length: 12 }, (_, i) => ({
    ...scarf,
    asin: `PLAIN${i + 10}`,
    customization_options: "" as const,
    pricing: "",
  })),
];
const instructions = {
  SCARF00001: {
    attributes: ["hand wash"],
    instruction: "Find me scarves with hand wash",
    instruction_attributes: ["hand wash"],
  },
};

function visit(mode: ObservationMode = "text", showAttributes = false, shelf = items): ShopSession {
  const catalogue = buildCatalogue(shelf, instructions, {});
  const random = new PythonRandom(1);
  const book = drawGoals(catalogue, null, { prices: random, limits: random }, KnownPrices.parse({}));
  const goal = book.goals[0];
  if (!goal) throw new Error("the shop has two goals");
  return new ShopSession({ catalogue, ...book, mode, showAttributes, found: new Map() }, goal, 0);
}

describe("a visit to the shop", () => {
  test("pages hold ten products and go on without end", () => {
    const session = visit();
    session.step("search[scarf]");
    expect(session.observation).toContain(
      "Page 1 (Total results: 13) [SEP] Next > [SEP] PLAIN10 [SEP] Wool Scarf & Co [SEP] $100.0",
    );
    for (let i = 0; i < 5; i++) session.step("click[Next >]");
    expect(session.clickables).toEqual(["back to search", "< prev", "next >"]);
    for (let i = 0; i < 4; i++) session.step("click[< Prev]");
    expect(session.clickables).toEqual([
      ...["back to search", "< prev", "next >"],
      ...["plain20", "plain21", "scarf00001"],
    ]);
  });

  test("the item page shows options and a sub page keeps them", () => {
    const session = visit("text_rich");
    session.step("search[scarf]");
    session.step("click[next >]");
    session.step("click[scarf00001]");
    expect(session.clickables).toEqual([
      ...[
        "back to search",
        "< prev",
        "description",
        "features",
        "reviews",
        "buy now",
        "red | blue",
        "green",
        "one",
      ],
    ]);
    session.step("click[green]");
    session.step("click[features]");
    expect(session.observation.split("\n").slice(-4)).toEqual([" Warm", " ", " hand wash only", ""]);
    session.step("click[< prev]");
    expect(session.observation).toContain("You have clicked green.\nInstruction:");
    session.step("click[red | blue]");
    expect(session.observation).toContain("[clicked button] red | blue [clicked button_]");
    expect(session.observation).not.toContain("[clicked button] green");
    session.step("click[< prev]");
    expect(session.observation).toContain("[clicked button] SCARF00001 [clicked button_]");
    session.step("click[scarf00001]");
    expect(session.observation).toContain("  [button] red | blue [button_]");
  });

  test("a blank description leaves an empty part, an empty one none", () => {
    const session = visit();
    session.step("search[scarf]");
    session.step("click[plain10]");
    session.step("click[description]");
    expect(session.observation.endsWith("< Prev [SEP] ")).toBe(true);
    session.step("click[< prev]");
    session.step("click[reviews]");
    expect(session.observation.endsWith("[SEP] < Prev")).toBe(true);
  });

  test.each([
    "buy now",
    "click[]",
    "click[nope]",
    "CLICK[search]",
    "click[search]",
    "search[]",
    "say hello\nsearch[x]",
    "",
    "search[<a> x]",
    "search[<c>]",
  ])("%j changes nothing", (action) => {
    const session = visit();
    const before = session.observation;
    expect(session.step(action)).toEqual({ reward: 0, done: false });
    expect(session.observation).toBe(before);
  });

  test("the page is read from the address, which holds the search words", () => {
    const session = visit();
    session.step("search[scarf search_results]");
    session.step("click[plain10]");
    session.step("click[< Prev]");
    expect(session.observation).toContain("Page 0 (Total results: 13)");
  });

  test("a search of more words than the engine takes changes nothing", () => {
    const session = visit();
    const before = session.observation;
    session.step(`search[${Array.from({ length: 1025 }, (_, i) => `w${i}`).join(" ")}]`);
    expect(session.observation).toBe(before);
  });

  test("a search that fails leaves the page and forgets the product on it", () => {
    const session = visit();
    for (const action of ["search[scarf]", "click[plain10]", "search[<a> x]"]) session.step(action);
    const before = session.observation;
    expect(before).toContain("Buy Now");
    expect(session.step("click[buy now]")).toEqual({ reward: 0, done: false });
    expect(session.observation).toBe(before);
  });

  test("a shop that shows attributes has a page for them", () => {
    const session = visit("text", true);
    for (const action of ["search[scarf]", "click[next >]", "click[scarf00001]"]) session.step(action);
    expect(session.clickables.slice(4, 7)).toEqual(["reviews", "attributes", "buy now"]);
    session.step("click[Attributes]");
    expect(session.observation).toMatch(
      /< Prev \[SEP\] hand wash \[SEP\] fashion \[SEP\] scarves \[SEP\] Clothing › Scarves$/,
    );
    session.step("click[< prev]");
    expect(session.clickables).toContain("buy now");
  });

  test("an option value named like that page leads there in any shop", () => {
    const options = { Show: [{ value: "Attributes" }] };
    const session = visit("text", false, [{ ...scarf, customization_options: options }]);
    for (const action of ["search[scarf]", "click[scarf00001]"]) session.step(action);
    expect(session.clickables).toEqual([
      ...["back to search", "< prev", "description", "features", "reviews", "buy now", "attributes"],
    ]);
    session.step("click[attributes]");
    expect(session.observation).toMatch(/hand wash \[SEP\] fashion/);
  });

  test("a purchase is judged, and the engine itself searches on after it", () => {
    const session = visit();
    session.step("search[scarf]");
    session.step("click[next >]");
    session.step("click[scarf00001]");
    session.step("click[one]");
    const { reward, done } = session.step("click[Buy Now]");
    expect(done).toBe(true);
    expect(reward).toBeCloseTo(3 / 4, 9);
    expect(session.observation).toContain('options [SEP] {"size": "one"} [SEP] attrs [SEP] None');
    expect(session.observation).toContain(
      "Your score (min 0.0, max 1.0) [SEP] 0.75 [SEP] Reward Details [SEP] None",
    );
    expect(session.clickables).toEqual([]);
    session.step("search[scarf]");
    expect(session.clickables).toContain("plain10");
  });
});

describe("bestRewards", () => {
  const bestOf = (values: string[]) => {
    const options = { Kind: values.map((value) => ({ value })) };
    const catalogue = buildCatalogue([{ ...scarf, customization_options: options }], instructions, {});
    const random = new PythonRandom(1);
    return bestRewards(
      drawGoals(catalogue, null, { prices: random, limits: random }, KnownPrices.parse({})),
      catalogue,
    );
  };

  test("counts the options a click can choose", () => expect(bestOf(["plain", "wide"])).toEqual([1, 1]));

  test.each(["buy now", "search", "features", "attributes", "a[b", "< prev"])(
    "does not count %j, which none can",
    (value) => expect(bestOf([value])).toEqual([2 / 3]),
  );
});

describe("countNouns", () => {
  test("counts repetitions, and symbols only after words", () => {
    expect(countNouns("Day of Football, 100th Day", ["day", "football"])).toBe(3);
    expect(countNouns("Blue/Gray/Ivory Rug 5/7", ["/", "rug"])).toBe(3);
    expect(countNouns('Mat 19.7"x31.5"', ['"', "mat"])).toBe(2);
  });
});

describe("connecting", () => {
  const connect = (config: unknown) => webshop.connect(webshop.Config.parse(config));
  const files = (items: string) => ({ catalogue: { kind: "files", items, instructions: "package.json" } });

  test("a missing file is named, with what to do", async () => {
    const refused: unknown = await connect(files("no/such/items.json")).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({
      code: "environment_unavailable",
      message: expect.stringContaining("no/such/items.json"),
    });
    expect(refused).toHaveProperty("fix", expect.stringContaining("path"));
  });

  test("a file of something else is refused with the place that is wrong", async () => {
    await expect(connect(files("package.json"))).rejects.toMatchObject({ code: "environment_unavailable" });
    await expect(connect(files("README.md"))).rejects.toMatchObject({ code: "environment_unavailable" });
  });

  test("goals by people need their file", async () => {
    await expect(connect({ goals: "human" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(connect({ ...files("package.json"), goals: "human" })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  test.each([
    [{ limitSed: 233 }, /the web shop has no setting "limitSed"; it has catalogue, .*limitSeed/],
    [{ catalogue: { kind: "built-in", items: "x" } }, /the built-in catalogue has no setting "items"/],
    [
      { catalogue: { kind: "files", items: "x", instructions: "y", price: "z" } },
      /a catalogue from files has no setting "price"; it has .*prices/,
    ],
  ])("settings %j are refused with those there are", (config, message) => {
    expect(() => settingsOf(webshop, config, "environment “shop”")).toThrow(message);
  });

  test("prices that cannot be read name the product", () => {
    expect(() => buildCatalogue([{ ...scarf, pricing: "cheap" }], {}, {})).toThrow(/SCARF00001/);
  });

  test("hostile product codes are only text", () => {
    const { products } = buildCatalogue(
      [
        { ...scarf, asin: "toString" },
        { ...scarf, asin: "__proto__" },
      ],
      {},
      {},
    );
    expect(products.map((product) => product.attributes)).toEqual([["DUMMY_ATTR"], ["DUMMY_ATTR"]]);
  });

  test("a bare number names a subtask; an unknown one is not found", async () => {
    const shop = await connect({});
    expect((await shop.open("7")).start).toEqual((await shop.open("webshop_7")).start);
    for (const key of ["webshop_99999", "-1", "webshop_", "1.5", "../7"])
      await expect(shop.open(key)).rejects.toMatchObject({ code: "not_found" });
  });

  test("the fingerprint tells modes and prices apart and nothing else", async () => {
    const prints = await Promise.all(
      [{}, {}, { observationMode: "text_rich" }, { priceSeed: 1 }, { maxProducts: 300 }].map(
        async (config) => (await connect(config)).fingerprint,
      ),
    );
    expect(prints[0]).toBe(prints[1]);
    expect(new Set(prints).size).toBe(4);
  });
});
