import { AppError } from "./errors";
import { affinityOf } from "./plan";
import type { Environment, Policy } from "./ports";
import { agentStep } from "./agent-step";
import type { Reached } from "./replay";
import type { Source, Step, Subtask, TrajectoryDraft } from "./trajectory";

export type RecordTask = {
  environment: Environment;
  environmentName: string;
  driverId: string;
  subtask: Subtask;
  policy: Policy;
  source: Source;
  maxSteps: number;
  /** The seed of the decision at step `index`. */
  seed: (index: number) => number;
  signal: AbortSignal;
};

/**
 * Plays one episode from its start and gives it as a trajectory, whatever its outcome. Running out of steps is an
 * episode without success.
 * @throws AppError as the environment and the policy throw; a broken episode is not a trajectory
 */
export async function recordEpisode(task: RecordTask): Promise<TrajectoryDraft> {
  const { environment, policy, subtask } = task;
  const { steps, reward, done, observation, instruction } = await play(task);
  if (steps.length === 0)
    throw new AppError("environment_error", `subtask ${subtask.subtaskKey} was over before it began`);
  return {
    environment: task.environmentName,
    subtaskKey: subtask.subtaskKey,
    instruction,
    source: task.source,
    model: policy.checkpoint,
    reward,
    success: done && reward >= environment.capabilities.successThreshold,
    opening: environment.opening,
    tools: null,
    steps,
    finalObservation: observation.text,
    externalId: null,
  };
}

async function play({ environment, policy, subtask, driverId, maxSteps, seed, signal }: RecordTask) {
  const episode = await environment.open(subtask.subtaskKey, signal);
  const instruction = episode.instruction ?? subtask.instruction;
  const conversation = { driverId, instruction, opening: environment.opening };
  const affinity = affinityOf(driverId, subtask.subtaskKey);
  const steps: Step[] = [];
  let reached: Reached = { observation: episode.start, reward: 0, done: false };
  try {
    while (!reached.done && steps.length < maxSteps) {
      signal.throwIfAborted();
      const { observation } = reached;
      const turn = { conversation, history: [...steps], observation, seed: seed(steps.length), affinity };
      const reply = await policy.act({ ...turn, signal });
      const { text, actions, reward, done } = await episode.step(reply.action);
      steps.push(agentStep(observation.text, reply, reward));
      reached = { observation: { text, actions }, reward, done };
    }
  } finally {
    await episode.close();
  }
  return { steps, instruction, ...reached };
}
