import { AppError } from "./errors";
import type { Environment, Episode, Observation } from "./ports";
import type { Divergence, ReplayState } from "./run";
import type { Step, Trajectory } from "./trajectory";

/** Recordings round rewards to two decimals at worst; a larger difference is a different reward. */
const REWARD_TOLERANCE = 0.005;

/** Where an episode stands: what it shows, the last reward it gave (0 before any action), and whether it is over. */
export type Reached = { observation: Observation; reward: number; done: boolean };

/** Steps as they were recorded, from one state on; `finalObservation` is null where it was not recorded. */
export type Recording = { steps: Step[]; finalObservation: string | null };

/** The environment answered differently than it did when the steps were recorded. */
export class ReplayDiverged extends AppError {
  constructor(readonly divergence: Divergence) {
    super(
      "replay_diverged",
      `the replay diverged at state ${divergence.stepIndex}: the environment answered differently`,
      {
        fix: "check that the environment serves the data the trajectory was recorded on, then retry",
      },
    );
  }
}

type Normalize = Environment["normalize"];

/**
 * Replays recorded actions a_0 … a_{count-1} in a fresh episode, comparing every observation and recorded reward.
 * @param count 0..T; with T the whole trajectory is replayed and the episode may end with its last action
 * @returns where the episode stands at state `count`
 * @throws AppError replay_diverged (`ReplayDiverged`) at the first difference, or when the episode ends although the
 * recording goes on
 * Source: eef.md section 6
 */
export async function replayPrefix(
  episode: Episode,
  normalize: Normalize,
  steps: Step[],
  count: number,
  finalObservation: string | null = null,
): Promise<Reached> {
  const start = { observation: episode.start, reward: 0, done: false };
  return reenact(episode, normalize, start, { steps, finalObservation }, { from: 0, count });
}

/**
 * Takes recorded steps again in an episode that stands where they began, comparing everything that was recorded.
 * @param at the state the recording begins at, and how many of its actions to take
 * @throws AppError replay_diverged, as `replayPrefix`
 */
export async function reenact(
  episode: Episode,
  normalize: Normalize,
  start: Reached,
  { steps, finalObservation }: Recording,
  at: { from: number; count: number },
): Promise<Reached> {
  let reached = start;
  compare(normalize, at.from, steps[0]?.observation ?? finalObservation, reached.observation.text);
  for (const [i, step] of steps.slice(0, at.count).entries()) {
    const stepIndex = at.from + i + 1;
    const { reward, done, text, actions } = await episode.step(step.action);
    reached = { observation: { text, actions }, reward, done };
    const next = steps[i + 1];
    compare(normalize, stepIndex, next ? next.observation : finalObservation, text);
    compareReward(stepIndex, step.reward, reward);
    if (done && next) throw diverged(stepIndex, next.observation, `the episode ended here: ${text}`);
  }
  return reached;
}

/** What a whole replay says of a trajectory. */
export type ReplayCheck = {
  state: Exclude<ReplayState, "unchecked">;
  /** Where it diverged; null otherwise. */
  divergence: Divergence | null;
  /** Why it cannot be replayed at all; null otherwise. */
  reason: string | null;
};

/**
 * Replays all T actions of a trajectory, comparing every observation, every recorded reward, and the return.
 * @throws AppError as `Environment.open` and `Episode.step`, other than not_found
 * Source: eef.md section 6
 */
export async function verifyReplay(
  environment: Environment,
  trajectory: Pick<Trajectory, "subtaskKey" | "steps" | "finalObservation" | "reward">,
  signal?: AbortSignal,
): Promise<ReplayCheck> {
  const { steps, finalObservation } = trajectory;
  const normalize = (text: string) => environment.normalize(text);
  let episode: Episode | null = null;
  try {
    episode = await environment.open(trajectory.subtaskKey, signal);
    const end = await replayPrefix(episode, normalize, steps, steps.length, finalObservation);
    compareReward(steps.length, trajectory.reward, end.reward);
    return { state: "verified", divergence: null, reason: null };
  } catch (error) {
    if (error instanceof ReplayDiverged)
      return { state: "diverged", divergence: error.divergence, reason: null };
    if (error instanceof AppError && error.code === "not_found")
      return { state: "not_replayable", divergence: null, reason: error.message };
    throw error;
  } finally {
    await episode?.close();
  }
}

function compare(normalize: Normalize, stepIndex: number, recorded: string | null, replayed: string): void {
  if (recorded !== null && normalize(recorded) !== normalize(replayed))
    throw diverged(stepIndex, recorded, replayed);
}

function compareReward(stepIndex: number, recorded: number | null, replayed: number): void {
  if (recorded !== null && Math.abs(recorded - replayed) > REWARD_TOLERANCE)
    throw diverged(stepIndex, `reward ${recorded}`, `reward ${replayed}`);
}

function diverged(stepIndex: number, recorded: string, replayed: string): ReplayDiverged {
  return new ReplayDiverged({ stepIndex, recorded, replayed });
}
