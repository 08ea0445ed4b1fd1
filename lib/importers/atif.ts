import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message, Step } from "@/lib/core/trajectory";
import { callArguments, ContentText, keyOf } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, readTurns } from "./turns";

const Extra = z.record(z.string(), z.unknown()).nullish();
const Name = z.union([z.string().min(1), z.number()]).transform(String);

const AtifStep = z.object({
  source: z.enum(["system", "user", "agent"]),
  message: ContentText,
  reasoning_content: z.string().nullish(),
  model_name: z.string().nullish(),
  tool_calls: z
    .array(
      z.object({ tool_call_id: z.string(), function_name: z.string(), arguments: z.unknown().optional() }),
    )
    .nullish(),
  observation: z
    .object({ results: z.array(z.object({ source_call_id: z.string().nullish(), content: ContentText })) })
    .nullish(),
  extra: Extra,
});
type AtifStep = z.infer<typeof AtifStep>;

const Entry = z.object({
  schema_version: z.string().regex(/^ATIF-v1\.\d+$/, "is not a version of ATIF 1"),
  session_id: Name.nullish(),
  trajectory_id: Name.nullish(),
  agent: z
    .object({
      name: z.string().nullish(),
      model_name: z.string().nullish(),
      tool_definitions: z.array(z.unknown()).nullish(),
      extra: Extra,
    })
    .nullish(),
  steps: z.array(AtifStep).min(1),
  extra: Extra,
});
type Entry = z.infer<typeof Entry>;

/** What is said under one of some names in `extra`, where ATIF leaves room for what it does not name. */
const Told = z.object({
  environment: z.string().min(1).nullish(),
  subtaskKey: Name.nullish(),
  subtask_key: Name.nullish(),
  subtask: Name.nullish(),
  task_id: Name.nullish(),
  task_name: Name.nullish(),
  instruction: z.string().nullish(),
  reward: z.number().nullish(),
  success: z.boolean().nullish(),
  resolved: z.boolean().nullish(),
  verifier_result: z.object({ rewards: z.object({ reward: z.number().nullish() }).nullish() }).nullish(),
  externalId: Name.nullish(),
});

function messagesOf(step: AtifStep): Message[] {
  const { source, message, tool_calls: calls, observation } = step;
  if (source !== "agent") return [{ role: source, content: message ?? "" }];
  const toolCalls = (calls ?? []).map((call) => {
    return { id: call.tool_call_id, name: call.function_name, arguments: callArguments(call.arguments) };
  });
  const known = new Set(toolCalls.map(({ id }) => id));
  const results = (observation?.results ?? []).map(({ source_call_id: id, content }): Message => {
    // A result that answers no call of its step is what the environment said by itself.
    if (typeof id !== "string" || !known.has(id)) return { role: "user", content: content ?? "" };
    const name = toolCalls.find((call) => call.id === id)?.name;
    return { role: "tool", content: content ?? "", toolCallId: id, ...(name === undefined ? {} : { name }) };
  });
  const content = message === "" && toolCalls.length > 0 ? null : message;
  return [{ role: "assistant", content, ...(toolCalls.length > 0 ? { toolCalls } : {}) }, ...results];
}

/** Reasoning and reward lie beside the messages of a step; they are put where ours are. */
function withExtras(steps: Step[], agentSteps: AtifStep[]): Step[] {
  return steps.map((step, index) => {
    const said = agentSteps[index];
    const reward = said?.extra?.reward;
    const known = typeof reward === "number" && reward >= 0 && reward <= 1 ? reward : null;
    const thoughts = [said?.reasoning_content, step.thought].filter((text) => text && text.trim() !== "");
    return { ...step, thought: thoughts.length === 0 ? null : thoughts.join("\n\n"), reward: known };
  });
}

/** A trajectory of another agent that this one started stands by itself. */
export function atifWithin(record: unknown): unknown[] | null {
  if (!isRecord(record) || !isAtif(record)) return null;
  const { subagent_trajectories: inner, ...own } = record;
  if (!Array.isArray(inner) || inner.length === 0) return null;
  const version = record.schema_version;
  return [
    own,
    ...inner.map((each: unknown) => (isRecord(each) ? { schema_version: version, ...each } : each)),
  ];
}

const isAtif = (record: Record<string, unknown>) =>
  typeof record.schema_version === "string" && record.schema_version.startsWith("ATIF-");

function told({ extra, agent }: Entry) {
  const mine = Told.safeParse(extra ?? {});
  const theirs = Told.safeParse(agent?.extra ?? {});
  return { ...(theirs.success ? theirs.data : {}), ...shapedOr(mine) };
}
const subtaskOf = (said: z.infer<typeof Told>) =>
  said.subtaskKey ?? said.subtask_key ?? said.subtask ?? said.task_id ?? said.task_name;
const shapedOr = (parsed: ReturnType<typeof Told.safeParse>) => (parsed.success ? parsed.data : {});

/**
 * ATIF 1.0 and later. Reward and success, which ATIF does not name, are read from `extra` (`reward`, `success`,
 * `resolved`, or Harbor's `verifier_result`), as are `environment`, `subtaskKey`, `subtask` or `task_id`, and `instruction`.
 */
export const atif: Importer = {
  format: "atif",
  title: "ATIF 1.x (schema_version, agent, steps)",
  recognises: (record) => isRecord(record) && isAtif(record),
  read(record, defaults) {
    const entry = shaped(Entry, record);
    const said = told(entry);
    const turns = readTurns(entry.steps.flatMap(messagesOf), { react: "marked" });
    const steps = withExtras(
      turns.steps,
      entry.steps.filter(({ source }) => source === "agent"),
    );
    const environment = environmentOf(said.environment ?? null, defaults);
    const id = said.externalId ?? entry.trajectory_id ?? entry.session_id ?? null;
    const reward = said.reward ?? said.verifier_result?.rewards?.reward;
    const model = entry.agent?.model_name ?? entry.steps.find((step) => step.model_name)?.model_name;
    return {
      environment,
      subtaskKey: subtaskOf(said) ?? keyOf(turns),
      instruction: said.instruction ? clamp(said.instruction) : instructionOf(turns),
      source: defaults.source,
      model: model ?? defaults.model,
      ...outcomeOf({ reward, success: said.success ?? said.resolved }, environment, defaults),
      ...turns,
      steps,
      tools: entry.agent?.tool_definitions?.length ? entry.agent.tool_definitions : null,
      externalId: id,
    };
  },
};
