import { planCareful } from "./careful";
import type { RolloutOutcome } from "./evidence";
import { planFind } from "./find";
import { planProbes, type Probe } from "./plan";
import { stateAt, type PlannedState } from "./planned-state";
import type { RunConfig } from "./run";

/** What to plan next in one trajectory of a run. */
export type NextProbes =
  | { state: "probe"; probes: Probe[] }
  /** Rollouts are on their way, or were cancelled; nothing is decided before they end. */
  | { state: "waiting" }
  | { state: "finished"; reason: string };

type Outcome = Pick<RolloutOutcome, "stateIndex" | "attempt" | "status" | "success">;

/**
 * What to plan next in one trajectory: a pure function of what is stored, so that any worker may ask it at any time, and
 * a run that was killed ends with the rollouts of an undisturbed one.
 * @param length number of expert steps T
 * @param rollouts every rollout of the trajectory in the run, any order
 * @returns probes by state, then attempt, with attempt numbers that continue those of the rollouts
 * Source: eef.md section 5, reliability.md section 3.4
 */
export function nextProbes(
  length: number,
  config: Pick<RunConfig, "preset" | "states" | "attempts" | "careful" | "find">,
  rollouts: Outcome[],
): NextProbes {
  if (config.preset === "imported") return { state: "finished", reason: "the evidence was imported" };
  const states = plannedStates(rollouts);
  if (config.preset !== "careful" && config.preset !== "find") {
    if (states.length === 0) return { state: "probe", probes: planProbes(length, config) };
    return pending(states)
      ? { state: "waiting" }
      : { state: "finished", reason: "every planned rollout ended" };
  }
  if (pending(states)) return { state: "waiting" };
  const wish =
    config.preset === "careful" ? planCareful(length, config, states) : planFind(length, config, states);
  if (wish.finished !== null) return { state: "finished", reason: wish.finished };
  return { state: "probe", probes: numbered(wish.wanted, states) };
}

/** Whether the plan depends on what its rollouts find. */
export function isAdaptive(preset: RunConfig["preset"]): boolean {
  return preset === "careful" || preset === "find";
}

function plannedStates(rollouts: Outcome[]): PlannedState[] {
  const states = new Map<number, PlannedState>();
  for (const { stateIndex, attempt, status, success } of rollouts) {
    const at = states.get(stateIndex) ?? stateAt([], stateIndex);
    at.nextAttempt = Math.max(at.nextAttempt, attempt + 1);
    if (status === "completed") {
      at.attempts += 1;
      if (success === true) at.successes += 1;
    } else if (status === "errored") at.errored += 1;
    else at.pending += 1;
    states.set(stateIndex, at);
  }
  return [...states.values()].sort((a, b) => a.stateIndex - b.stateIndex);
}

function pending(states: PlannedState[]): boolean {
  return states.some((state) => state.pending > 0);
}

function numbered(wanted: { stateIndex: number; count: number }[], states: PlannedState[]): Probe[] {
  return wanted
    .toSorted((a, b) => a.stateIndex - b.stateIndex)
    .flatMap(({ stateIndex, count }) => {
      const first = stateAt(states, stateIndex).nextAttempt;
      return Array.from({ length: count }, (_, i) => ({ stateIndex, attempt: first + i }));
    });
}
