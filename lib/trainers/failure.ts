import { APIConnectionTimeoutError, APIError } from "openai";
import { AppError } from "@/lib/core/errors";
import { TrainerBusy } from "@/lib/core/training";

/** What a provider is called in messages, and what must never appear in them. */
export type Place = { origin: string; secret: string | null };

/** Too much asked of an account is not too much at once. */
const quota = new Set<unknown>(["insufficient_quota", "billing_hard_limit_reached"]);
const keyOrAddress = new Set([401, 402, 403]);
/** Whoever answers so has no such route. */
const missing = new Set([404, 405, 501]);

/** Whether an error says that the provider has no such route. */
export const isMissing = (error: unknown): boolean =>
  error instanceof APIError && error.status !== undefined && missing.has(error.status);

/** Sorts what a call to a provider threw: what may work later is a `TrainerBusy`. */
export function failureOf(error: unknown, { origin, secret }: Place): AppError {
  if (error instanceof AppError) return error;
  const say = (what: string) => {
    const shown = secret ? what.replaceAll(secret, "[key]") : what;
    return `${origin}: ${shown.slice(0, 500)}`;
  };
  if (error instanceof APIConnectionTimeoutError || (error instanceof Error && error.name === "TimeoutError"))
    return new TrainerBusy("endpoint_unavailable", say("did not answer in time"), null, { cause: error });
  if (!(error instanceof APIError) || error.status === undefined)
    return new TrainerBusy("endpoint_unavailable", say(connectionWords(error)), null, { cause: error });
  const { status, message, code } = error;
  const wait = retryAfter(error.headers);
  if (status === 429 && !quota.has(code))
    return new TrainerBusy("rate_limited", say("too many requests"), wait, { cause: error });
  if (status === 408 || status === 409 || status === 425 || status >= 500)
    return new TrainerBusy("endpoint_unavailable", say(`answered ${status}`), wait, { cause: error });
  if (keyOrAddress.has(status) || quota.has(code) || status < 400)
    return new AppError("endpoint_rejected", say(`refused the request: ${message}`), {
      fix: "check the provider’s key, its account and the base URL, then start the training again",
      cause: error,
    });
  return new AppError("request_refused", say(`refused the request: ${message}`), {
    fix: "look at what it says, correct the model or the hyperparameters, and start the training again",
    cause: error,
  });
}

/** The wait an answer asks for, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. */
function retryAfter(headers: Headers | undefined): number | null {
  const exact = headers?.get("retry-after-ms");
  if (exact && Number(exact) >= 0) return Number(exact);
  const text = headers?.get("retry-after");
  if (!text) return null;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/** What became of a connection, with the system's code where it gave one. */
function connectionWords(error: unknown): string {
  if (error instanceof SyntaxError) return "answered with broken JSON";
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
    if ("code" in cause && typeof cause.code === "string") return `the connection failed (${cause.code})`;
    cause = cause.cause;
  }
  return "the connection failed";
}
