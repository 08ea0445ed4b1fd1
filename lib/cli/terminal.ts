import { parseArgs, type ParseArgsConfig } from "node:util";
import { AppError } from "@/lib/core/errors";

/** Where a command speaks: results to stdout (JSON with --json), progress to stderr. */
export type Terminal = {
  json: boolean;
  /** Ends the work early when the person presses Ctrl-C. */
  signal: AbortSignal;
};

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Arguments of one command. @throws AppError invalid_input naming the unknown option */
export function readArguments<O extends Options>(args: string[], options: O) {
  try {
    return parseArgs({ args, options: { ...options, json: { type: "boolean" } }, allowPositionals: true });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split(". ", 1)[0] : String(cause);
    throw new AppError("invalid_input", message ?? "bad arguments", {
      fix: "see npm run gleaner -- help",
      cause,
    });
  }
}

/** A result: `value` as JSON, or `text` for people. */
export function say(terminal: Terminal, value: unknown, text: string): void {
  process.stdout.write((terminal.json ? JSON.stringify(value) : text) + "\n");
}

/** A line of progress, out of the way of results. */
export function progress(text: string): void {
  process.stderr.write(text + "\n");
}

/** A whole number option. @throws AppError invalid_input */
export function wholeNumber(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,13}$/.test(value)) return Number(value);
  throw new AppError("invalid_input", `--${name} takes a whole number, not “${value}”`);
}

/** A rate option, 0..1. @throws AppError invalid_input */
export function rate(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== "" && number >= 0 && number <= 1) return number;
  throw new AppError("invalid_input", `--${name} takes a number from 0 to 1, not “${value}”`);
}

/** An amount of money, above zero. @throws AppError invalid_input */
export function money(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() !== "" && Number.isFinite(number) && number > 0) return number;
  throw new AppError("invalid_input", `--${name} takes an amount above 0, not “${value}”`);
}

/** One of a closed set. @throws AppError invalid_input listing them */
export function oneOf<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new AppError("invalid_input", `--${name} takes ${allowed.join(" or ")}, not “${value}”`);
}

/** @throws AppError invalid_input when the option is missing */
export function required<T>(name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new AppError("invalid_input", `--${name} is missing`, { fix: "see npm run gleaner -- help" });
}
