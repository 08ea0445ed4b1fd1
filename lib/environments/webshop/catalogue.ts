import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { countNouns, nounsOf } from "./nouns";
import { floatText, strip } from "../python-text";
import { SearchIndex } from "./search-index";

/** One product as the shop's own item files spell it; other keys are ignored. */
export const RawItem = z.object({
  asin: z.string(),
  name: z.string(),
  full_description: z.string(),
  small_description: z.union([z.array(z.string()), z.string()]),
  pricing: z.string().nullish(),
  product_category: z.string(),
  query: z.string(),
  category: z.string(),
  customization_options: z.union([
    z.literal(""),
    z.null(),
    z.record(z.string(), z.array(z.object({ value: z.string() })).nullable()),
  ]),
});
export type RawItem = z.infer<typeof RawItem>;

/** By ASIN: the product's attributes and, where it is a goal, what is asked for. */
export const RawInstructions = z.record(
  z.string(),
  z.object({
    attributes: z.array(z.string()).optional(),
    instruction: z.string().nullish(),
    instruction_attributes: z.array(z.string()).nullish(),
  }),
);
export type RawInstructions = z.infer<typeof RawInstructions>;

/** By ASIN: the nouns of the product's name, lower case. */
export const RawNouns = z.record(z.string(), z.array(z.string()));
export type RawNouns = z.infer<typeof RawNouns>;

export type ProductOption = { name: string; values: string[] };

export type Product = {
  asin: string;
  title: string;
  description: string;
  bulletPoints: string[];
  category: string;
  query: string;
  /** Path in the shop's category tree, parts between ›. */
  productCategory: string;
  /** As it is shown: `$19.99` or `$3.78 to $11.38`. */
  priceTag: string;
  /** One price, or the two ends of a range. */
  pricing: number[];
  options: ProductOption[];
  attributes: string[];
  instruction: { text: string; attributes: string[] } | null;
  nouns: Set<string>;
  /** How many noun tokens the name has, repetitions included. */
  nounCount: number;
};

export type Catalogue = {
  products: Product[];
  byAsin: Map<string, Product>;
  index: SearchIndex;
};

/**
 * Products with their search index, by the rules of the shop's loader: names longer than ten characters and repeated
 * ASINs are skipped, products without instructions stay as distractors.
 * @throws AppError invalid_input when a price cannot be read
 */
export function buildCatalogue(items: RawItem[], instructions: RawInstructions, nouns: RawNouns): Catalogue {
  const about = new Map(Object.entries(instructions));
  const nounLists = new Map(Object.entries(nouns));
  const byAsin = new Map<string, Product>();
  for (const item of items) {
    if (item.asin === "nan" || item.asin.length > 10 || byAsin.has(item.asin)) continue;
    byAsin.set(item.asin, toProduct(item, about.get(item.asin), nounLists.get(item.asin)));
  }
  const products = [...byAsin.values()];
  const index = new SearchIndex(
    products.map((product) => ({ id: product.asin, text: indexedText(product) })),
  );
  return { products, byAsin, index };
}

function toProduct(
  item: RawItem,
  about: RawInstructions[string] | undefined,
  nouns: string[] | undefined,
): Product {
  const words = nouns ?? nounsOf(item.name);
  const wanted = about?.instruction_attributes ?? [];
  return {
    asin: item.asin,
    title: item.name,
    description: item.full_description,
    bulletPoints: Array.isArray(item.small_description) ? item.small_description : [item.small_description],
    category: item.category,
    query: strip(item.query.toLowerCase()),
    productCategory: item.product_category,
    ...readPricing(item),
    options: readOptions(item.customization_options),
    attributes: about?.attributes ?? ["DUMMY_ATTR"],
    instruction:
      about?.instruction && wanted.length > 0 ? { text: about.instruction, attributes: wanted } : null,
    nouns: new Set(words),
    nounCount: countNouns(item.name, words),
  };
}

function readPricing({ asin, pricing }: RawItem): Pick<Product, "pricing" | "priceTag"> {
  if (!pricing) return { pricing: [100], priceTag: "$100.0" };
  const prices = pricing
    .split("$")
    .slice(1)
    .map((price) => price.replace(/[^\d.]/g, ""));
  if (prices.length === 0 || prices.some((price) => price === "" || Number.isNaN(Number(price))))
    throw new AppError(
      "invalid_input",
      `product ${asin} has a price that cannot be read: ${pricing.slice(0, 80)}`,
      {
        fix: 'write it as "$12.50", or as "$10$20" for a range, in the items file',
      },
    );
  const [low, high] = prices.map(Number).slice(0, 2);
  const tags = [low, high].flatMap((price) => (price === undefined ? [] : [`$${floatText(price)}`]));
  return { pricing: prices.map(Number).slice(0, 2), priceTag: tags.join(" to ") };
}

function readOptions(options: RawItem["customization_options"]): ProductOption[] {
  const byName = new Map<string, string[]>();
  for (const [name, values] of Object.entries(options || {})) {
    if (values === null) continue;
    const shown = values.map(({ value }) => strip(value).replaceAll("/", " | ").toLowerCase());
    byName.set(name.toLowerCase(), shown);
  }
  return Array.from(byName, ([name, values]) => ({ name, values }));
}

/** What a search looks through: title, description, first bullet point and the options. */
function indexedText(product: Product): string {
  const options = product.options.map(({ name, values }) => `${name}: ${values.join(", ")}`).join(", and ");
  return [product.title, product.description, product.bulletPoints[0] ?? "", options].join(" ").toLowerCase();
}
