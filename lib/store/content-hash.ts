import { createHash } from "node:crypto";
import { canonicalJson } from "@/lib/core/canonical";
import type { Message, ToolCall, TrajectoryDraft } from "@/lib/core/trajectory";

/** SHA-256 of the canonical JSON of a draft, hex: the same episode always has the same one. */
export function contentHash(draft: TrajectoryDraft): string {
  // Definitions of tools are of any shape. All else is written in the order of its keys at once, many times as fast.
  const json = draft.tools === null ? JSON.stringify(ordered(draft)) : canonicalJson(draft);
  return createHash("sha256").update(json).digest("hex");
}

/** All fields, in the order of canonical JSON. */
type Every<T> = { [Key in keyof Required<T>]: unknown };
type Step = TrajectoryDraft["steps"][number];

function ordered(draft: TrajectoryDraft): Every<TrajectoryDraft> {
  return {
    environment: draft.environment,
    externalId: draft.externalId,
    finalObservation: draft.finalObservation,
    instruction: draft.instruction,
    model: draft.model,
    opening: draft.opening.map(orderedMessage),
    reward: draft.reward,
    source: draft.source,
    steps: draft.steps.map(orderedStep),
    subtaskKey: draft.subtaskKey,
    success: draft.success,
    tools: draft.tools,
  };
}

function orderedStep({ action, messages, observation, reward, thought }: Step): Every<Step> {
  const said = messages === null ? null : orderedMessages(messages);
  return { action, messages: said, observation, reward, thought };
}

const orderedMessages = ({ input, reply }: NonNullable<Step["messages"]>) =>
  ({ input: input.map(orderedMessage), reply: orderedMessage(reply) }) satisfies Every<Step["messages"]>;

const orderedMessage = ({ content, name, role, toolCallId, toolCalls }: Message): Every<Message> => {
  return { content, name, role, toolCallId, toolCalls: toolCalls?.map(orderedCall) };
};

const orderedCall = ({ arguments: given, id, name }: ToolCall): Every<ToolCall> => {
  return { arguments: given, id, name };
};
