import { availableParallelism } from "node:os";
import { z } from "zod";

/** What a worker's share of JVMs never exceeds by default: each takes memoryMb and half as much again. */
const MOST_JVMS = 8;

/** Which simulator answers and how. Paths are read on the machine the worker runs on. */
export const ScienceWorldConfig = z.strictObject({
  /** The simulator's jar; without it the one that `npm run env -- install scienceworld` put into the data folder. */
  jar: z.string().min(1).optional(),
  /** The simulator's own simplifications, comma-separated: "" (AgentGym's), "easy", or some of them by name. */
  simplifications: z.string().max(500).default(""),
  /** Which keys are listed: every task and variation as `boil_0`, or AgentGym's 4,639 games as `sciworld_0`. */
  tasks: z.enum(["all", "agentgym"]).default("all"),
  /** An episode ends once the simulator counts more moves; looking and rejected actions are none, `wait` is many. */
  maxMoves: z.int().positive().default(100),
  /** Simulators running at once, one JVM each. */
  jvms: z
    .int()
    .positive()
    .max(256)
    .default(() => Math.min(availableParallelism(), MOST_JVMS)),
  /** Heap of one JVM, in MB. */
  memoryMb: z.int().min(64).max(65_536).default(256),
  startTimeoutMs: z.int().positive().default(30_000),
  /** A simulator that takes longer over one request is ended and counts as broken. */
  callTimeoutMs: z.int().positive().default(60_000),
});
export type ScienceWorldConfig = z.infer<typeof ScienceWorldConfig>;
