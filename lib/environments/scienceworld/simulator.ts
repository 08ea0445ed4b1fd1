import { setTimeout as sleep } from "node:timers/promises";
import { AppError } from "@/lib/core/errors";
import { Jvm, type JvmOptions } from "./jvm";
import { demandReference, staticsOf, type Answer, type Argument, type Reference } from "./py4j";

/** A healthy simulator answers a question about itself within a millisecond. */
const ANSWERS_WITHIN_MS = 2000;

/** What the simulator says after an action. */
export type Outcome = {
  text: string;
  /** -100..100, as its Python wrapper rounds it; below 0 after a wrong focus. */
  score: number;
  completed: boolean;
  /** Ticks so far: looking and rejected actions take none, `wait` takes ten. */
  moves: number;
};

/** The ScienceWorld simulator in a JVM of its own: what it keeps is global, so one episode at a time. */
export class Simulator {
  episodes = 0;

  private constructor(
    private readonly jvm: Jvm,
    private readonly world: Reference,
    readonly version: string,
    readonly javaVersion: string,
  ) {}

  /** @throws AppError environment_unavailable as `Jvm.start`, also when the jar holds something else */
  static async start(options: JvmOptions): Promise<Simulator> {
    const jvm = await Jvm.start(options);
    const { client } = jvm;
    try {
      const world = await client.construct("scienceworld.runtime.pythonapi.PythonInterface");
      const version = await versionOf(jvm, world);
      const java = await client.call(staticsOf("java.lang.System"), "getProperty", "java.version");
      return new Simulator(jvm, world, version, String(java));
    } catch (error) {
      throw await jvm.startFailure(error, options);
    }
  }

  get alive(): boolean {
    return this.jvm.alive;
  }

  get pid(): number | undefined {
    return this.jvm.pid;
  }

  /** Whether it still answers. */
  async answers(): Promise<boolean> {
    if (!this.alive) return false;
    const answered = this.#ask("getNumMoves").then(Number.isInteger, () => false);
    return Promise.race([answered, sleep(ANSWERS_WITHIN_MS, false, { ref: false })]);
  }

  /**
   * Begins an episode; whatever ran before is gone.
   * @returns the task's description, or what the simulator objects to
   * @throws AppError environment_error when it broke
   */
  async load(
    task: string,
    variation: number,
    simplifications: string,
  ): Promise<{ description: string } | { objection: string }> {
    this.episodes += 1;
    const objection = await this.text("load", task, { int: variation }, simplifications, false);
    return objection === "" ? { description: await this.text("getTaskDescription") } : { objection };
  }

  /** @throws AppError environment_error when it broke */
  async act(action: string): Promise<Outcome> {
    const [text, score, completed, moves] = await Promise.all([
      this.text("step", action),
      this.#ask("getScore"),
      this.#ask("getCompleted"),
      this.#ask("getNumMoves"),
    ]);
    return {
      text,
      score: roundHalfEven(100 * demandNumber(score, "getScore")),
      completed: completed === true,
      moves: demandNumber(moves, "getNumMoves"),
    };
  }

  /** A method's answer as text; a list as `[a, b]`. @throws AppError environment_error when it broke */
  text(method: string, ...args: Argument[]): Promise<string> {
    return this.#guard(this.jvm.client.text(this.world, method, ...args));
  }

  async number(method: string, ...args: Argument[]): Promise<number> {
    return demandNumber(await this.#ask(method, ...args), method);
  }

  close(): Promise<void> {
    return this.jvm.close();
  }

  #ask(method: string, ...args: Argument[]): Promise<Answer> {
    return this.#guard(this.jvm.client.call(this.world, method, ...args));
  }

  async #guard<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      throw await this.jvm.explain(error);
    }
  }
}

/** What the jar's manifest says. */
async function versionOf({ client }: Jvm, world: Reference): Promise<string> {
  const type = demandReference(await client.call(world, "getClass"), "getClass");
  const home = demandReference(await client.call(type, "getPackage"), "getPackage");
  const version = await client.call(home, "getImplementationVersion");
  return typeof version === "string" ? version : "of unknown version";
}

function demandNumber(answer: Answer, method: string): number {
  if (typeof answer === "number") return answer;
  throw new AppError("environment_error", `the simulator gave no number for ${method}`);
}

/** As Python rounds, which is how recorded scores were rounded. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}
