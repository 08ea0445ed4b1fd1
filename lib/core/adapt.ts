import { breakerAfter } from "./breaker";
import {
  DEFAULT_PACE,
  type LimitSettings,
  type LimitState,
  type Pace,
  type Report,
  type Tally,
} from "./limit";

const CUT = 0.8;
const GROWTH = 0.05;
/**
 * Share of a round that may be refused before it counts as too much. Above zero, unlike inspect_ai: of an endpoint that
 * refuses some calls whatever the load, one cut per refusal would leave nothing but the minimum.
 */
const TOLERATED = 0.1;
/** Share of a round that may break before growth waits. */
const BROKEN = 0.5;

/** A server that asks for more is asked again after this long all the same. */
export const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** The state after a report. */
export function advance(
  state: LimitState,
  limits: LimitSettings,
  tally: Tally,
  report: Report,
  pace: Pace = DEFAULT_PACE,
): LimitState {
  const limit = Math.min(limits.max, Math.max(limits.min, state.limit));
  const reason = `the policy allows ${limits.min} to ${limits.max}`;
  const bounded = limit === state.limit ? state : { ...state, limit, reason };
  const next = breakerAfter(bounded, limits, tally, report, pace);
  if (next.breaker !== "closed") return next;
  return limitAfter(next, limits, tally, report, pace);
}

function limitAfter(
  state: LimitState,
  limits: LimitSettings,
  tally: Tally,
  { at, inDemand }: Report,
  pace: Pace,
): LimitState {
  const none = { answered: 0, refused: 0, broken: 0 };
  const asked = Math.min(tally.retryAfterMs, LONGEST_RETRY_AFTER_MS);
  if (at < state.cooldownUntil)
    return { ...state, round: none, cooldownUntil: Math.max(state.cooldownUntil, at + asked) };
  const answered = state.round.answered + tally.answered;
  const refused = state.round.refused + tally.refused;
  const broken = state.round.broken + tally.broken;
  if (refused > Math.max(1, TOLERATED * state.limit)) {
    const limit = Math.max(limits.min, Math.floor(state.limit * CUT));
    const reason = `${refused} calls of ${answered + refused + broken} were refused as too many`;
    const cooldownUntil = at + Math.max(pace.cooldownMs, asked);
    return { ...state, limit, slowStart: false, cooldownUntil, round: none, reason };
  }
  if (answered < state.limit) return { ...state, round: { answered, refused, broken } };
  const calm = broken <= BROKEN * (answered + refused + broken);
  if (!calm || !inDemand || state.limit >= limits.max) return { ...state, round: none };
  const grown = state.slowStart
    ? state.limit * 2
    : state.limit + Math.max(1, Math.round(state.limit * GROWTH));
  const reason = `${answered} calls in a row were welcome`;
  return { ...state, limit: Math.min(limits.max, grown), round: none, reason };
}
