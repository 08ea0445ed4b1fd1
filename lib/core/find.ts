import { probedStates } from "./plan";
import {
  decisionOf,
  doubtfulStates,
  hasRoom,
  inWords,
  proposals,
  stateAt,
  withinBudget,
} from "./planned-state";
import type { PlannedState, Wish } from "./planned-state";
import { FindConfig } from "./presets";
import type { RunConfig } from "./run";
import { hopelessProbability } from "./sequential";
import { segmentOf } from "./verdict";

type Search = { length: number; grid: number[]; states: PlannedState[]; settings: FindConfig };

/**
 * The next rollout of preset find, which looks for one stretch of expert actions that helps: one rollout per state in
 * bisection order until one succeeds; the sequential test there; from an accepted state bisection towards the nearest
 * rejected one before it; last, rollouts until the verdict there is sure. Given up once it is probably hopeless.
 * @param states all that was planned, none pending
 * Source: reliability.md section 3.4; the start is probed too, as nothing else here says that the agent fails there
 */
export function planFind(
  length: number,
  config: Pick<RunConfig, "states" | "find">,
  states: PlannedState[],
): Wish {
  const settings = FindConfig.parse(config.find ?? {});
  const search = { length, grid: probedStates(length, config.states), states, settings };
  const solved = states.find((state) => decisionOf(state, settings) === "solved");
  return solved ? narrow(search, solved.stateIndex) : bracket(search);
}

function probe({ states, settings }: Search, stateIndex: number): Wish {
  return withinBudget([{ stateIndex, count: 1 }], states, settings);
}

function isOpen({ settings }: Search, state: PlannedState): boolean {
  return hasRoom(state, settings) && decisionOf(state, settings) === "open";
}

/** Looks for a state the agent succeeds from. */
function bracket(search: Search): Wish {
  const { states, settings } = search;
  const grid = search.grid.map((at) => stateAt(states, at));
  const hopeless = hopelessProbability(grid.slice(1));
  const started = states.length > 0;
  if (started && hopeless > settings.hopeless)
    return { finished: `given up: hopeless with probability ${inWords(hopeless)}` };
  const open = grid.filter((state) => isOpen(search, state));
  // Most successes first; what has none takes turns, the start only once.
  const [promising] = open.filter((s) => s.successes > 0).sort((a, b) => b.successes - a.successes);
  if (promising) return probe(search, promising.stateIndex);
  const order = bisectionOrder(grid.length);
  const turns = order.flatMap((i) => open.filter((s) => s === grid[i] && (i > 0 || s.attempts === 0)));
  const [next] = turns.sort((a, b) => a.attempts - b.attempts);
  return next ? probe(search, next.stateIndex) : { finished: "stopped: no state is solved often enough" };
}

/** Moves the solved state `to` down towards the nearest unsolved one. */
function narrow(search: Search, to: number): Wish {
  if (to === 0) return { finished: "stopped: the agent solves it from the start" };
  const { states, grid, settings } = search;
  const rejected = states.filter((s) => s.stateIndex < to && decisionOf(s, settings) === "unsolved");
  const from = rejected.at(-1)?.stateIndex ?? 0;
  const broken = (at: number) => !hasRoom(stateAt(states, at), settings);
  const within = grid.filter((at) => from < at && at < to && !broken(at));
  const middle = within.length > 0 ? within[within.length >> 1] : (from + to) >> 1;
  const divisible = within.length > 0 || to - from > (settings.finest ?? Infinity);
  if (divisible && middle !== undefined && middle > from && !broken(middle)) return probe(search, middle);
  if (isOpen(search, stateAt(states, from))) return probe(search, from);
  return confirm(search, from, to);
}

function confirm({ length, states, settings }: Search, from: number, to: number): Wish {
  const segment = segmentOf(proposals(length, states), to - 1);
  const doubtful = segment?.proposed === "beneficial" ? doubtfulStates(segment, states, settings) : [];
  const [next] = doubtful;
  if (next) return withinBudget([{ stateIndex: next.stateIndex, count: 1 }], states, settings);
  const sure = segment?.probability ?? 0;
  const found = `success begins between states ${from} and ${to}`;
  return sure >= settings.confirm
    ? { finished: `found: ${found}, P ${inWords(sure)} ≥ ${settings.confirm}` }
    : { finished: `stopped: ${found}, but the start of it is not told apart` };
}

/** 0, then 1 … n-1 by halves: the middle first, then the middles of what is left. */
export function bisectionOrder(count: number): number[] {
  const order = [0];
  const spans = [{ low: 1, high: count - 1 }];
  for (let span = spans.shift(); span; span = spans.shift()) {
    if (span.low > span.high) continue;
    const middle = (span.low + span.high) >> 1;
    order.push(middle);
    spans.push({ low: span.low, high: middle - 1 }, { low: middle + 1, high: span.high });
  }
  return order;
}
