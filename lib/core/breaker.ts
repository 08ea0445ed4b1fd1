import type { LimitSettings, LimitState, Pace, Report, Tally } from "./limit";

/** Who was to try a down endpoint and has not said what came of it for this long is given up. */
const PROBE_PATIENCE_MS = 700_000;

/**
 * Whether the endpoint counts as down after a report. Any answer means it is up, a refusal included; it is down after
 * failures in a row, of two workers where there are two, while nobody had an answer for a while.
 */
export function breakerAfter(
  state: LimitState,
  limits: LimitSettings,
  tally: Tally,
  report: Report,
  pace: Pace,
): LimitState {
  const { owner, workers, at } = report;
  if (tally.answered + tally.refused > 0) {
    const heard = {
      ...state,
      failures: tally.streak,
      failing: tally.streak > 0 ? [owner] : [],
      lastAnswerAt: at,
    };
    if (state.breaker === "closed") return heard;
    const limit = Math.max(limits.min, Math.min(state.limit, limits.start));
    const round = { answered: 0, refused: 0, broken: 0 };
    const reason = "the endpoint answers again";
    return { ...heard, round, breaker: "closed", prober: null, limit, slowStart: true, reason };
  }
  if (tally.broken === 0) return state;
  const failures = state.failures + tally.broken;
  const failing = [...new Set([...state.failing, owner])];
  const down = { ...state, failures, failing };
  const tried = state.breaker === "half_open" && state.prober === owner;
  const over = failures >= pace.failuresToOpen && at - state.lastAnswerAt >= pace.quietMs;
  const agreed = failing.length >= Math.min(2, workers);
  if (!tried && !(state.breaker === "closed" && over && agreed)) return down;
  const probeMs = tried ? Math.min(state.probeMs * 2, pace.longestProbeMs) : pace.probeMs;
  const said = tally.said === undefined ? "" : `, the last: ${tally.said}`;
  const reason = `${failures} calls in a row failed${said}`;
  return { ...down, breaker: "open", prober: null, probeMs, probeAt: at + probeMs, reason };
}

/** An open breaker whose time has come lets one worker try; a prober that went silent is replaced. */
export function letProbe(state: LimitState, owner: string, at: number): LimitState {
  if (state.breaker === "closed" || at < state.probeAt) return state;
  return { ...state, breaker: "half_open", prober: owner, probeAt: at + PROBE_PATIENCE_MS };
}
