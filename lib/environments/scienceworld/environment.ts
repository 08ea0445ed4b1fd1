import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { dataFolder } from "@/lib/config/env";
import { AppError } from "@/lib/core/errors";
import type { Environment, EnvironmentDriver, EnvironmentFact, Episode, StepResult } from "@/lib/core/ports";
import type { Subtask } from "@/lib/core/trajectory";
import { ScienceWorldConfig } from "./config";
import { installSimulator } from "./jvm";
import { SimulatorPool } from "./pool";
import { Simulator, type Outcome } from "./simulator";
import { agentgymTasks, gameOf, listed, listSubtasks, readTasks, type Task } from "./tasks";

/** Changes with every change of what this driver makes of the simulator's answers. */
const RULES = "scienceworld-rules@1";

/** The real simulator of allenai/ScienceWorld, spoken to over py4j as its Python package does. */
export const scienceworld: EnvironmentDriver<ScienceWorldConfig> = {
  driverId: "scienceworld",
  title: "ScienceWorld: the real simulator, 30 elementary science tasks",
  description:
    "Boil, grow, measure, wire: experiments in a house simulated by allenai/ScienceWorld's own program, which runs in " +
    "Java beside Gleaner. Observations are those of AgentGym's server.",
  normalizer: "runs of white space count as one space",
  needs: `Java 8 or newer and the simulator's jar: ${installSimulator}`,
  Config: ScienceWorldConfig,
  connect: connectScienceWorld,
};

type World = { config: ScienceWorldConfig; pool: SimulatorPool; tasks: Task[] };

/**
 * Starts one simulator to learn what it is; more start as episodes need them.
 * @throws AppError environment_unavailable when Java or the jar is missing, invalid_input for unknown simplifications
 */
async function connectScienceWorld(config: ScienceWorldConfig): Promise<Environment> {
  const jar = jarOf(config);
  const { memoryMb, startTimeoutMs, callTimeoutMs } = config;
  const start = () => Simulator.start({ jar, memoryMb, startTimeoutMs, callTimeoutMs });
  const pool = new SimulatorPool(config.jvms, start);
  const first = await pool.lend();
  try {
    await demandSimplifications(first, config);
    const world: World = { config, pool, tasks: await readTasks(first) };
    const facts = factsOf(first, jar, world);
    const fingerprint = await fingerprintOf(jar, config);
    return environmentOf(world, fingerprint, facts);
  } catch (error) {
    await pool.close();
    throw error;
  } finally {
    pool.giveBack(first);
  }
}

function environmentOf(world: World, fingerprint: string, facts: EnvironmentFact[]): Environment {
  const { config, pool, tasks } = world;
  let subtasks: Promise<Subtask[]> | null = null;
  const list = async () => {
    const simulator = await pool.lend();
    try {
      return await listSubtasks(simulator, tasks, config.tasks);
    } finally {
      pool.giveBack(simulator);
    }
  };
  return {
    fingerprint,
    capabilities: { concurrentEpisodes: config.jvms, successThreshold: 1, maxSteps: null },
    facts,
    caveats: [
      "A state cannot be stored: every rollout replays its prefix from the start.",
      "Before version 1.3.0 the simulator listed things in an order of its own and wired batteries the other way: " +
        "recordings made with one version may not replay on another.",
    ],
    opening: [],
    subtasks: async () => {
      subtasks ??= list();
      subtasks.catch(() => (subtasks = null));
      return subtasks;
    },
    open: (subtaskKey, signal) => openEpisode(world, subtaskKey, signal),
    normalize: (observation) => observation.replace(/\s+/g, " ").trim(),
    close: () => pool.close(),
  };
}

/** The jar that is named, or the installed one. @throws AppError environment_unavailable when it is not there */
function jarOf(config: ScienceWorldConfig): string {
  const installed = path.join(dataFolder(), "environments", "scienceworld", "scienceworld.jar");
  const jar = path.resolve(config.jar ?? installed);
  if (existsSync(jar)) return jar;
  throw new AppError("environment_unavailable", `the ScienceWorld simulator is not at ${jar}`, {
    fix:
      config.jar === undefined
        ? installSimulator
        : `correct the path, or leave it out after: ${installSimulator}`,
  });
}

async function demandSimplifications(simulator: Simulator, { simplifications }: ScienceWorldConfig) {
  const possible = ["easy", ...listed(await simulator.text("getPossibleSimplifications"))];
  const unknown = simplifications.split(",").filter((each) => each !== "" && !possible.includes(each));
  const both = simplifications !== "easy" && simplifications.split(",").includes("easy");
  if (unknown.length === 0 && !both) return;
  throw new AppError(
    "invalid_input",
    `ScienceWorld has no simplifications ${JSON.stringify(simplifications)}`,
    {
      fix: `give "", "easy", or some of ${possible.slice(1).join(",")} without spaces`,
    },
  );
}

function factsOf(
  { version, javaVersion }: Simulator,
  jar: string,
  { config, tasks }: World,
): EnvironmentFact[] {
  const count = (some: Task[]) => some.reduce((sum, { variations }) => sum + variations, 0);
  const games = config.tasks === "all" ? tasks : agentgymTasks(tasks);
  return [
    { name: "simulator", value: `ScienceWorld ${version}` },
    { name: "jar", value: jar },
    { name: "Java", value: javaVersion },
    { name: "tasks", value: `${games.length}, ${count(games)} variations` },
    { name: "simplifications", value: config.simplifications || "none" },
    { name: "ends after", value: `${config.maxMoves} moves` },
    { name: "JVMs", value: `up to ${config.jvms} of ${config.memoryMb} MB` },
  ];
}

async function fingerprintOf(
  jar: string,
  { simplifications, maxMoves }: ScienceWorldConfig,
): Promise<string> {
  const content = createHash("sha256");
  await pipeline(createReadStream(jar), content);
  return createHash("sha256")
    .update(JSON.stringify([RULES, content.digest("hex"), simplifications, maxMoves]))
    .digest("hex");
}

async function openEpisode(world: World, subtaskKey: string, signal?: AbortSignal): Promise<Episode> {
  const game = gameOf(subtaskKey, world.tasks);
  if (!game) throw unknownSubtask(subtaskKey);
  const simulator = await world.pool.lend(signal);
  try {
    const loaded = await simulator.load(game.task, game.variation, world.config.simplifications);
    if ("objection" in loaded)
      throw new AppError(
        "environment_error",
        `ScienceWorld does not load ${subtaskKey}: ${loaded.objection}`,
      );
    // AgentGym's server looks around first, and shows the task above what it sees.
    const { text } = await simulator.act("look around");
    return new ScienceWorldEpisode(world, simulator, subtaskKey, loaded.description, text);
  } catch (error) {
    world.pool.giveBack(simulator);
    throw error;
  }
}

const unknownSubtask = (subtaskKey: string) =>
  new AppError("not_found", `ScienceWorld has no subtask ${JSON.stringify(subtaskKey.slice(0, 80))}`, {
    fix: "name a task and a variation, as in boil_0, or one of AgentGym's games, as in sciworld_0",
  });

class ScienceWorldEpisode implements Episode {
  readonly start;
  #over: string | null = null;

  constructor(
    private readonly world: World,
    private readonly simulator: Simulator,
    private readonly subtaskKey: string,
    readonly instruction: string,
    view: string,
  ) {
    this.start = { text: `${instruction}\n${view}`, actions: null };
  }

  async step(action: string): Promise<StepResult> {
    if (this.#over !== null)
      throw new AppError(
        "invalid_input",
        `this episode of ${this.subtaskKey} ${this.#over}: it takes no more actions`,
        {
          fix: "open a new episode",
        },
      );
    const outcome = await this.simulator.act(action).catch((error: unknown) => {
      this.#end("broke");
      throw error;
    });
    const done = isOver(outcome, this.world.config.maxMoves);
    if (done) this.#end("is over");
    return { text: outcome.text, actions: null, reward: Math.max(0, outcome.score) / 100, done };
  }

  async close(): Promise<void> {
    this.#end("was closed");
  }

  #end(how: string): void {
    this.#over ??= how;
    this.world.pool.giveBack(this.simulator);
  }
}

const isOver = ({ completed, moves, score }: Outcome, maxMoves: number): boolean =>
  completed || moves > maxMoves || score < 0;
