import type { Tally } from "./statistics";

export const rolloutStatuses = ["queued", "running", "completed", "errored", "cancelled"] as const;
export type RolloutStatus = (typeof rolloutStatuses)[number];

/** What a rollout says about the state it started from. */
export type RolloutOutcome = {
  stateIndex: number;
  attempt: number;
  status: RolloutStatus;
  /** The environment's verdict; null unless completed. */
  success: boolean | null;
  /** Agent steps taken after the replayed prefix. */
  stepCount: number;
};

/** What is known of one probed state. A state with no completed rollout is known to be probed and nothing else. */
export type StateEvidence = Tally & {
  stateIndex: number;
  /** Rollouts that broke; never evidence, neither for nor against. */
  errored: number;
};

/**
 * Attempts and successes per probed state.
 * @returns ascending by stateIndex, one entry for every state that has any rollout that was not cancelled
 * Source: eef.md section 1; errored, queued, running and cancelled rollouts do not count
 */
export function gatherEvidence(
  rollouts: Pick<RolloutOutcome, "stateIndex" | "status" | "success">[],
): StateEvidence[] {
  const states = new Map<number, StateEvidence>();
  for (const rollout of rollouts) {
    if (rollout.status === "cancelled") continue;
    const at = states.get(rollout.stateIndex) ?? {
      stateIndex: rollout.stateIndex,
      attempts: 0,
      successes: 0,
      errored: 0,
    };
    if (rollout.status === "errored") at.errored += 1;
    if (rollout.status === "completed") {
      at.attempts += 1;
      if (rollout.success === true) at.successes += 1;
    }
    states.set(rollout.stateIndex, at);
  }
  return [...states.values()].sort((a, b) => a.stateIndex - b.stateIndex);
}

/**
 * The one rollout that solves a state: fewest steps, then lowest attempt.
 * @returns null when none succeeded
 * Source: eef.md section 4
 */
export function chooseRollout<R extends RolloutOutcome>(rollouts: R[], stateIndex: number): R | null {
  const solved = rollouts.filter(
    (r) => r.stateIndex === stateIndex && r.status === "completed" && r.success === true,
  );
  return solved.sort((a, b) => a.stepCount - b.stepCount || a.attempt - b.attempt)[0] ?? null;
}
