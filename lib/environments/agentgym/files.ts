import { readFile, stat } from "node:fs/promises";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import type { Message } from "@/lib/core/trajectory";
import type { KindName } from "./config";
import type { Kind } from "./kinds";

const largestFile = 500_000_000;

const Items = z.array(z.object({ item_id: z.string().min(1).max(200) }));

/**
 * The item ids of a kind in a file of AgentTraj or AgentEval, once each, in the file's order.
 * @throws AppError environment_unavailable when the file is missing, is not one of these or has none of the kind
 */
export async function readItemIds(path: string, { names }: Kind): Promise<string[]> {
  const items = await readJson("indices", path, Items);
  const ids = new Set(items.map((item) => item.item_id));
  const own = [...ids].filter((id) => names.some((name) => id.startsWith(`${name}_`)));
  if (own.length > 0) return own;
  throw unusable(`the file ${path} (indices) has no item ids that begin with ${names.join("_ or ")}_`);
}

const Said = z.object({ from: z.enum(["human", "gpt"]), value: z.string() });
const Rules = z
  .object({ _fully_first_observation: z.string() })
  .or(z.object({ first_observation: z.string() }));
const Conversations = z.record(z.string(), z.array(z.union([Said, z.record(z.string(), z.unknown())])));

/** How AgentGym's client of a kind begins: the rules and their acknowledgement, and what it puts before the game. */
export type Beginning = { opening: Message[]; rules: string | null };

/**
 * The beginning of a kind's conversations out of a file of all clients'.
 * @throws AppError environment_unavailable when the file is missing, is not one of these or lacks the kind
 */
export async function readBeginning(path: string, name: KindName): Promise<Beginning> {
  const file = await readJson("prompts", path, Conversations);
  const game = name === "maze" || name === "wordle";
  const entries = file[game ? "lmrlgym" : name] ?? file[name] ?? [];
  const said = entries.flatMap((entry) => Said.safeParse(entry).data ?? []);
  // The two games share an entry: the maze's two messages, then the word game's.
  const [human, gpt] = said.slice(name === "wordle" ? 2 : 0);
  if (human?.from !== "human" || gpt?.from !== "gpt")
    throw unusable(`the file ${path} (prompts) does not say how a conversation of ${name} begins`);
  const opening: Message[] = [
    { role: "user", content: human.value },
    { role: "assistant", content: gpt.value },
  ];
  if (!game) return { opening, rules: null };
  const key = name === "maze" ? "_fully_first_observation" : "first_observation";
  const rules = entries.flatMap((entry) => Object.entries(Rules.safeParse(entry).data ?? {}));
  const text = rules.find(([which]) => which === key)?.[1];
  if (text === undefined)
    throw unusable(`the file ${path} (prompts) lacks ${key}, which ${name} begins with`);
  return { opening, rules: text.trim() };
}

async function readJson<T>(setting: string, path: string, shape: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    const { size } = await stat(path);
    if (size > largestFile) throw new Error("it is larger than 500 MB");
    value = JSON.parse(await readFile(path, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw unusable(`the file ${path} (${setting}) of this environment cannot be read${why}`, cause);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw unusable(`the file ${path} (${setting}) is not what it should be${where}`, parsed.error);
}

function unusable(message: string, cause?: unknown): AppError {
  return new AppError("environment_unavailable", message, {
    fix: "put the file there, or change the path in the environment's configuration",
    cause,
  });
}
