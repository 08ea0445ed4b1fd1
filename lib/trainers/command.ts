import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { z } from "zod";
import { BaseURL } from "@/lib/core/base-url";
import type {
  FineTuneProvider,
  OrderKey,
  TrainerDriver,
  TrainingFile,
  TrainingOrder,
  TrainingStatus,
} from "@/lib/core/trainer";
import { allowedCommand } from "./commands";
import { logTail, newsOf, runState, type RunState } from "./run-folder";

const CommandConfig = z.strictObject({
  /** The export format that the run folder is written in. */
  format: z.string().max(50).default("openai"),
  /** Name of a command the operator allows; null: the folder is written and nothing is started. */
  command: z.string().max(64).nullable().default(null),
  /** Where the checkpoint is going to be served; null: whoever serves it says so later. */
  endpoint: z
    .strictObject({ baseURL: BaseURL, model: z.string().trim().min(1).max(200).nullable().default(null) })
    .nullable()
    .default(null),
  pollMs: z.number().int().min(20).max(600_000).default(2000),
  /** How long a trainer that was asked to end may take. */
  killAfterMs: z.number().int().min(0).max(600_000).default(15_000),
});
export type CommandConfig = z.infer<typeof CommandConfig>;

/** Bytes of output that are kept on disk. */
const LOG_BYTES = 64_000_000;
/** A runner beats every second: one silent for so long is gone. */
const SILENT_MS = 15_000;
const FOLDER_ONLY = "folder";

/** Settings and keys of Gleaner are none of a trainer's business. */
function trainerEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("GLEANER_") && name !== "DATABASE_URL" && name !== "NODE_OPTIONS",
  );
  return { ...Object.fromEntries(kept), NODE_ENV: process.env.NODE_ENV };
}

class CommandTrainer implements FineTuneProvider {
  readonly pollMs: number;
  readonly keepsFolder = true;
  readonly serving: FineTuneProvider["serving"];

  constructor(private readonly config: CommandConfig) {
    this.pollMs = config.pollMs;
    this.serving = config.endpoint && { baseURL: config.endpoint.baseURL, sharesKey: true };
  }

  validate(): void {
    if (this.config.command !== null) allowedCommand(this.config.command);
  }

  /** The file is where it is needed. */
  upload({ name }: TrainingFile): Promise<string> {
    return Promise.resolve(name);
  }

  findFile({ name }: TrainingFile): Promise<string | null> {
    return Promise.resolve(name);
  }

  async create({ folder }: TrainingOrder): Promise<string> {
    const { command, killAfterMs } = this.config;
    if (command === null) return FOLDER_ONLY;
    const inside = path.join(folder, ".run");
    await mkdir(inside, { recursive: true });
    if (!existsSync(path.join(inside, "started"))) {
      const order = { argv: allowedCommand(command), killAfterMs, logBytes: LOG_BYTES };
      await writeFile(path.join(inside, "command.json"), JSON.stringify(order), { mode: 0o600 });
      await startRunner(folder);
    }
    return nameOf(folder);
  }

  /** Whatever was begun in the folder stands there; beginning again begins nothing twice. */
  findJob({ folder }: OrderKey): Promise<string | null> {
    return Promise.resolve(existsSync(path.join(folder, ".run", "started")) ? nameOf(folder) : null);
  }

  async poll(remoteId: string, { folder }: OrderKey): Promise<TrainingStatus> {
    const still = { state: "running", checkpoint: null, error: null } as const;
    if (remoteId === FOLDER_ONLY)
      return { ...still, state: "succeeded", phase: "folder written", logTail: null };
    if (!isHere(remoteId))
      return { ...still, phase: `followed on ${machineOf(remoteId)} only`, logTail: null };
    const tail = await logTail(folder);
    return { ...statusOf(await runState(folder), this.config), logTail: tail };
  }

  events(_: string, { folder }: OrderKey, cursor: string | null) {
    return newsOf(folder, cursor, new Date());
  }

  async cancel(remoteId: string, { folder }: OrderKey): Promise<void> {
    if (remoteId !== FOLDER_ONLY && isHere(remoteId))
      await writeFile(path.join(folder, ".run", "cancel"), "");
  }
}

const nameOf = (folder: string): string => `${hostname()}:${path.basename(folder)}`;
const machineOf = (remoteId: string): string => remoteId.slice(0, remoteId.lastIndexOf(":"));
const isHere = (remoteId: string): boolean => machineOf(remoteId) === hostname();

/** Waits until the runner has said something, or is over: a command that cannot be started is known at once. */
async function startRunner(folder: string): Promise<void> {
  // From the project's folder, where all of Gleaner is started.
  const runner = spawn(process.execPath, [path.resolve("lib", "trainers", "runner.mjs"), folder], {
    cwd: folder,
    env: trainerEnv(),
    // A session of its own: the trainer goes on when the worker ends.
    detached: true,
    stdio: "ignore",
    windowsHide: true,
  });
  const over = new Promise<void>((resolve) => {
    runner.once("exit", () => resolve());
    runner.once("error", () => resolve());
  });
  runner.unref();
  const until = Date.now() + SILENT_MS;
  let ended = false;
  void over.then(() => (ended = true));
  while (!ended && Date.now() < until && (await runState(folder)) === null)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function statusOf(state: RunState | null, { endpoint }: CommandConfig): Omit<TrainingStatus, "logTail"> {
  const none = { checkpoint: null, error: null };
  const failed = (error: string) => ({ state: "failed", phase: "ended", checkpoint: null, error }) as const;
  if (state === null) return failed("the command was never heard of again: its runner ended before it began");
  const { pid, error, exit, beatAt } = state;
  if (error !== null) return failed(`the command could not be started: ${error}`);
  if (exit === null) {
    if (Date.now() - beatAt < SILENT_MS) return { ...none, state: "running", phase: `process ${pid}` };
    return failed(
      `process ${pid} was lost: nobody followed it to its end, so its exit code is not known; it may still be running`,
    );
  }
  if (exit.asked) return { ...none, state: "cancelled", phase: endWords(exit) };
  if (exit.code !== 0) return failed(`the command ended with ${endWords(exit)}`);
  return { ...none, state: "succeeded", phase: endWords(exit), checkpoint: endpoint?.model ?? null };
}

const endWords = ({ code, signal }: NonNullable<RunState["exit"]>): string =>
  signal === null ? `exit code ${code}` : `signal ${signal}`;

/** A trainer on this machine: the run folder is written, and a command of the operator's started in it. */
export const command: TrainerDriver<CommandConfig> = {
  kind: "command",
  title: "Folder or command on this machine",
  description:
    "Writes a run folder for a trainer, and starts a command of the operator’s in it where one is chosen.",
  notices: [],
  Config: CommandConfig,
  format: ({ format }) => format,
  fewest: () => 1,
  connect: (config) => new CommandTrainer(config),
};
