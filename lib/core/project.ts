import { isAdaptive } from "./planner";
import { CarefulConfig, FindConfig } from "./presets";
import type { RunProgress, RunRow } from "./rows";
import { costOf } from "./run-budget";

/** What a run has spent or would have spent in all. Money is in the currency of its prices; null where there are none. */
export type Amount = { calls: number; tokens: number; money: number | null };

/** What a run will have cost when it is through: about, and at most. */
export type Projection = {
  about: Amount;
  /** Calls are a bound; tokens and money are what so many calls take at the average so far. */
  most: Amount;
  /** Rollouts that are left, about. */
  rolloutsLeft: number;
};

/** Rollouts that must have ended before anything is said of those to come. */
const ENOUGH = 5;

/** What a run has spent so far. */
export function spentBy({ prices }: Pick<RunRow, "prices">, progress: RunProgress): Amount {
  const { calls, promptTokens, completionTokens } = progress;
  const money = prices && costOf(prices, promptTokens, completionTokens);
  return { calls, tokens: promptTokens + completionTokens, money };
}

/**
 * What a run will have cost, from what has ended and what is planned: the rollouts that are left take what those before
 * took on average, one that runs half of it. An adaptive run has not planned all it will do: an open trajectory is taken
 * to need as many rollouts as a finished one did.
 * @returns null before five rollouts, or the first trajectory of an adaptive run, have ended
 */
export function projectCost(
  run: Pick<RunRow, "config" | "budget" | "prices">,
  progress: RunProgress,
): Projection | null {
  const { queued, running, completed, errored } = progress.rollouts;
  const ended = completed + errored;
  const closed = progress.trajectories.done + progress.trajectories.errored;
  const adaptive = isAdaptive(run.config.preset);
  if (ended < ENOUGH || (adaptive && closed === 0)) return null;
  const open = Math.max(0, progress.trajectories.total - closed);
  const planned = queued + running;
  const expected = adaptive && planned > 0 ? Math.max(planned, (open * ended) / closed) : planned;
  const perRollout = progress.calls / (ended + running / 2);
  const left = (expected - running / 2) * perRollout;
  const mostLeft = adaptive && planned > 0 ? Math.max(planned, open * rolloutsAtMost(run.config)) : planned;
  return {
    about: amountAt(run, progress, progress.calls + left),
    most: amountAt(run, progress, progress.calls + mostLeft * run.config.maxSteps),
    rolloutsLeft: expected,
  };
}

/** Most rollouts of one trajectory of an adaptive run. */
function rolloutsAtMost({ preset, careful, find }: RunRow["config"]): number {
  return preset === "careful"
    ? CarefulConfig.parse(careful ?? {}).budget
    : FindConfig.parse(find ?? {}).budget;
}

/** So many calls at the average of those so far, and no more than the budget allows. */
function amountAt(run: Pick<RunRow, "budget" | "prices">, progress: RunProgress, wanted: number): Amount {
  const spent = spentBy(run, progress);
  const { maxCalls, maxTokens, maxCost } = run.budget;
  const share = (limit: number | null, of: number | null) =>
    limit === null || !of ? Infinity : (limit / of) * spent.calls;
  const cap = Math.min(maxCalls ?? Infinity, share(maxTokens, spent.tokens), share(maxCost, spent.money));
  const calls = Math.max(spent.calls, Math.min(wanted, cap));
  const scale = spent.calls === 0 ? 0 : calls / spent.calls;
  return { calls, tokens: spent.tokens * scale, money: spent.money === null ? null : spent.money * scale };
}
