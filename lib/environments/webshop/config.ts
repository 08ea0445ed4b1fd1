import { z } from "zod";
import { observationModes } from "./pages";

const path = z.string().min(1);

/** What a shop is made of and how it speaks. Paths are read on the machine the worker runs on. */
export const WebshopConfig = z.object({
  catalogue: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("built-in") }),
      z.object({
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
  priceSeed: z.int().default(0),
  /** Seed of the price limits where they are drawn apart from the prices: 233 in AgentGym's server. */
  limitSeed: z.int().optional(),
  /** Only the first so many products of the item file. */
  maxProducts: z.int().positive().optional(),
  goals: z.enum(["synthetic", "human"]).default("synthetic"),
});
export type WebshopConfig = z.infer<typeof WebshopConfig>;
