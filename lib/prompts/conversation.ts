import type { Conversation } from "@/lib/core/ports";
import type { Message, Step, ToolCall } from "@/lib/core/trajectory";
import { promptVersion as agentgymVersion, agentgymOpening, readAgentgymReply } from "./agentgym";
import { parseReact, reactOpening, reactText, reactVersion } from "./react";
import { promptVersion as scienceworldVersion, scienceworldOpening } from "./scienceworld";
import { promptVersion as textcraftVersion, textcraftOpening } from "./textcraft";
import { promptVersion as webshopVersion, webshopOpening } from "./webshop";

type Prompt = {
  version: string;
  opening: (instruction: string) => Message[];
  /** How an action is read out of a reply; `parseReact` where there is nothing else to say. */
  read?: (reply: string) => { thought: string | null; action: string } | null;
};

const agentgym: Prompt = { version: agentgymVersion, opening: agentgymOpening, read: readAgentgymReply };
const scienceworld: Prompt = { version: scienceworldVersion, opening: scienceworldOpening };
const textcraft: Prompt = { version: textcraftVersion, opening: textcraftOpening };
const webshop: Prompt = { version: webshopVersion, opening: webshopOpening };

/** Which prompt opens an episode of which environment driver. */
export const prompts = { agentgym, scienceworld, textcraft, webshop } as const satisfies Record<
  string,
  Prompt
>;

const isPrompted = (driverId: string): driverId is keyof typeof prompts => Object.hasOwn(prompts, driverId);

/** Versions of every prompt there is, in one string: it changes when any wording does. */
export const promptVersion = [reactVersion, ...Object.values(prompts).map((prompt) => prompt.version)].join(
  " ",
);

/**
 * The messages before the first observation: those the source came with, else the driver's prompt, else the generic
 * one. A conversation with neither messages nor a driver opens with its first observation.
 */
export function openingMessages({ driverId, instruction, opening }: Conversation): Message[] {
  if (opening.length > 0) return opening;
  if (driverId === null) return [];
  return isPrompted(driverId) ? prompts[driverId].opening(instruction) : reactOpening(instruction);
}

/** Thought and action of a model's reply, by the rules of the environment's prompt; null where no action can be read. */
export function readReply({ driverId }: Pick<Conversation, "driverId">, reply: string) {
  const read = driverId !== null && isPrompted(driverId) ? prompts[driverId].read : undefined;
  return (read ?? parseReact)(reply);
}

/** The messages of one step: as they were recorded, or built from observation, thought and action. */
export function renderStep(step: Step): { input: Message[]; reply: Message } {
  if (step.messages !== null) return step.messages;
  return {
    input: [{ role: "user", content: step.observation }],
    reply: { role: "assistant", content: reactText(step.thought, step.action) },
  };
}

/**
 * The whole conversation as a model sees it: opening, steps, and the observation to act on, where there is one. The same
 * messages are sent at rollout time and trained on later.
 */
export function renderConversation(
  conversation: Conversation,
  steps: Step[],
  observation?: string,
): Message[] {
  const messages = [...openingMessages(conversation)];
  for (const step of steps) {
    const { input, reply } = renderStep(step);
    messages.push(...input, reply);
  }
  if (observation !== undefined) messages.push({ role: "user", content: observation });
  return messages;
}

/** Tool calls as an action: `name(arguments)`, one per line, the arguments exactly as the model wrote them. */
export function toolCallAction(toolCalls: ToolCall[]): string {
  return toolCalls.map((call) => `${call.name}(${call.arguments})`).join("\n");
}
