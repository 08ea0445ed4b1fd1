/** A property of a product: where it stands in an instruction, what it is called, and why one would want it. */
export type Trait = readonly [place: "before" | "with" | "for", name: string, reason: string];

/** One kind of product the corner shop sells. Everything in this folder is made up for Gleaner. */
export type Kind = {
  noun: string;
  plural: string;
  category: "fashion" | "garden" | "grocery" | "beauty" | "electronics";
  path: string;
  /** Dollars, low and high. */
  price: readonly [number, number];
  models: readonly string[];
  traits: readonly Trait[];
  options: readonly (readonly [name: string, values: readonly string[]])[];
  /** Sentences that fit every product of the kind. */
  about: readonly string[];
};

export const clothColors = [
  "navy",
  "forest green",
  "rust",
  "charcoal",
  "sand",
  "sky blue",
  "plum",
  "mustard",
] as const;
export const homeColors = [
  "ivory",
  "slate grey",
  "teal",
  "copper",
  "walnut",
  "dusty pink",
  "black",
  "white",
] as const;
export const sizes = ["small", "medium", "large", "x-large"] as const;
