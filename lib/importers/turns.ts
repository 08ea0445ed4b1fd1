import { AppError } from "@/lib/core/errors";
import type { Message, Step, TrajectoryDraft } from "@/lib/core/trajectory";
import { renderStep, toolCallAction } from "@/lib/prompts/conversation";
import { parseReact } from "@/lib/prompts/react";

export type Turns = Pick<TrajectoryDraft, "opening" | "steps" | "finalObservation">;

export type Reading = {
  /** Which replies are read as ReAct text: all of them, or only those that begin with `Thought:` or `Action:`. */
  react: "always" | "marked";
  /** How many messages form the opening, where the format says so. */
  openingLength?: number;
  /** What the environment said, without what the format puts around it. */
  observationOf?: (text: string) => string;
};

const acknowledgement =
  /^ok(ay)?[.!]?( i('| wi)ll follow your instructions and try my best to solve the task[.!]?)?$/i;
const marked = /^\s*(thought|action)\s*:/i;

/** System messages, and the task rules the actor only acknowledged. */
function openingLength(messages: Message[]): number {
  const rules = messages.findIndex((message) => message.role !== "system");
  if (rules === -1) return messages.length;
  const [asked, answered] = [messages[rules], messages[rules + 1]];
  const acknowledges =
    asked?.role === "user" &&
    answered?.role === "assistant" &&
    answered.toolCalls === undefined &&
    acknowledgement.test((answered.content ?? "").trim());
  return acknowledges ? rules + 2 : rules;
}

const textOf = (messages: Message[]) => messages.map((message) => message.content ?? "").join("\n");

function thoughtAndAction(
  reply: Message,
  react: Reading["react"],
): { thought: string | null; action: string } {
  const content = reply.content ?? "";
  if (reply.toolCalls !== undefined && reply.toolCalls.length > 0) {
    return { thought: content.trim() === "" ? null : content, action: toolCallAction(reply.toolCalls) };
  }
  const read = react === "always" || marked.test(content) ? parseReact(content) : null;
  return read ?? { thought: null, action: content };
}

function stepOf(input: Message[], reply: Message, reading: Reading): Step {
  const observed = reading.observationOf ?? ((text: string) => text);
  const step: Step = {
    observation: observed(textOf(input)),
    ...thoughtAndAction(reply, reading.react),
    reward: null,
    messages: null,
  };
  const rebuilt = JSON.stringify(renderStep(step)) === JSON.stringify({ input, reply });
  return rebuilt ? step : { ...step, messages: { input, reply } };
}

/**
 * Cuts a chat into steps: each assistant message is one, with everything said since the last reply as its observation.
 * What follows the last reply is the final observation.
 * @throws AppError invalid_input when nobody acts
 */
export function readTurns(messages: Message[], reading: Reading): Turns {
  const begin = reading.openingLength ?? openingLength(messages);
  const steps: Step[] = [];
  let input: Message[] = [];
  for (const message of messages.slice(begin)) {
    if (message.role !== "assistant") {
      input.push(message);
      continue;
    }
    steps.push(stepOf(input, message, reading));
    input = [];
  }
  if (steps.length === 0)
    throw new AppError("invalid_input", "holds no reply of the actor, so there is no step");
  const observed = reading.observationOf ?? ((text: string) => text);
  return {
    opening: messages.slice(0, begin),
    steps,
    finalObservation: input.length === 0 ? null : observed(textOf(input)),
  };
}

/**
 * What is said of each reply, by the step the reply became: the opening may hold one that only acknowledged the rules.
 * @param ofReplies of every reply, those of the opening among them
 */
export const ofStep =
  <T>(steps: Step[], ofReplies: T[]) =>
  (step: number): T | undefined =>
    ofReplies[step + ofReplies.length - steps.length];

const instructionLimit = 2000;
const shopInstruction = /Instruction: \[SEP\] (.+?) \[SEP\] /s;
const namedTask = /Your (?:task is to|goal):?\s*(.+)/;
const craftGoal = /^Goal: (craft .+?)\.?\s*$/m;

/** What was asked for: the shop's instruction line, a named task or goal, or else the first thing the actor was told. */
export function instructionOf({ opening, steps }: Pick<Turns, "opening" | "steps">): string {
  const first = steps.find((step) => step.observation.trim() !== "")?.observation;
  const patterns = [shopInstruction, namedTask, craftGoal];
  const named = patterns.map((pattern) => pattern.exec(first ?? "")).find((match) => match !== null);
  const told = opening.find((message) => message.role === "user")?.content ?? opening[0]?.content;
  return clamp(named?.[1] ?? first ?? told ?? "");
}

export function clamp(instruction: string): string {
  const text = instruction.trim();
  return text.length <= instructionLimit ? text : `${text.slice(0, instructionLimit - 1).toWellFormed()}…`;
}

/** Whether the first page is one of the web shop's. */
export function isShop({ steps }: Pick<Turns, "steps">): boolean {
  return shopInstruction.test(steps[0]?.observation ?? "");
}
