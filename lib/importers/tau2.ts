import { z } from "zod";
import type { ImportDefaults, Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { callArguments, ContentText, Name } from "./message-text";
import { outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { listOf } from "./span-text";
import { clamp, instructionOf, readTurns } from "./turns";

const who = z.enum(["user", "assistant"]).nullish();
const Call = z.object({ id: z.string(), name: z.string(), arguments: z.unknown(), requestor: who });
const Said = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: ContentText,
  tool_calls: z.array(Call).nullish(),
  id: z.string().nullish(),
  requestor: who,
});
type Said = z.infer<typeof Said>;

const Simulation = z.object({
  task_id: Name,
  trial: z.number().int().nullish(),
  termination_reason: z.string().nullish(),
  reward_info: z.object({ reward: z.number() }).nullish(),
  messages: z.array(Said).min(1),
  told: z
    .object({ domain: z.string().min(1), model: z.string(), asked: z.string() })
    .partial()
    .nullish(),
});
type Simulation = z.infer<typeof Simulation>;

const textIn = (value: unknown, ...keys: string[]): string | undefined => {
  const found = keys.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
  return typeof found === "string" && found !== "" ? found : undefined;
};

/** What a task asks of the user: a text, or some of it by name. */
function askedIn(task: unknown): string | undefined {
  const scenario = isRecord(task) && isRecord(task.user_scenario) ? task.user_scenario : {};
  const parts = ["reason_for_call", "task_instructions"].map((key) => textIn(scenario, "instructions", key));
  const named = parts.filter((part) => part !== undefined).join("\n");
  return textIn(scenario, "instructions") ?? (named === "" ? undefined : named);
}

/** The simulations of a file of results, each with what the file says of it elsewhere; null for anything else. */
export function tau2Within(record: unknown): unknown[] | null {
  if (!isRecord(record) || !Array.isArray(record.simulations) || !Array.isArray(record.tasks)) return null;
  const domain = textIn(record, "info", "environment_info", "domain_name");
  const model = textIn(record, "info", "agent_info", "llm");
  const tasks = new Map(listOf(record.tasks).map((task) => [isRecord(task) ? String(task.id) : "", task]));
  return record.simulations.map((each: unknown) =>
    isRecord(each)
      ? { ...each, told: { domain, model, asked: askedIn(tasks.get(String(each.task_id))) } }
      : each,
  );
}

/** The customer has tools of their own, which the actor neither calls nor sees. */
const isSeen = ({ role, content, requestor, tool_calls: calls }: Said) =>
  role === "tool"
    ? requestor !== "user"
    : role !== "user" || !calls || calls.length === 0 || content !== null;

function messageOf({ role, content, tool_calls: calls, id }: Said): Message {
  if (role === "tool") return { role, content, ...(id ? { toolCallId: id } : {}) };
  const toolCalls = (role === "assistant" ? (calls ?? []) : []).map((call) => {
    return { id: call.id, name: call.name, arguments: callArguments(call.arguments) };
  });
  return { role, content, ...(toolCalls.length > 0 ? { toolCalls } : {}) };
}

/** Where the service behind a run broke, its reward says nothing of the actor. */
const isBroken = ({ termination_reason: reason }: Simulation) => reason === "infrastructure_error";

function outcomeIn(simulation: Simulation, environment: string, defaults: ImportDefaults) {
  if (isBroken(simulation)) return outcomeOf({ open: true }, environment, defaults);
  return outcomeOf({ reward: simulation.reward_info?.reward }, environment, defaults);
}

/** tau2-bench's files of results: `tasks`, `simulations` of `messages` and `reward_info`, and what they were run with. */
export const tau2: Importer = {
  format: "tau2-bench",
  title: "tau2-bench results (tasks, simulations)",
  recognises: (record) => isRecord(record) && "reward_info" in record && "messages" in record,
  read(record, defaults) {
    const simulation = shaped(Simulation, record);
    const { told, task_id: task, trial } = simulation;
    const said = simulation.messages.filter(isSeen);
    // The greeting is part of the harness, no act.
    const greeting = said.findIndex(({ role }) => role !== "system");
    const greets = said[greeting]?.role === "assistant" && !said[greeting].tool_calls?.length;
    const turns = readTurns(said.map(messageOf), {
      react: "marked",
      ...(greets ? { openingLength: greeting + 1 } : {}),
    });
    const environment = defaults.environment ?? `tau2-${told?.domain ?? "bench"}`;
    return {
      environment,
      subtaskKey: `task_${task}`,
      instruction: told?.asked === undefined ? instructionOf(turns) : clamp(told.asked),
      source: defaults.source,
      model: told?.model ?? defaults.model,
      ...outcomeIn(simulation, environment, defaults),
      ...turns,
      tools: null,
      externalId: `task_${task}_trial_${trial ?? 0}`,
    };
  },
};
