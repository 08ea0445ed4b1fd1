import type { Catalogue, Product } from "./catalogue";
import type { Goal, GoalBook } from "./goals";
import { isChoosable } from "./pages";
import { hasAttribute, metOptions, typeFit } from "./reward";

/** Above this many products only the goal's own product is tried. */
const MOST_COMPARED = 5_000;

/**
 * The best reward any purchase can bring, per goal: exact over all products and all ways to pick their options (over
 * the goal's own product alone in catalogues of more than 5,000). Below 1 where the shop's own comparison fails the
 * goal's own options, as the original's does for several hundred of its goals.
 * @returns 0..1 per goal, in goal order
 */
export function bestRewards({ goals, prices }: GoalBook, catalogue: Catalogue): number[] {
  const attributesMet = countedOnce<Goal>(
    (product, goal) => goal.attributes.filter((wanted) => hasAttribute(product, wanted)).length,
  );
  const known = new Map<Product, Owners>();
  const ownersIn = (product: Product): Owners => {
    const owners = known.get(product) ?? ownersOf(product);
    known.set(product, owners);
    return owners;
  };
  const kinds = countedOnce<Goal>((product, goal) => typeFit(goal.product, product).typeFactor);
  const rewardOf = (goal: Goal, product: Product, atLeast: number): number => {
    const parts = goal.attributes.length + goal.wantedOptions.length + 1;
    const price = (prices.get(product.asin) ?? 0) <= goal.priceUpper ? 1 : 0;
    const kind = kinds(product, goal, goal.product.asin);
    if (((parts - 1 + price) / parts) * kind <= atLeast) return 0;
    const attributes = attributesMet(product, goal, goal.attributes.join("\n"));
    if (((attributes + goal.wantedOptions.length + price) / parts) * kind <= atLeast) return 0;
    return ((attributes + mostOptions(goal, product, ownersIn(product)) + price) / parts) * kind;
  };
  const rivals = catalogue.products.length <= MOST_COMPARED ? catalogue.products : [];
  return goals.map((goal) => {
    let best = rewardOf(goal, goal.product, 0);
    for (const rival of rivals) {
      if (best >= 1) break;
      best = Math.max(best, rewardOf(goal, rival, best));
    }
    return best;
  });
}

/** A count per product and key, computed the first time it is asked for. */
function countedOnce<T>(count: (product: Product, subject: T) => number) {
  const known = new Map<Product, Map<string, number>>();
  return (product: Product, subject: T, key: string): number => {
    const ofProduct = known.get(product) ?? new Map<string, number>();
    known.set(product, ofProduct);
    const counted = ofProduct.get(key) ?? count(product, subject);
    ofProduct.set(key, counted);
    return counted;
  };
}

/** The most wanted options one order of a product can meet: at most one value per option, or none. */
function mostOptions(goal: Goal, product: Product, owners: Owners): number {
  const wanted = goal.wantedOptions;
  if (wanted.length === 0) return 0;
  if (product === goal.product && goal.choices.every(({ name, value }) => owners.get(value) === name)) {
    const own = goal.choices.map(({ value }) => value);
    if (metOptions(wanted, own).length === wanted.length) return wanted.length;
  }
  let reachable = new Set([0]);
  for (const { name, values: offered } of product.options) {
    const values = offered.filter((value) => owners.get(value) === name);
    const masks = new Set(values.map((value) => maskOf(wanted, value)));
    reachable = new Set([...reachable].flatMap((so) => [so, ...Array.from(masks, (mask) => so | mask)]));
  }
  return Math.max(...Array.from(reachable, bitCount));
}

/** By value a click can choose, the option it chooses it for; a value two options share belongs to the later one. */
type Owners = Map<string, string>;

function ownersOf({ options }: Product): Owners {
  return new Map(
    options.flatMap(({ name, values }) => values.filter(isChoosable).map((value) => [value, name] as const)),
  );
}

const masks = new Map<string, number>();
const MASKS_KEPT = 100_000;

/** Which wanted options one value meets, a bit each. */
function maskOf(wanted: string[], value: string): number {
  const key = `${value}\n${wanted.join("\n")}`;
  const known = masks.get(key);
  if (known !== undefined) return known;
  const met = new Set(metOptions(wanted, [value]));
  const mask = wanted.reduce((bits, option, i) => (met.has(option) ? bits | (1 << i) : bits), 0);
  if (masks.size >= MASKS_KEPT) masks.clear();
  masks.set(key, mask);
  return mask;
}

function bitCount(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}
