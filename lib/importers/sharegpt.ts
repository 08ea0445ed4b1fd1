import { z } from "zod";
import type { Message } from "@/lib/core/trajectory";

const roleOf: Record<string, Message["role"]> = {
  system: "system",
  human: "user",
  user: "user",
  // Observations answer no call by id here, so they are what the actor is told.
  observation: "user",
  tool: "user",
  tool_response: "user",
  function_response: "user",
  environment: "user",
  gpt: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
  bard: "assistant",
  model: "assistant",
  assistant: "assistant",
  function_call: "assistant",
  tool_call: "assistant",
};

const Fragment = z.object({
  from: z.string().refine((from) => Object.hasOwn(roleOf, from), {
    error: (issue) => `is no known speaker: “${String(issue.input).slice(0, 40)}”`,
  }),
  value: z.string(),
  loss: z.boolean().nullish(),
});
type Fragment = z.infer<typeof Fragment>;

/** Conversation fragments as ShareGPT writes them; AgentTraj adds `loss`. */
export const Fragments = z.array(Fragment).min(1);

/** The fragment as a message. */
export function messageOf({ from, value }: Fragment): Message {
  return { role: (Object.hasOwn(roleOf, from) ? roleOf[from] : undefined) ?? "user", content: value };
}

/**
 * How many leading messages form the opening when the mask says so: rules and an untrained reply before the first
 * trained one. Only such a file can tell; otherwise undefined.
 */
export function maskedOpening(fragments: Fragment[]): number | undefined {
  const [rules, reply, next] = fragments;
  const untrained = rules?.from === "human" && reply?.from === "gpt" && reply.loss === false;
  return untrained && next?.from === "human" && !/action:/i.test(reply.value) && reply.value.length < 120
    ? 2
    : undefined;
}

const agentGymEnvironments =
  /^(webshop|sciworld|alfworld|babyai|textcraft|maze|wordle|sqlgym|bird|searchqa|webarena|weather|movie|academia|todo|sheet)_/;

/** The environment an id of the form `<environment>_<number>` names, when AgentGym has it or nothing else is known. */
export function environmentIn(id: string, known: string | null): string | null {
  const named = agentGymEnvironments.exec(id)?.[1];
  return named ?? known ?? /^([A-Za-z][\w-]*)_\d+$/.exec(id)?.[1] ?? null;
}

/** Whether a record holds a list named `key` whose first entry has the keys asked for. */
export function holdsList(record: unknown, key: string, entryKeys: string[]): boolean {
  if (!isRecord(record)) return false;
  const list = record[key];
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  return isRecord(first) && entryKeys.every((name) => name in first);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
