import { z } from "zod";
import { observationModes } from "./pages";

const path = z.string().min(1);

/** An object without other settings than these; a misspelt one is named together with those there are. */
function settings<Shape extends z.ZodRawShape>(what: string, shape: Shape) {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `${what} has no setting ${issue.keys
            .slice(0, 5)
            .map((key) => JSON.stringify(key.slice(0, 40)))
            .join(", ")}; ` + `it has ${Object.keys(shape).join(", ")}`
        : undefined,
  });
}

/** What a shop is made of and how it speaks. Paths are read on the machine the worker runs on. */
export const WebshopConfig = settings("the web shop", {
  catalogue: z
    .discriminatedUnion("kind", [
      settings("the built-in catalogue", { kind: z.literal("built-in") }),
      settings("a catalogue from files", {
        kind: z.literal("files"),
        /** The shop's item file, e.g. items_shuffle_1000.json. */
        items: path,
        /** Attributes and instructions by product, e.g. items_ins_v2_1000.json. */
        instructions: path,
        /** Instructions written by people; needed for goals "human". */
        humanInstructions: path.optional(),
        /** Noun lists per product; without them the nouns of a name are guessed. */
        nouns: path.optional(),
        /** Prices and price limits of a known run; without them they are drawn from priceSeed. */
        prices: path.optional(),
      }),
    ])
    .default({ kind: "built-in" }),
  observationMode: z.enum(observationModes).default("text"),
  /** Whether item pages offer a page of the product's attributes; the original's servers leave it out. */
  showAttributes: z.boolean().default(false),
  priceSeed: z.int().default(0),
  /** Seed of the price limits where they are drawn apart from the prices: 233 in AgentGym's server. */
  limitSeed: z.int().optional(),
  /** Only the first so many products of the item file. */
  maxProducts: z.int().positive().optional(),
  goals: z.enum(["synthetic", "human"]).default("synthetic"),
});
export type WebshopConfig = z.infer<typeof WebshopConfig>;
