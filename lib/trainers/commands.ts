import { readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { dataFolder } from "@/lib/config/env";
import { AppError } from "@/lib/core/errors";

/** In the data folder: what may be started here, by name. Whoever reaches the pages can choose a name, not write one. */
export const COMMANDS_FILE = "train-commands.json";

const Commands = z.record(
  z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "a name has letters, digits, ., _ and -"),
  z.array(z.string().min(1).max(4000)).min(1).max(200),
);

/**
 * The commands that the operator of this machine allows trainings to start, each a program and its arguments.
 * @throws AppError invalid_input when the file is not as it should be
 */
export function allowedCommands(): Record<string, string[]> {
  const file = path.join(dataFolder(), COMMANDS_FILE);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return {};
  }
  try {
    return Commands.parse(JSON.parse(text));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : "it is not JSON";
    throw new AppError("invalid_input", `${COMMANDS_FILE} in the data folder cannot be read: ${why}`, {
      fix: 'write it as {"name": ["program", "argument", …]}',
      cause,
    });
  }
}

/** The command of that name. @throws AppError invalid_input when the operator allows none of that name */
export function allowedCommand(name: string): string[] {
  const commands = allowedCommands();
  const argv = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (argv) return argv;
  throw new AppError("invalid_input", `no command “${name}” may be started on this machine`, {
    fix: `name it in ${COMMANDS_FILE} in the data folder of the machine that runs the worker`,
  });
}
