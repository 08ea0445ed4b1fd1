import { APIConnectionTimeoutError, APIError } from "openai";
import { AppError, type ErrorCode } from "@/lib/core/errors";

export type EndpointFailure = { ok: false; error: AppError; retryAfterMs: number | null };

/** What an endpoint is called in messages, and what must never appear in them. */
export type Endpoint = { origin: string; model: string; secret: string | null };

const fixes: Partial<Record<ErrorCode, string>> = {
  rate_limited: "wait, or use fewer parallel rollouts",
  endpoint_unavailable: "check that the server is running and reachable, then retry the run",
  endpoint_rejected: "check the model's name, the key and the base URL, then retry the run",
};

/** A call that did not lead to a reply. */
export function failure(
  code: "rate_limited" | "endpoint_unavailable" | "endpoint_rejected",
  endpoint: Endpoint,
  what: string,
  detail: { cause?: unknown; retryAfterMs?: number | null } = {},
): EndpointFailure {
  const shown = endpoint.secret ? what.replaceAll(endpoint.secret, "[key]") : what;
  const error = new AppError(code, `${endpoint.model} at ${endpoint.origin}: ${shown.slice(0, 300)}`, {
    ...(fixes[code] === undefined ? {} : { fix: fixes[code] }),
    retryable: code !== "endpoint_rejected",
    cause: detail.cause,
  });
  return { ok: false, error, retryAfterMs: detail.retryAfterMs ?? null };
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

/** Sorts what a call threw: worth repeating, or a matter of configuration. */
export function failureOf(error: unknown, endpoint: Endpoint, timedOut: boolean): EndpointFailure {
  if (timedOut || error instanceof APIConnectionTimeoutError) {
    return failure("endpoint_unavailable", endpoint, "did not answer in time", { cause: error });
  }
  if (!(error instanceof APIError) || error.status === undefined) {
    const why = error instanceof SyntaxError ? "answered with broken JSON" : "the connection failed";
    return failure("endpoint_unavailable", endpoint, why, { cause: error });
  }
  const retryAfterMs = retryAfter(error.headers);
  if (error.status === 429 && error.code !== "insufficient_quota") {
    return failure("rate_limited", endpoint, "too many requests", { cause: error, retryAfterMs });
  }
  const passing = error.status === 408 || error.status === 409 || error.status >= 500;
  if (passing) {
    return failure("endpoint_unavailable", endpoint, `answered ${error.status}`, {
      cause: error,
      retryAfterMs,
    });
  }
  return failure("endpoint_rejected", endpoint, `refused the request: ${error.message}`, { cause: error });
}
