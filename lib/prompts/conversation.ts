import type { Conversation } from "@/lib/core/ports";
import type { Message, Step, ToolCall } from "@/lib/core/trajectory";
import { reactOpening, reactText, reactVersion } from "./react";
import { promptVersion as webshopVersion, webshopOpening } from "./webshop";

type Prompt = { version: string; opening: (instruction: string) => Message[] };

const webshop: Prompt = { version: webshopVersion, opening: webshopOpening };

/** Which prompt opens an episode of which environment driver. */
export const prompts = { webshop } as const satisfies Record<string, Prompt>;

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
