import type { Product } from "./catalogue";
import { tokenSetRatio } from "./fuzzy";
import { colorOf, type Goal } from "./goals";
import { strip } from "../python-text";

const ALIKE = 85;

/** A purchase judged, part by part, in the words of the shop. Rates and weights are 0..1. */
export type RewardParts = {
  reward: number;
  /** How far the kind of product fits: 1, 0.5, 0.1 or 0; multiplies the rest. */
  typeFactor: number;
  queryMatch: boolean;
  categoryMatch: boolean;
  titleScore: number;
  attributeRate: number;
  /** null where the goal asks for no option. */
  optionRate: number | null;
  priceMet: boolean;
  attributeWeight: number;
  optionWeight: number;
  priceWeight: number;
};

/**
 * What a purchase is worth for a goal.
 * @param price dollars paid
 * @param chosen option values that were picked
 * Source: princeton-nlp/WebShop goal.py; environments.md section 3.2
 */
export function judgePurchase(goal: Goal, product: Product, price: number, chosen: string[]): RewardParts {
  const type = typeFit(goal.product, product);
  const attributes = goal.attributes.filter((wanted) => hasAttribute(product, wanted)).length;
  const options = metOptions(goal.wantedOptions, chosen).length;
  const priceMet = price <= goal.priceUpper;
  const parts = goal.attributes.length + goal.wantedOptions.length + 1;
  return {
    reward: ((attributes + options + (priceMet ? 1 : 0)) / parts) * type.typeFactor,
    ...type,
    attributeRate: attributes / goal.attributes.length,
    optionRate: goal.wantedOptions.length > 0 ? options / goal.wantedOptions.length : null,
    priceMet,
    attributeWeight: goal.attributes.length / parts,
    optionWeight: goal.wantedOptions.length / parts,
    priceWeight: 1 / parts,
  };
}

/** How far one product is of the kind another goal product is. */
export function typeFit(
  wanted: Product,
  bought: Product,
): Pick<RewardParts, "typeFactor" | "queryMatch" | "categoryMatch" | "titleScore"> {
  const queryMatch = bought.query === wanted.query;
  const path = categoryParts(wanted);
  const categoryMatch = [...categoryParts(bought)].filter((part) => path.has(part)).length >= 2;
  const shared = [...wanted.nouns].filter((noun) => bought.nouns.has(noun)).length;
  const titleScore = wanted.nounCount === 0 ? 0.2 : shared / wanted.nounCount;
  let typeFactor = queryMatch || categoryMatch || titleScore > 0.2 ? 1 : 0.5;
  if (titleScore < 0.1) typeFactor = 0.1;
  if (titleScore === 0) typeFactor = 0;
  return { typeFactor, queryMatch, categoryMatch, titleScore };
}

function categoryParts(product: Product): Set<string> {
  return new Set(product.productCategory.split("›").map(strip));
}

/** Whether a product has an attribute: listed in other words, or word for word in what the shop says of it. */
export function hasAttribute(product: Product, wanted: string): boolean {
  return (
    product.attributes.some((attribute) => tokenSetRatio(attribute, wanted) > ALIKE) ||
    product.title.toLowerCase().includes(wanted) ||
    product.bulletPoints.join(" ").toLowerCase().includes(wanted) ||
    product.description.toLowerCase().includes(wanted)
  );
}

/** The wanted options that some chosen value meets. */
export function metOptions(wanted: string[], chosen: string[]): string[] {
  const picked = chosen.map(colorOf);
  return wanted.filter((option) => picked.some((value) => tokenSetRatio(value, option) > ALIKE));
}
