import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/core/canonical";
import { AppError } from "@/lib/core/errors";
import type { Environment, EnvironmentDriver, EnvironmentFact, Episode, StepResult } from "@/lib/core/ports";
import type { Subtask } from "@/lib/core/trajectory";
import { TextcraftConfig } from "./config";
import type { RecipeBook } from "./recipes";
import { CraftSession } from "./session";
import { readRecipes } from "./source";
import { readTasks, type CraftTask, type TaskList } from "./tasks";

/** Changes with every change of what the workshop answers. */
const RULES = "textcraft-rules@1";

/** TextCraft by its rules, with the original's recipes or a set of our own. */
export const textcraft: EnvironmentDriver<TextcraftConfig> = {
  driverId: "textcraft",
  title: "TextCraft: Gleaner's own recipes or the original's, TextCraft rules",
  description:
    "Craft one thing by following recipes, from what can be fetched. The rules are TextCraft's; the recipes are " +
    "Gleaner's own workshop, unless the configuration names the original's recipe files.",
  normalizer: "runs of white space count as one space",
  needs: null,
  Config: TextcraftConfig,
  connect: connectTextcraft,
};

/**
 * Loads recipes and tasks; episodes share both and change neither.
 * @throws AppError as `readRecipes` and `readTasks`
 */
async function connectTextcraft(config: TextcraftConfig): Promise<Environment> {
  const book = await readRecipes(config);
  const list = await readTasks(book, config);
  const byKey = new Map(list.tasks.map((task) => [task.key, task]));
  return {
    fingerprint: fingerprintOf(config, book, list),
    capabilities: { concurrentEpisodes: 10_000, successThreshold: 1, maxSteps: null },
    facts: factsOf(config, book, list),
    caveats: caveatsOf(config, list),
    opening: [],
    subtasks: async () => list.tasks.map((task) => subtaskOf(book, task)),
    open: async (subtaskKey, signal) => {
      signal?.throwIfAborted();
      return openEpisode(book, taskAt(byKey, list, subtaskKey), config.actions);
    },
    normalize: (observation) => observation.replace(/\s+/g, " ").trim(),
    close: async () => {},
  };
}

function subtaskOf(book: RecipeBook, { key, goal }: CraftTask): Subtask {
  const depth = book.depths.get(goal) ?? 0;
  return {
    subtaskKey: key,
    instruction: `craft ${book.nameOf(goal)}`,
    bestReward: book.obtainable.has(goal) ? 1 : 0,
    taskType: depth > 0 ? `depth-${depth}` : null,
    split: null,
  };
}

/** A key as it is listed; a number alone stands for `textcraft_<number>`. */
function taskAt(byKey: Map<string, CraftTask>, list: TaskList, subtaskKey: string): CraftTask {
  const task = byKey.get(subtaskKey) ?? byKey.get(`textcraft_${subtaskKey}`);
  if (task) return task;
  const [first, last] = [list.tasks[0]?.key, list.tasks.at(-1)?.key];
  throw new AppError("not_found", `the workshop has no subtask ${JSON.stringify(subtaskKey.slice(0, 80))}`, {
    fix: `name one of its ${list.tasks.length} subtasks, ${first} to ${last}, or list it in a task file`,
  });
}

function openEpisode(book: RecipeBook, task: CraftTask, reading: TextcraftConfig["actions"]): Episode {
  const session = new CraftSession(book, task.goal);
  let over: string | null = null;
  return {
    start: { text: task.start, actions: null },
    instruction: null,
    step: async (action): Promise<StepResult> => {
      if (over !== null)
        throw new AppError("invalid_input", `this episode of ${task.key} ${over}: it takes no more actions`, {
          fix: "open a new episode",
        });
      const { text, reward, done } = session.step(reading === "raw" ? action : cleaned(action));
      if (done) over = "ended with its goal crafted";
      return { text, actions: null, reward, done };
    },
    close: async () => {
      over ??= "was closed";
    },
  };
}

/** What AgentGym's client sends of an action: its first line, letters, digits and commas, single spaces. */
function cleaned(action: string): string {
  const [line = ""] = action.trimStart().split("\n");
  return line
    .replace(/[^A-Za-z0-9, ]+/g, "")
    .replace(/ +/g, " ")
    .trim();
}

function factsOf(config: TextcraftConfig, book: RecipeBook, list: TaskList): EnvironmentFact[] {
  const { recipes, tasks, actions } = config;
  const drawn = tasks.kind === "tree" ? `one per craftable item, seed ${tasks.seed}` : tasks.path;
  const rest = list.leftOut === 0 ? "" : `, ${list.leftOut} records without a crafting task left out`;
  return [
    { name: "recipes", value: recipes.kind === "built-in" ? "Workshop, Gleaner's own" : recipes.path },
    { name: "number of recipes", value: `${book.recipes.length}` },
    { name: "items", value: `${book.items.size}` },
    { name: "tasks", value: `${list.tasks.length}: ${drawn}${rest}` },
    { name: "actions", value: actions === "raw" ? "as written" : "cleaned as by AgentGym's client" },
  ];
}

function caveatsOf({ recipes, tasks }: TextcraftConfig, list: TaskList): string[] {
  const caveats: string[] = [];
  if (recipes.kind !== "built-in" && tasks.kind === "tree")
    caveats.push(
      "The original draws other commands and goals for the same number: replay its recordings with tasks from a file.",
    );
  if (list.conflicts > 0)
    caveats.push(
      `${list.conflicts} tasks are listed more than once with different texts; the first text counts.`,
    );
  return caveats;
}

/** Names rules and data: how actions are read, every recipe in its order, and every task with its text. */
function fingerprintOf({ actions }: TextcraftConfig, book: RecipeBook, list: TaskList): string {
  const sorted = (ids: Iterable<string>) => [...ids].sort();
  const workshop = { recipes: book.recipes, tags: sorted(book.tags), items: sorted(book.items) };
  const tagOf = Object.fromEntries(book.tagOf);
  const hash = createHash("sha256").update(
    `${RULES}\n${actions}\n${canonicalJson({ ...workshop, tagOf })}\n`,
  );
  for (const { key, goal, start } of list.tasks) hash.update(`${JSON.stringify([key, goal, start])}\n`);
  return hash.digest("hex");
}
