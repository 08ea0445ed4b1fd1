import { setTimeout as sleep } from "node:timers/promises";
import { LONGEST_RETRY_AFTER_MS } from "@/lib/core/adapt";
import type { Gate, Outcome } from "@/lib/core/gate";
import type { EndpointFailure } from "./endpoint-failure";
import { drawFrom } from "./random";

/** What one call came to. */
export type Attempt<T> = { ok: true; value: T; outcome: Outcome } | EndpointFailure;

export type RetryPlan = {
  attempts: number;
  /** First wait without a wish of the endpoint; doubles with each attempt. */
  backoffMs: number;
  /** The jitter is drawn from this. */
  seed: number;
  signal: AbortSignal;
};

/** Longest wait that is worth keeping a rollout open for where nobody knows whether the endpoint comes back. */
export const longestWaitMs = 60_000;
/** How much longer a retry beyond the budget of retries waits. */
const SLOWER = 4;

/** Exponential with full jitter, but never before the endpoint said. */
function waitMs(plan: RetryPlan, attempt: number, outcome: Outcome, draw: () => number): number {
  const asked = outcome.kind === "rate_limit" ? outcome.retryAfterMs : null;
  const jitter = 0.5 + draw() / 2;
  const backoff = Math.min(plan.backoffMs * 2 ** attempt, longestWaitMs) * jitter;
  return asked === null ? backoff : asked + plan.backoffMs * draw() * 0.1;
}

/** So many times the endpoint must answer something small, and then fail at the call again, before the call is given up. */
const CONFIRMED = 3;

/**
 * The only retry loop there is: repeats a call while its error says that repeating may help. Behind a gate that holds
 * calls back while the endpoint is down, a failure counts towards the attempts only when the endpoint answered somebody
 * since the one before: what hits everybody is waited out, what hits this call alone is not. Where nobody else calls, a
 * small request tells the two apart.
 * @param probe asks the endpoint for as little as possible
 * @throws AppError of the last attempt; the signal's reason when aborted
 */
export async function retrying<T>(
  call: () => Promise<Attempt<T>>,
  plan: RetryPlan,
  gate: Gate,
  probe?: () => Promise<Attempt<null>>,
): Promise<T> {
  const draw = drawFrom(plan.seed);
  let answers = gate.answers;
  let failures = 0;
  let confirmed = 0;
  for (let attempt = 0; ; attempt += 1) {
    const result = await passing(call, plan.signal, gate);
    if (result.ok) return result.value;
    plan.signal.throwIfAborted();
    if (!result.error.retryable) throw result.error;
    const alone = gate.answers > answers && result.outcome.kind !== "rate_limit";
    if (!gate.pauses || alone) failures += 1;
    if (gate.pauses && probe && attempt + 1 >= plan.attempts && result.outcome.kind === "transient") {
      if (confirmed >= CONFIRMED) throw result.error;
      if (isAnswer(await passing(probe, plan.signal, gate))) confirmed += 1;
    }
    answers = gate.answers;
    const wait = waitMs(plan, attempt, result.outcome, draw);
    if (failures >= plan.attempts || (!gate.pauses && wait > longestWaitMs * 1.01)) throw result.error;
    await pause(Math.min(wait * (gate.spendRetry() ? 1 : SLOWER), LONGEST_RETRY_AFTER_MS), plan.signal);
  }
}

const isAnswer = ({ outcome: { kind } }: Attempt<null>): boolean =>
  kind !== "transient" && kind !== "rate_limit" && kind !== "aborted";

async function passing<T>(
  call: () => Promise<Attempt<T>>,
  signal: AbortSignal,
  gate: Gate,
): Promise<Attempt<T>> {
  const pass = await gate.enter(signal);
  let outcome: Outcome = { kind: "aborted" };
  try {
    const result = await call();
    if (!signal.aborted) outcome = result.outcome;
    return result;
  } finally {
    pass.leave(outcome);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
