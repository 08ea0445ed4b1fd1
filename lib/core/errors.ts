import type { z } from "zod";

/** Every way Gleaner can say no. One closed set, so that a page, a log and a script can tell them apart. */
export const errorCodes = [
  "invalid_input",
  "not_found",
  "conflict",
  "forbidden",
  "unauthenticated",
  "too_large",
  "environment_unavailable",
  "environment_error",
  "replay_diverged",
  "not_replayable",
  "endpoint_unavailable",
  "endpoint_rejected",
  "rate_limited",
  "context_overflow",
  "content_filter",
  "request_refused",
  "bad_reply",
  "poison",
  "internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

export type ErrorDetail = {
  /** What the reader should do next; a command where there is one. */
  fix?: string;
  /** Whether trying the same thing again may work. */
  retryable?: boolean;
  cause?: unknown;
};

/** Pages and routes are bundled apart, each with an AppError of its own: what one throws, the other has to know. */
const BRAND = Symbol.for("gleaner.AppError");

/**
 * The only error Gleaner throws on purpose. The message says what happened to which thing, `fix` what to do.
 * Anything else that is thrown is a bug and is answered with a generic sentence.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fix: string | undefined;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "AppError";
    this.code = code;
    this.fix = detail.fix;
    this.retryable = detail.retryable ?? false;
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    // Kinds of AppError are told apart as classes are.
    if (this !== AppError) return super[Symbol.hasInstance](value);
    return typeof value === "object" && value !== null && BRAND in value;
  }

  get [BRAND](): true {
    return true;
  }
}

/** What is wrong with an input, as "field: what; field: what". Names fields, never their values. */
export function wrongFields({ issues }: z.ZodError): string {
  return issues
    .slice(0, 8)
    .map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`))
    .join("; ");
}
