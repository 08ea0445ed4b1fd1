import { APIConnectionTimeoutError, APIError } from "openai";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import type { Outcome } from "@/lib/core/gate";

/** A call that did not lead to a reply: what it says of the endpoint, and what a rollout would be told. */
export type EndpointFailure = { ok: false; error: AppError; outcome: Outcome };

/** What an endpoint is called in messages, and what must never appear in them. */
export type Endpoint = { origin: string; model: string; secret: string | null };

type FailureKind = Exclude<Outcome["kind"], "ok" | "bad_output" | "aborted">;

const kinds: Record<FailureKind, { code: ErrorCode; fix: string; retryable: boolean }> = {
  rate_limit: { code: "rate_limited", fix: "wait, or use fewer parallel rollouts", retryable: true },
  transient: {
    code: "endpoint_unavailable",
    fix: "check that the server is running and reachable, then retry the run",
    retryable: true,
  },
  auth: {
    code: "endpoint_rejected",
    fix: "check the model's name, the key and the base URL, then retry the run",
    retryable: false,
  },
  context_overflow: {
    code: "context_overflow",
    fix: "use a model with a longer context, or fewer steps per rollout",
    retryable: false,
  },
  content_filter: {
    code: "content_filter",
    fix: "use an endpoint without this filter for this environment",
    retryable: false,
  },
  refused: {
    code: "request_refused",
    fix: "look at the server's message and the policy's settings, then retry",
    retryable: false,
  },
};

/** A call that did not lead to a reply, of a known kind. */
export function failure(
  kind: FailureKind,
  endpoint: Endpoint,
  what: string,
  detail: { cause?: unknown; retryAfterMs?: number | null } = {},
): EndpointFailure {
  const { code, fix, retryable } = kinds[kind];
  const shown = endpoint.secret ? what.replaceAll(endpoint.secret, "[key]") : what;
  const message = `${endpoint.model} at ${endpoint.origin}: ${shown.slice(0, 300)}`;
  const error = new AppError(code, message, { fix, retryable, cause: detail.cause });
  const retryAfterMs = detail.retryAfterMs ?? null;
  if (kind === "rate_limit") return { ok: false, error, outcome: { kind, retryAfterMs } };
  return { ok: false, error, outcome: { kind, what: shown.slice(0, 100) } };
}

/** The wait an answer asks for, in milliseconds: `retry-after-ms`, or `Retry-After` in seconds or as a date. */
function retryAfter(headers: Headers | undefined): number | null {
  const exact = Number(headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(exact) && exact >= 0) return exact;
  const text = headers?.get("retry-after");
  if (!text) return null;
  const seconds = Number(text);
  const wait = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

const overflow =
  /context[ _]length|context window|maximum context|too many (input )?tokens|prompt is too long/i;
const filtered = /content[ _]?(filter|policy|management)/i;
/** Too much asked of an account is not too much at once. */
const quota = new Set<unknown>(["insufficient_quota", "billing_hard_limit_reached"]);
/** What no other request would be spared. */
const configuration = new Set([401, 402, 403, 404, 405]);

/** What became of a connection, with the system's code where it gave one. */
function connectionFailure(error: unknown): string {
  let cause = error;
  for (let depth = 0; cause instanceof Error && depth < 4; depth++) {
    if ("code" in cause && typeof cause.code === "string") return `the connection failed (${cause.code})`;
    cause = cause.cause;
  }
  return "the connection failed";
}

/**
 * Sorts what a call threw.
 * @param answered whether this endpoint has answered any request: a bad request is then about this one alone
 */
export function failureOf(
  error: unknown,
  endpoint: Endpoint,
  { timedOut, answered }: { timedOut: boolean; answered: boolean },
): EndpointFailure {
  if (timedOut || error instanceof APIConnectionTimeoutError)
    return failure("transient", endpoint, "did not answer in time", { cause: error });
  if (!(error instanceof APIError) || error.status === undefined) {
    const why = error instanceof SyntaxError ? "answered with broken JSON" : connectionFailure(error);
    return failure("transient", endpoint, why, { cause: error });
  }
  const { status, message } = error;
  const refusal = `refused the request: ${message}`;
  const retryAfterMs = retryAfter(error.headers);
  if (status === 429 && !quota.has(error.code))
    return failure("rate_limit", endpoint, "too many requests", { cause: error, retryAfterMs });
  if (status === 503 && retryAfterMs !== null)
    return failure("rate_limit", endpoint, "is overloaded", { cause: error, retryAfterMs });
  if (status === 408 || status === 409 || status === 425 || status >= 500)
    return failure("transient", endpoint, `answered ${status}`, { cause: error });
  const about = `${String(error.code ?? "")} ${message}`;
  if (overflow.test(about)) return failure("context_overflow", endpoint, refusal, { cause: error });
  if (filtered.test(about)) return failure("content_filter", endpoint, refusal, { cause: error });
  const lasting = !answered || configuration.has(status) || quota.has(error.code) || status < 400;
  return failure(lasting ? "auth" : "refused", endpoint, refusal, { cause: error });
}
