import type { Split, Subtask } from "@/lib/core/trajectory";
import type { Simulator } from "./simulator";

/** The 30 tasks by the numbers of the ScienceWorld paper (arXiv 2203.07540), which also are their order. */
const numbers = {
  boil: "1-1",
  melt: "1-2",
  freeze: "1-3",
  "change-the-state-of-matter-of": "1-4",
  "use-thermometer": "2-1",
  "measure-melting-point-known-substance": "2-2",
  "measure-melting-point-unknown-substance": "2-3",
  "power-component": "3-1",
  "power-component-renewable-vs-nonrenewable-energy": "3-2",
  "test-conductivity": "3-3",
  "test-conductivity-of-unknown-substances": "3-4",
  "find-living-thing": "4-1",
  "find-non-living-thing": "4-2",
  "find-plant": "4-3",
  "find-animal": "4-4",
  "grow-plant": "5-1",
  "grow-fruit": "5-2",
  "chemistry-mix": "6-1",
  "chemistry-mix-paint-secondary-color": "6-2",
  "chemistry-mix-paint-tertiary-color": "6-3",
  "lifespan-longest-lived": "7-1",
  "lifespan-shortest-lived": "7-2",
  "lifespan-longest-lived-then-shortest-lived": "7-3",
  "identify-life-stages-1": "8-1",
  "identify-life-stages-2": "8-2",
  "inclined-plane-determine-angle": "9-1",
  "inclined-plane-friction-named-surfaces": "9-2",
  "inclined-plane-friction-unnamed-surfaces": "9-3",
  "mendelian-genetics-known-plant": "10-1",
  "mendelian-genetics-unknown-plant": "10-2",
} as const;

/** The tasks AgentGym's server leaves out. */
const notInAgentgym = new Set(["5-1", "5-2", "9-1", "9-2", "9-3", "10-1", "10-2"]);

export type Task = { name: string; number: string; variations: number };
export type Game = { task: string; variation: number };

/** Task names with their numbers, in the paper's order; those the paper does not know come last, by name. */
export function inOrder(names: string[]): Pick<Task, "name" | "number">[] {
  const known: ReadonlyMap<string, string> = new Map(Object.entries(numbers));
  const place = new Map([...known.keys()].map((name, i) => [name, i]));
  const placeOf = (name: string) => place.get(name) ?? place.size;
  return names
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1))
    .map((name) => ({ name, number: known.get(name) ?? "" }));
}

/** What the simulator can be asked to do. @throws AppError environment_error when the simulator broke */
export async function readTasks(simulator: Simulator): Promise<Task[]> {
  const tasks: Task[] = [];
  for (const task of inOrder(listed(await simulator.text("getTaskNames"))))
    tasks.push({ ...task, variations: await simulator.number("getTaskMaxVariations", task.name) });
  return tasks;
}

/** AgentGym's games: every variation of its tasks, in order; `sciworld_12` is the 13th. */
export const agentgymTasks = (tasks: Task[]): Task[] =>
  tasks.filter(({ number }) => number !== "" && !notInAgentgym.has(number));

/** Which game a key of either kind names: `boil_3` or `sciworld_3`; null when there is none. */
export function gameOf(subtaskKey: string, tasks: Task[]): Game | null {
  const [, name, digits] = /^([a-z0-9-]{1,80})_(0|[1-9]\d{0,5})$/.exec(subtaskKey) ?? [];
  if (name === undefined) return null;
  let index = Number(digits);
  if (name !== "sciworld") {
    const task = tasks.find((each) => each.name === name);
    return task && index < task.variations ? { task: name, variation: index } : null;
  }
  for (const task of agentgymTasks(tasks)) {
    if (index < task.variations) return { task: task.name, variation: index };
    index -= task.variations;
  }
  return null;
}

/**
 * Every variation of every task, or AgentGym's games. What each asks is known when it is loaded, and loading all takes
 * minutes: until then the instruction names the task.
 * @throws AppError environment_error when the simulator broke
 */
export async function listSubtasks(
  simulator: Simulator,
  tasks: Task[],
  kind: "all" | "agentgym",
): Promise<Subtask[]> {
  const subtasks: Subtask[] = [];
  for (const { name, number, variations } of kind === "all" ? tasks : agentgymTasks(tasks)) {
    const split = await readSplits(simulator, name);
    for (let variation = 0; variation < variations; variation++)
      subtasks.push({
        subtaskKey: kind === "all" ? `${name}_${variation}` : `sciworld_${subtasks.length}`,
        instruction: `ScienceWorld task ${number} ${name}, variation ${variation}; the simulator says what it asks`,
        bestReward: 1,
        taskType: name,
        split: split.get(variation) ?? null,
      });
  }
  return subtasks;
}

/** The simulator's own split of a task's variations. It asks for the task's name only, and loading would take long. */
async function readSplits(simulator: Simulator, task: string): Promise<Map<number, Split>> {
  await simulator.text("taskStr_$eq", task);
  const split = new Map<number, Split>();
  const sets = { test: "getVariationsTest", dev: "getVariationsDev", train: "getVariationsTrain" } as const;
  for (const [name, method] of Object.entries(sets) as [Split, string][])
    for (const variation of listed(await simulator.text(method))) split.set(Number(variation), name);
  return split;
}

/** The items of a Java list's text, `[a, b]`; none of ScienceWorld's names holds a comma. */
export const listed = (text: string): string[] =>
  text
    .replace(/^\[|\]$/g, "")
    .split(", ")
    .filter((item) => item !== "");
