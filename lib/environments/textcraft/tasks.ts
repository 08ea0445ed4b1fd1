import { createHash } from "node:crypto";
import { z } from "zod";
import type { TextcraftConfig } from "./config";
import type { Recipe, RecipeBook } from "./recipes";
import { jsonIn, readText, shaped, unusable } from "./source";

/** One task: what has to be crafted, and the text its episodes begin with. */
export type CraftTask = { key: string; goal: string; start: string };

export type TaskList = {
  tasks: CraftTask[];
  /** Records of a task file that hold no crafting task. */
  leftOut: number;
  /** Keys listed again with another text; the first text counts. */
  conflicts: number;
};

const MAX_TASKS = 200_000;
const MAX_START = 1_000_000;

/** The first observation of an episode. */
export const startText = (commands: string, goalName: string): string =>
  `Crafting commands:\n${commands}\n\nGoal: craft ${goalName}.`;

const text = z.string().max(MAX_START);
const Listed = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  item_id: z.string().optional(),
  subtaskKey: z.string().optional(),
  goal: z.string().min(1).max(200).optional(),
  commands: text.optional(),
  initial_observation: text.optional(),
  conversations: z.array(z.object({ value: text.nullish(), content: text.nullish() })).optional(),
  messages: z.array(z.object({ content: z.unknown() })).optional(),
  steps: z.array(z.object({ observation: z.unknown() })).optional(),
});
type Listed = z.infer<typeof Listed>;

const goalAtEnd = /Goal: craft ([^\n]{1,200})\.\s*$/;

/**
 * The tasks a configuration names, in their order.
 * @throws AppError environment_unavailable when the file is missing, is not what it should be, or lists no task
 */
export async function readTasks(book: RecipeBook, { tasks }: TextcraftConfig): Promise<TaskList> {
  if (tasks.kind === "tree") return { tasks: treeTasks(book, tasks), leftOut: 0, conflicts: 0 };
  const content = await readText(tasks.path);
  const records = shaped(tasks.path, z.array(z.unknown()).max(MAX_TASKS), recordsIn(tasks.path, content));
  const byKey = new Map<string, CraftTask>();
  let leftOut = 0;
  const conflicting = new Set<string>();
  for (const record of records) {
    const task = taskIn(book, record);
    if (task === null) {
      leftOut += 1;
      continue;
    }
    const known = byKey.get(task.key);
    if (known === undefined) byKey.set(task.key, task);
    else if (known.start !== task.start || known.goal !== task.goal) conflicting.add(task.key);
  }
  if (byKey.size === 0)
    throw unusable(
      `none of the ${records.length} records of ${tasks.path} has an id and a text that ends in “Goal: craft ….”`,
      undefined,
    );
  return { tasks: [...byKey.values()], leftOut, conflicts: conflicting.size };
}

/** A JSON array, or one JSON record per line. */
function recordsIn(file: string, content: string): unknown {
  if (content.trimStart().startsWith("[")) return jsonIn(file, content);
  return content.split("\n").flatMap((line) => (line.trim() === "" ? [] : [jsonIn(file, line)]));
}

function taskIn(book: RecipeBook, record: unknown): CraftTask | null {
  const parsed = Listed.safeParse(record);
  if (!parsed.success) return null;
  const listed = parsed.data;
  const key = listed.item_id ?? listed.subtaskKey ?? listed.id;
  if (key === undefined || `${key}` === "") return null;
  const start = startIn(book, listed);
  if (start === null) return null;
  const goal = goalAtEnd.exec(start)?.[1];
  return goal === undefined ? null : { key: `${key}`, goal: book.idOf(goal), start };
}

/** The first observation as it was recorded, else put together from goal and commands. */
function startIn(book: RecipeBook, listed: Listed): string | null {
  const said = [
    listed.initial_observation,
    ...(listed.conversations ?? []).map(({ value, content }) => value ?? content),
    ...(listed.messages ?? []).map(({ content }) => content),
    ...(listed.steps ?? []).slice(0, 1).map(({ observation }) => observation),
  ];
  const first = said.find(
    (each): each is string =>
      typeof each === "string" && each.includes("Crafting commands:") && goalAtEnd.test(each),
  );
  if (first !== undefined) return first;
  if (listed.goal === undefined || listed.commands === undefined) return null;
  return startText(listed.commands, book.nameOf(listed.goal));
}

type Tree = Extract<TextcraftConfig["tasks"], { kind: "tree" }>;

/** One task per item with a recipe, by depth and then by id; their texts are written when they are asked for. */
function treeTasks(book: RecipeBook, tree: Tree): CraftTask[] {
  const depthOf = (id: string) => book.depths.get(id) ?? Infinity;
  const goals = [...book.byItem.keys()]
    .filter((id) => depthOf(id) < Infinity)
    .sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const users = usersOf(book);
  return goals.map((goal, index) => {
    let start: string | null = null;
    return {
      key: `textcraft_${index}`,
      goal,
      get start() {
        return (start ??= startText(commandsFor(book, users, goal, tree).join("\n"), book.nameOf(goal)));
      },
    };
  });
}

function usersOf(book: RecipeBook): Map<string, Recipe[]> {
  const users = new Map<string, Recipe[]>();
  for (const recipe of book.recipes)
    for (const { id } of recipe.ingredients) {
      const known = users.get(id);
      if (known) known.push(recipe);
      else users.set(id, [recipe]);
    }
  return users;
}

/** Every recipe on any way to the goal, and some that share ingredients with them but are not needed; shuffled. */
function commandsFor(
  book: RecipeBook,
  users: Map<string, Recipe[]>,
  goal: string,
  { seed, distractors }: Tree,
): string[] {
  const needed = new Set<Recipe>();
  const names = new Set([goal]);
  for (const id of names)
    for (const recipe of book.recipesOf(id)) {
      needed.add(recipe);
      for (const ingredient of recipe.ingredients) names.add(ingredient.id);
    }
  const commands = new Set([...needed].map((recipe) => book.commandOf(recipe)));
  const others = new Set<string>();
  for (const { ingredients } of needed)
    for (const { id } of ingredients)
      for (const recipe of users.get(id) ?? []) {
        const command = book.commandOf(recipe);
        if (!commands.has(command)) others.add(command);
      }
  const drawn = shuffled([...others], `${seed}/others/${goal}`).slice(0, distractors);
  return shuffled([...commands, ...drawn], `${seed}/order/${goal}`);
}

/** In an order that depends on the salt and the texts alone, whatever order they come in. */
function shuffled(texts: string[], salt: string): string[] {
  const rank = (each: string) => createHash("sha256").update(`${salt}/${each}`).digest("hex");
  return texts
    .map((each) => ({ each, at: rank(each) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .map(({ each }) => each);
}
