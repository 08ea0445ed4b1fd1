import { z } from "zod";

const path = z.string().min(1).max(4096);

/** How an action is read: `raw` as the engine gets it, `agentgym` after AgentGym's client has cleaned it. */
export const actionReadings = ["raw", "agentgym"] as const;

/** What a workshop is made of. Paths are read on the machine the worker runs on. */
export const TextcraftConfig = z.strictObject({
  recipes: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("built-in") }),
      /** One JSON file of all recipes, tags and items: `{ recipes, tags, item_to_tag, valid_items }`. */
      z.strictObject({ kind: z.literal("file"), path }),
      /** A folder with one JSON file per recipe, as the game and the original keep them. */
      z.strictObject({ kind: z.literal("directory"), path }),
    ])
    .default({ kind: "built-in" }),
  tasks: z
    .discriminatedUnion("kind", [
      /** One task per craftable item, by depth and then by name; the commands shown are drawn once from `seed`. */
      z.strictObject({
        kind: z.literal("tree"),
        seed: z.int().default(0),
        /** How many commands are shown that the goal does not need. */
        distractors: z.int().min(0).max(100).default(10),
      }),
      /** Tasks with the text they were recorded with: AgentTraj conversations, or goal and commands. */
      z.strictObject({ kind: z.literal("file"), path }),
    ])
    .default({ kind: "tree", seed: 0, distractors: 10 }),
  actions: z.enum(actionReadings).default("raw"),
});
export type TextcraftConfig = z.infer<typeof TextcraftConfig>;
