import "server-only";
import { randomUUID } from "node:crypto";
import { AppError, type ErrorCode } from "@/lib/core/errors";

export type Failure = { code: ErrorCode; message: string; fix?: string };
export type Answer<T> = { ok: true; value: T } | { ok: false; error: Failure };

/** What a caller may know of an error: an AppError whole, anything else as one sentence with the id it was logged under. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError)
    return {
      code: error.code,
      message: error.message,
      ...(error.fix === undefined ? {} : { fix: error.fix }),
    };
  const id = randomUUID().slice(0, 8);
  console.error(`internal error ${id}:`, error);
  return {
    code: "internal",
    message: `Something went wrong here (${id}). Nothing was changed.`,
    fix: "try again; if it stays, `npm run doctor` and the server log say more",
  };
}

const statuses: Partial<Record<ErrorCode, number>> = {
  invalid_input: 400,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  environment_unavailable: 503,
  endpoint_unavailable: 503,
  internal: 500,
};

/** An error as an HTTP answer. */
export function failureResponse(error: unknown): Response {
  const failure = failureOf(error);
  return Response.json({ error: failure }, { status: statuses[failure.code] ?? 422 });
}
