import { z } from "zod";
import type { Importer } from "@/lib/core/ports";
import type { Message } from "@/lib/core/trajectory";
import { callArguments, ContentText, keyOf, Name } from "./message-text";
import { environmentOf, outcomeOf } from "./outcome";
import { withReasoning } from "./reasoning";
import { shaped } from "./record-value";
import { isRecord } from "./sharegpt";
import { clamp, instructionOf, ofStep, readTurns, type Turns } from "./turns";

const Extra = z.record(z.string(), z.unknown()).nullish();

/** Where an answer is what another agent did, which stands in a trajectory of its own. */
const Reference = z
  .object({
    trajectory_id: Name.nullish(),
    trajectory_path: z.string().nullish(),
    session_id: Name.nullish(),
  })
  .transform((given) => given.trajectory_id ?? given.trajectory_path ?? given.session_id ?? "unnamed");

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
    .object({
      results: z.array(
        z.object({
          source_call_id: z.string().nullish(),
          content: ContentText,
          subagent_trajectory_ref: z
            .union([Reference, z.array(Reference)])
            .nullish()
            .transform((given) => [given ?? []].flat()),
        }),
      ),
    })
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
  /** What Harbor says of the trial in a file beside this one, see `saidOfTrial`. */
  trial: Extra,
});
type Entry = z.infer<typeof Entry>;

/** What `extra` may hold is not ruled: what is of another kind under these names says something else. */
const maybe = <T extends z.ZodType>(kind: T) => kind.nullish().catch(undefined);

/** What is said under one of some names in `extra`, where ATIF leaves room for what it does not name. */
const Told = z.object({
  environment: maybe(z.string().min(1)),
  subtaskKey: maybe(Name),
  subtask_key: maybe(Name),
  subtask: maybe(Name),
  task_id: maybe(Name),
  task_name: maybe(Name),
  instruction: maybe(z.string()),
  reward: maybe(z.number()),
  success: maybe(z.boolean()),
  resolved: maybe(z.boolean()),
  verifier_result: maybe(z.object({ rewards: z.object({ reward: maybe(z.number()) }).nullish() })),
  externalId: maybe(Name),
});

type Result = NonNullable<AtifStep["observation"]>["results"][number];

/** What came back: its text, or the name of the trajectory that tells it. */
const seenIn = ({ content, subagent_trajectory_ref: helpers }: Result): string =>
  content ?? helpers.map((name) => `[trajectory of a helper: ${name}]`).join("\n");

function messagesOf(step: AtifStep): Message[] {
  const { source, message, tool_calls: calls, observation } = step;
  const toolCalls = (source === "agent" ? (calls ?? []) : []).map((call) => {
    return { id: call.tool_call_id, name: call.function_name, arguments: callArguments(call.arguments) };
  });
  const known = new Set(toolCalls.map(({ id }) => id));
  const results = (observation?.results ?? []).map((result): Message => {
    const { source_call_id: id } = result;
    const content = seenIn(result);
    // A result that answers no call of its step is what the environment said by itself.
    if (typeof id !== "string" || !known.has(id)) return { role: "user", content };
    const name = toolCalls.find((call) => call.id === id)?.name;
    return { role: "tool", content, toolCallId: id, ...(name === undefined ? {} : { name }) };
  });
  if (source !== "agent") return [{ role: source, content: message ?? "" }, ...results];
  const content = message === "" && toolCalls.length > 0 ? null : message;
  return [{ role: "assistant", content, ...(toolCalls.length > 0 ? { toolCalls } : {}) }, ...results];
}

/** Reasoning and reward lie beside the messages of a step; they are put where ours are. */
function withExtras(read: Turns, agentSteps: AtifStep[]): Turns {
  const reasoned = withReasoning(
    read,
    agentSteps.map((step) => step.reasoning_content),
  );
  const saidOf = ofStep(read.steps, agentSteps);
  const steps = reasoned.steps.map((step, index) => {
    const reward = saidOf(index)?.extra?.reward;
    const known = typeof reward === "number" && reward >= 0 && reward <= 1 ? reward : null;
    return { ...step, reward: known };
  });
  return { ...reasoned, steps };
}

/** A trajectory of another agent that this one started, and what that one started, each stands by itself. */
export function atifWithin(record: unknown): unknown[] | null {
  if (!isRecord(record) || !isAtif(record)) return null;
  const { subagent_trajectories: inner, ...own } = record;
  if (!Array.isArray(inner) || inner.length === 0) return null;
  const version = record.schema_version;
  return [own, ...inner.flatMap((each: unknown) => helperIn(each, version))];
}

function helperIn(given: unknown, version: unknown): unknown[] {
  const helper = isRecord(given) ? { schema_version: version, ...given } : given;
  return atifWithin(helper) ?? [helper];
}

const isAtif = (record: Record<string, unknown>) =>
  typeof record.schema_version === "string" && record.schema_version.startsWith("ATIF-");

const told = ({ extra, agent, trial }: Entry) => shaped(Told, { ...trial, ...agent?.extra, ...extra });
const subtaskOf = (said: z.infer<typeof Told>) =>
  said.subtaskKey ?? said.subtask_key ?? said.subtask ?? said.task_id ?? said.task_name;

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
    const read = readTurns(entry.steps.flatMap(messagesOf), { react: "marked" });
    const turns = withExtras(
      read,
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
      tools: entry.agent?.tool_definitions?.length ? entry.agent.tool_definitions : null,
      externalId: id,
    };
  },
};
