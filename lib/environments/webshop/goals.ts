import { z } from "zod";
import type { Catalogue, Product } from "./catalogue";
import { colors } from "./colors";
import { compareText, textRepr } from "../python-text";
import { PythonRandom } from "./python-random";

/** By ASIN: instructions written by people. */
export const RawHumanInstructions = z.record(
  z.string(),
  z.array(
    z.object({
      instruction: z.string(),
      instruction_attributes: z.array(z.string()),
      instruction_options: z.array(z.string()),
    }),
  ),
);
export type RawHumanInstructions = z.infer<typeof RawHumanInstructions>;

/** Prices known from elsewhere; whatever is missing is drawn. */
export const KnownPrices = z.object({
  prices: z.record(z.string(), z.number().nonnegative()).default({}),
  /** Price limit per goal, in goal order. */
  price_upper_by_goal_idx: z.array(z.number().positive()).default([]),
});
export type KnownPrices = z.infer<typeof KnownPrices>;

export type Goal = {
  product: Product;
  instruction: string;
  attributes: string[];
  /** The options asked for, as the reward compares them. */
  wantedOptions: string[];
  /** The same, by option name where the goal names it. */
  choices: { name: string | null; value: string }[];
  /** Highest price accepted, in dollars. */
  priceUpper: number;
};

export type GoalBook = { goals: Goal[]; prices: Map<string, number> };

const NO_LIMIT = 1_000_000;
const ORDER_SEED = 233;
const priceSteps = Array.from({ length: 99 }, (_, i) => 10 * (i + 1));

/**
 * All goals of a catalogue in the shop's order, and the price of every product. Draws in the order the original
 * does, so a seed known from one of its runs gives that run's prices and limits.
 * @param human instructions by people; null for the synthetic goals (one per combination of options)
 * @param random what prices and limits are drawn from, prices first; one and the same in the original
 * @param known prices and limits that replace the drawn ones
 */
export function drawGoals(
  catalogue: Catalogue,
  human: RawHumanInstructions | null,
  random: { prices: PythonRandom; limits: PythonRandom },
  known: KnownPrices,
): GoalBook {
  const drawn = catalogue.products.map((product): [string, number] => [
    product.asin,
    drawPrice(product, random.prices),
  ]);
  const knownPrices = new Map(Object.entries(known.prices));
  const prices = new Map(drawn.map(([asin, price]) => [asin, knownPrices.get(asin) ?? price]));
  const asked = new Map(Object.entries(human ?? {}));
  const drafts = catalogue.products.flatMap((product) => {
    const limit = () => drawLimit(prices.get(product.asin) ?? 0, random.limits);
    return human ? humanGoals(product, asked.get(product.asin) ?? [], limit) : syntheticGoals(product, limit);
  });
  new PythonRandom(ORDER_SEED).shuffle(drafts);
  const goals = drafts.map((goal, i) => priced(goal, known.price_upper_by_goal_idx[i] ?? goal.priceUpper));
  return { goals, prices };
}

function drawPrice(product: Product, random: PythonRandom): number {
  const [low = 100, high] = product.pricing;
  return high === undefined ? low : random.uniform(low, high);
}

/** The larger of two of the first four round prices above the price; none when fewer than two are left. */
function drawLimit(price: number, random: PythonRandom): number {
  const above = priceSteps.filter((step) => step > price).slice(0, 4);
  return above.length >= 2 ? Math.max(...random.sample(above, 2)) : NO_LIMIT;
}

function priced(goal: Goal, priceUpper: number): Goal {
  const price = priceUpper === NO_LIMIT ? "" : `, and price lower than ${priceUpper.toFixed(2)} dollars`;
  return { ...goal, priceUpper, instruction: goal.instruction + price };
}

function syntheticGoals(product: Product, limit: () => number): Goal[] {
  if (!product.instruction) return [];
  const { text, attributes } = product.instruction;
  const priceUpper = limit();
  const options = [...product.options].sort((a, b) => compareText(a.name, b.name));
  return combinations(options).map((choices) => {
    const asked = choices.map(({ name, value }) => `${name}: ${value}`).join(", and ");
    return {
      product,
      instruction: asked === "" ? text : `${text} with ${asked}`,
      attributes,
      wantedOptions: choices.map(({ name, value }) => wantedPair(name, value)),
      choices,
      priceUpper,
    };
  });
}

function humanGoals(product: Product, asked: RawHumanInstructions[string], limit: () => number): Goal[] {
  return asked.flatMap((one) => {
    if (one.instruction_attributes.length === 0) return [];
    return {
      product,
      instruction: one.instruction.replace(/^\.+|\.+$/g, ""),
      attributes: one.instruction_attributes,
      wantedOptions: one.instruction_options.map(colorOf),
      choices: one.instruction_options.map((value) => ({ name: null, value })),
      priceUpper: limit(),
    };
  });
}

/** One value of every option, the last option changing fastest. */
function combinations(options: Product["options"]): { name: string; value: string }[][] {
  return options.reduce<{ name: string; value: string }[][]>(
    (chosen, { name, values }) => chosen.flatMap((so) => values.map((value) => [...so, { name, value }])),
    [[]],
  );
}

/** The first colour word inside an option value stands for it. */
export function colorOf(value: string): string {
  return colors.find((color) => value.includes(color)) ?? value;
}

/** A named option is compared as Python prints the pair, unless its name or value is exactly a colour word. */
function wantedPair(name: string, value: string): string {
  const exact = colors.find((color) => color === name || color === value);
  return exact ?? `(${textRepr(name)}, ${textRepr(value)})`;
}
