import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import type { Environment } from "@/lib/core/ports";
import type { Step } from "@/lib/core/trajectory";
import { Jvm } from "@/lib/environments/scienceworld/jvm";
import { demandReference } from "@/lib/environments/scienceworld/py4j";

/** The simulator that `npm run env -- install scienceworld` put into this checkout, or the one named. */
export const simulatorJar: string = path.resolve(
  process.env.SCIENCEWORLD_JAR ??
    path.join(process.env.GLEANER_DATA ?? ".data", "environments", "scienceworld", "scienceworld.jar"),
);

/** What this machine lacks for the real simulator; null when it is all there. Says so when not. */
export function scienceworldMissing(): string | null {
  const missing = !existsSync(simulatorJar)
    ? "no ScienceWorld simulator here: npm run env -- install scienceworld"
    : spawnSync("java", ["-version"]).status === 0
      ? null
      : "no Java here: install a Java runtime, version 8 or newer";
  if (missing) console.warn(`skipped: ${missing}`);
  return missing;
}

/** The simulator's own solutions: actions that reach score 1, by task. */
export async function goldPaths(
  games: { task: string; variation: number }[],
  simplifications: string,
  jar = simulatorJar,
): Promise<Map<string, string[]>> {
  const jvm = await Jvm.start({ jar, memoryMb: 512, startTimeoutMs: 60_000, callTimeoutMs: 120_000 });
  try {
    const { client } = jvm;
    const world = await client.construct("scienceworld.runtime.pythonapi.PythonInterface");
    const paths = new Map<string, string[]>();
    for (const { task, variation } of games) {
      await client.call(world, "load", task, { int: variation }, simplifications, true);
      const list = demandReference(
        await client.call(world, "getGoldActionSequence"),
        "getGoldActionSequence",
      );
      const length = Number(await client.call(list, "size"));
      const actions = Array.from({ length }, (_, i) => client.call(list, "get", { int: i }));
      paths.set(task, (await Promise.all(actions)).map(String));
    }
    return paths;
  } finally {
    await jvm.close();
  }
}

/** What actions led to, taken until the episode ended. */
export type Taken = {
  start: string;
  instruction: string | null;
  steps: Step[];
  end: { text: string; reward: number; done: boolean };
};

export async function take(environment: Environment, key: string, actions: string[]): Promise<Taken> {
  const episode = await environment.open(key);
  const steps: Step[] = [];
  let end = { text: episode.start.text, reward: 0, done: false };
  for (const action of actions) {
    if (end.done) break;
    const { text, reward, done } = await episode.step(action);
    steps.push({ observation: end.text, thought: null, action, reward, messages: null });
    end = { text, reward, done };
  }
  await episode.close();
  return { start: episode.start.text, instruction: episode.instruction, steps, end };
}

/** The same for the same observations, rewards and end. */
export const hashOf = ({ steps, end }: Taken): string =>
  createHash("sha256")
    .update(JSON.stringify([steps, end]))
    .digest("hex");

/** Takes the solution of each task once, two at a time, in the order given. */
export async function takeAll(environment: Environment, gold: Map<string, string[]>, order: string[]) {
  const taken = new Map<string, Taken>();
  const left = [...order];
  const work = async () => {
    for (let task = left.shift(); task; task = left.shift())
      taken.set(task, await take(environment, `${task}_0`, gold.get(task) ?? []));
  };
  await Promise.all([work(), work()]);
  return taken;
}

/**
 * Takes the solution of each task three times, after other tasks each time.
 * @returns which tasks did not end with reward 1, and which did not show the same every time
 */
export async function takeThrice(environment: Environment, gold: Map<string, string[]>) {
  const tasks = [...gold.keys()];
  const passes: Map<string, Taken>[] = [];
  for (const order of [tasks, tasks.toReversed(), tasks.toSorted()])
    passes.push(await takeAll(environment, gold, order));
  const hashes = (task: string) =>
    new Set(passes.map((pass) => pass.get(task)).map((each) => each && hashOf(each)));
  return {
    unsolved: tasks.filter((task) => {
      const end = passes[0]?.get(task)?.end;
      return !end?.done || end.reward !== 1;
    }),
    unsteady: tasks.filter((task) => hashes(task).size !== 1),
  };
}
