import { setTimeout as sleep } from "node:timers/promises";
import type { AppError } from "@/lib/core/errors";
import { drawFrom } from "./random";

/** What one call came to. `retryAfterMs` is what the endpoint asked for. */
export type Attempt<T> = { ok: true; value: T } | { ok: false; error: AppError; retryAfterMs: number | null };

export type RetryPlan = {
  attempts: number;
  /** First wait without a wish of the endpoint; doubles with each attempt. */
  backoffMs: number;
  /** The jitter is drawn from this. */
  seed: number;
  signal: AbortSignal;
};

/** Longest wait that is worth keeping a rollout open for. */
export const longestWaitMs = 60_000;

/** Exponential with full jitter, but never before the endpoint said. */
function waitMs(plan: RetryPlan, attempt: number, retryAfterMs: number | null, draw: () => number): number {
  const jitter = 0.5 + draw() / 2;
  const backoff = Math.min(plan.backoffMs * 2 ** attempt, longestWaitMs) * jitter;
  return retryAfterMs === null ? backoff : retryAfterMs + plan.backoffMs * draw() * 0.1;
}

/**
 * The only retry loop there is: repeats a call while its error says that repeating may help.
 * @throws AppError of the last attempt; the signal's reason when aborted
 */
export async function retrying<T>(call: () => Promise<Attempt<T>>, plan: RetryPlan): Promise<T> {
  const draw = drawFrom(plan.seed);
  for (let attempt = 0; ; attempt += 1) {
    plan.signal.throwIfAborted();
    const result = await call();
    if (result.ok) return result.value;
    plan.signal.throwIfAborted();
    const wait = waitMs(plan, attempt, result.retryAfterMs, draw);
    if (!result.error.retryable || attempt + 1 >= plan.attempts || wait > longestWaitMs * 1.01)
      throw result.error;
    try {
      await sleep(wait, undefined, { signal: plan.signal });
    } catch (error) {
      plan.signal.throwIfAborted();
      throw error;
    }
  }
}
