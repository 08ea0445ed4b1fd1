import { probedStates } from "./plan";
import {
  decisionOf,
  doubtfulStates,
  hasRoom,
  inWords,
  proposals,
  stateAt,
  withinBudget,
  type PlannedState,
  type Want,
  type Wish,
} from "./planned-state";
import { CarefulConfig } from "./presets";
import type { RunConfig } from "./run";

/**
 * The next rollouts of preset careful: every probed state gets its least, then goes on until its sequential test decides,
 * then every change between a solved and an unsolved state until it is sure; nothing beyond the limits.
 * @param states all that was planned, none pending
 * Source: eef.md section 5 (least, every, most, confirm), reliability.md section 3.3 (the test)
 */
export function planCareful(
  length: number,
  config: Pick<RunConfig, "states" | "careful">,
  states: PlannedState[],
): Wish {
  const settings = CarefulConfig.parse(config.careful ?? {});
  const { every, least, most } = settings;
  const probed = probedStates(length, config.states).map((at) => stateAt(states, at));
  const room = probed.filter((state) => hasRoom(state, settings));
  const upTo = (state: PlannedState, count: number): Want => ({
    stateIndex: state.stateIndex,
    count: Math.min(count, most - state.attempts),
  });
  const fresh = room.filter((state) => state.attempts < least);
  if (fresh.length > 0)
    return withinBudget(
      fresh.map((state) => upTo(state, least - state.attempts)),
      states,
      settings,
    );
  const undecided = room.filter((state) => decisionOf(state, settings) === "open");
  const open = undecided.length > 0 ? undecided : doubtful(length, states, settings);
  if (open.length === 0) return { finished: conclusion(length, states, settings) };
  return withinBudget(
    open.map((state) => upTo(state, every)),
    states,
    settings,
  );
}

function doubtful(length: number, states: PlannedState[], settings: CarefulConfig): PlannedState[] {
  const found = proposals(length, states).flatMap((segment) => doubtfulStates(segment, states, settings));
  return [...new Map(found.map((state) => [state.stateIndex, state])).values()].sort(
    (a, b) => a.stateIndex - b.stateIndex,
  );
}

function conclusion(length: number, states: PlannedState[], { confirm }: CarefulConfig): string {
  const least = proposals(length, states).reduce((min, s) => Math.min(min, s.probability ?? 1), 2);
  const changes = proposals(length, states).filter((s) => s.probability !== null).length;
  if (changes === 0) return "stopped: every state is decided, and success changes between none of them";
  return least >= confirm
    ? `stopped: every change is sure, P ${inWords(least)} ≥ ${confirm}`
    : `stopped: more rollouts are not expected to settle the least sure change, P ${inWords(least)} < ${confirm}`;
}
