import type { Reply } from "./ports";
import type { Step } from "./trajectory";

/** What a policy did at an observation, as a step. */
export function agentStep(observation: string, { thought, action, message }: Reply, reward: number): Step {
  const messages = { input: [{ role: "user" as const, content: observation }], reply: message };
  return { observation, thought, action, reward, messages };
}
