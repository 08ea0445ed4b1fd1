/**
 * How many calls one endpoint gets at once, and whether it gets any. All of it is a function of what calls came to, so
 * that any number of workers can share one state. Times are milliseconds of one clock.
 */
export type LimitSettings = { start: number; min: number; max: number };

/** Growth and cuts as in inspect_ai's adaptive concurrency. Source: reliability.md section 2.1 */
export const DEFAULT_LIMITS: LimitSettings = { start: 20, min: 10, max: 100 };
export type Pace = {
  /** After a cut, no further cut and no growth for this long. */
  cooldownMs: number;
  /** Failures in a row that may mean the endpoint is down, */
  failuresToOpen: number;
  /** when nobody has had an answer for this long. */
  quietMs: number;
  /** First wait before a down endpoint is tried again; doubles each time, up to `longestProbeMs`. */
  probeMs: number;
  longestProbeMs: number;
};
export const DEFAULT_PACE: Pace = {
  cooldownMs: 15_000,
  failuresToOpen: 5,
  quietMs: 2000,
  probeMs: 1000,
  longestProbeMs: 60_000,
};
/** `open`: nobody calls. `half_open`: one worker makes one call to see whether the endpoint is back. */
export const breakerStates = ["closed", "open", "half_open"] as const;
export type BreakerState = (typeof breakerStates)[number];

export type LimitState = {
  limit: number;
  /** Doubling until the first cut. */
  slowStart: boolean;
  cooldownUntil: number;
  /** What this round's calls came to; a round is as many answers as the limit. */
  round: { answered: number; refused: number; broken: number };
  breaker: BreakerState;
  /** Failures in a row over all workers, and who had them. */
  failures: number;
  failing: string[];
  lastAnswerAt: number;
  /** Open: when it is tried again. Half open: until when the prober is waited for. */
  probeAt: number;
  probeMs: number;
  prober: string | null;
  /** Why it stands as it does, in words. */
  reason: string;
};

export const startLimit = ({ start }: LimitSettings, at: number): LimitState => ({
  limit: start,
  slowStart: true,
  cooldownUntil: 0,
  round: { answered: 0, refused: 0, broken: 0 },
  breaker: "closed",
  failures: 0,
  failing: [],
  lastAnswerAt: at,
  probeAt: 0,
  probeMs: 0,
  prober: null,
  reason: "first call",
});

/** What a worker's calls came to since it last reported. `streak`: broken ones since its last answer. */
export type Tally = {
  answered: number;
  refused: number;
  broken: number;
  streak: number;
  retryAfterMs: number;
  /** What the last broken one failed with; absent where none did. */
  said?: string | undefined;
};
export const emptyTally = (): Tally => ({ answered: 0, refused: 0, broken: 0, streak: 0, retryAfterMs: 0 });

/** Who reports, how many workers use the endpoint, when, and whether calls are waiting for a place. */
export type Report = { owner: string; workers: number; at: number; inDemand: boolean };

/** What a worker could use at once. */
export type Want = { owner: string; want: number };

/**
 * Shares out the limit: nobody gets more than it wants, and what one does not want the others may have. Where it does
 * not come out even, the odd ones go to each worker in turn.
 * @param turn any number that changes now and then
 */
export function shareOf(state: LimitState, wants: Want[], owner: string, turn: number): number {
  if (state.breaker === "open") return 0;
  if (state.breaker === "half_open") return state.prober === owner ? 1 : 0;
  const asking = wants.filter(({ want }) => want > 0);
  const owners = asking.map((each) => each.owner).sort();
  if (!owners.includes(owner)) return 0;
  const rank = (each: string) => (owners.indexOf(each) + turn) % owners.length;
  const order = asking.sort((a, b) => a.want - b.want || rank(b.owner) - rank(a.owner));
  if (state.limit < owners.length) return rank(owner) < state.limit ? 1 : 0;
  let left = state.limit;
  for (const [index, each] of order.entries()) {
    const share = Math.min(each.want, Math.floor(left / (order.length - index)));
    if (each.owner === owner) return share;
    left -= share;
  }
  return 0;
}
