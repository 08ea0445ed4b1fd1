import type { Environment } from "@/lib/core/ports";
import { replayPrefix } from "@/lib/core/replay";
import type { Step } from "@/lib/core/trajectory";

const ROUNDS = 20;

/**
 * Milliseconds to open an episode of the first subtask and replay so many steps of it, everything compared.
 * @param actionAt what to do at a step, so that the episode does not end
 */
export async function replayCost(
  environment: Environment,
  length: number,
  actionAt: (index: number) => string,
): Promise<number> {
  const [first] = await environment.subtasks();
  const subtaskKey = first?.subtaskKey ?? "";
  const episode = await environment.open(subtaskKey);
  const steps: Step[] = [];
  let observation = episode.start.text;
  for (let i = 0; i < length; i += 1) {
    const action = actionAt(i);
    const { text, reward } = await episode.step(action);
    steps.push({ observation, thought: null, action, reward, messages: null });
    observation = text;
  }
  await episode.close();
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round += 1) {
    const again = await environment.open(subtaskKey);
    await replayPrefix(again, (text) => environment.normalize(text), steps, length, observation);
    await again.close();
  }
  return (performance.now() - began) / ROUNDS;
}

/** Prints the cost for several lengths, after one replay that is not counted. */
export async function printReplayCost(
  environment: Environment,
  lengths: number[],
  actionAt: (index: number) => string,
): Promise<void> {
  await replayCost(environment, lengths.at(-1) ?? 1, actionAt);
  for (const length of lengths)
    console.log(
      `  replay of ${length} steps: ${(await replayCost(environment, length, actionAt)).toFixed(3)} ms`,
    );
}
