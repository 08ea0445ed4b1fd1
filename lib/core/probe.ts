import { AppError, type ErrorCode } from "./errors";
import type { Conversation, Environment, Episode, Policy, Reply, Turn, Usage } from "./ports";
import { agentStep } from "./agent-step";
import { affinityOf, type Probe } from "./plan";
import { reenact, ReplayDiverged, replayPrefix, type Reached } from "./replay";
import type { RolloutEnd } from "./rows";
import type { Step } from "./trajectory";

/** Where a rollout is kept while it runs. Any `false` means another owner has it now, and nothing more may be done. */
export interface Recorder {
  /** Intent before the policy is asked. */
  startCall(): Promise<boolean>;
  /** @param index the agent's own steps counted from 0 at the probed state */
  recordStep(index: number, step: Step, usage: Usage | null): Promise<boolean>;
  /** `recordStep` and the `startCall` of the next step in one write. */
  recordAndCall?(index: number, step: Step, usage: Usage | null): Promise<boolean>;
  /** What calls took that led to no step. */
  recordUsage?(usage: Usage): Promise<boolean>;
}

export type ProbeTask = {
  environment: Environment;
  policy: Policy;
  conversation: Conversation;
  subtaskKey: string;
  /** All steps of the expert trajectory; those before the probed state are replayed. */
  expertSteps: Step[];
  probe: Probe;
  /** Longest rollout after the prefix, in agent steps. */
  maxSteps: number;
  /** Return at or above which the episode is a success, 0..1. */
  successThreshold: number;
  /** The seed of the decision at the agent's own step `index`. */
  seed: (index: number) => number;
  /** Agent steps an earlier owner of this rollout recorded: taken again, never asked again. */
  recorded: Step[];
  recorder: Recorder;
  /** Codes of a policy's errors that count as its failure instead of as nothing. */
  countsAsFailure?: ErrorCode[];
  signal: AbortSignal;
};

/** A float reward may fall short of its threshold by rounding alone. */
const ROUNDING = 1e-9;

/**
 * One rollout: replays the expert's actions up to the probed state, takes again what was recorded of it, then lets the
 * policy act until the episode ends or the steps are used up. Running out of steps is completed, without success and
 * with the reward reached; anything that broke is errored, with what broke.
 * @returns the end to store, `lost` when the recorder refused, `aborted` when the signal fired first
 * Source: eef.md sections 1 and 6
 */
export async function runProbe(task: ProbeTask): Promise<RolloutEnd | "lost" | "aborted"> {
  let episode: Episode | null = null;
  try {
    if (task.signal.aborted) return "aborted";
    episode = await task.environment.open(task.subtaskKey, task.signal);
    const reached = await goBack(episode, task);
    const end = await actOn(episode, task, reached);
    return typeof end === "string" ? end : completed(end, task.successThreshold);
  } catch (error) {
    return task.signal.aborted ? "aborted" : errored(error);
  } finally {
    await episode?.close().catch(() => undefined);
  }
}

async function goBack(episode: Episode, task: ProbeTask): Promise<Reached> {
  const { environment, expertSteps, recorded, probe } = task;
  const normalize = (text: string) => environment.normalize(text);
  const reached = await replayPrefix(episode, normalize, expertSteps, probe.stateIndex);
  const recording = { steps: recorded, finalObservation: null };
  return reenact(episode, normalize, reached, recording, { from: probe.stateIndex, count: recorded.length });
}

async function actOn(
  episode: Episode,
  task: ProbeTask,
  from: Reached,
): Promise<Reached | "lost" | "aborted"> {
  const { policy, conversation, recorder, signal, probe } = task;
  const history = [...task.expertSteps.slice(0, probe.stateIndex), ...task.recorded];
  const affinity = affinityOf(conversation.driverId, task.subtaskKey);
  const { maxSteps: most } = task.environment.capabilities;
  const allowed = Math.min(task.maxSteps, (most ?? Infinity) - probe.stateIndex);
  let reached = from;
  let called = false;
  for (let index = task.recorded.length; index < allowed && !reached.done; index++) {
    if (signal.aborted) return "aborted";
    if (!called && !(await recorder.startCall())) return "lost";
    const { observation } = reached;
    const seed = task.seed(index);
    const turn = { conversation, history: [...history], observation, seed, affinity, signal };
    const decision = await decide(policy, turn, task);
    if (typeof decision === "string") return decision === "failed" ? { ...reached, done: false } : decision;
    const { text, actions, reward, done } = await episode.step(decision.action);
    const write = [index, agentStep(observation.text, decision, reward), decision.usage] as const;
    const next =
      done || signal.aborted || index + 1 >= allowed ? undefined : recorder.recordAndCall?.(...write);
    if (!(await (next ?? recorder.recordStep(...write)))) return "lost";
    called = next !== undefined;
    history.push(write[1]);
    reached = { observation: { text, actions }, reward, done };
  }
  return reached;
}

/**
 * Asks the policy. What its calls took is recorded also when they led nowhere.
 * @returns `failed` where the run counts the policy's error as its failure
 */
async function decide(
  policy: Policy,
  turn: Turn,
  { recorder, countsAsFailure = [], signal }: ProbeTask,
): Promise<Reply | "failed" | "lost"> {
  const spent: Usage = { promptTokens: 0, completionTokens: 0 };
  const note = ({ promptTokens, completionTokens }: Usage) => {
    spent.promptTokens += promptTokens;
    spent.completionTokens += completionTokens;
  };
  try {
    return await policy.act({ ...turn, spent: note });
  } catch (error) {
    const wasted = spent.promptTokens + spent.completionTokens > 0;
    if (wasted && (await recorder.recordUsage?.(spent)) === false) return "lost";
    const declared = error instanceof AppError && countsAsFailure.includes(error.code);
    if (declared && !signal.aborted) return "failed";
    throw error;
  }
}

function completed(end: Reached, threshold: number): RolloutEnd {
  const { reward, done, observation } = end;
  const success = done && reward >= threshold - ROUNDING;
  return { status: "completed", reward, success, finalObservation: observation.text };
}

function errored(error: unknown): RolloutEnd {
  const message = error instanceof Error ? error.message : String(error);
  return {
    status: "errored",
    code: error instanceof AppError ? error.code : "internal",
    message,
    ...(error instanceof AppError && error.fix !== undefined ? { fix: error.fix } : {}),
    detail: error instanceof ReplayDiverged ? error.divergence : null,
  };
}
