import { randomUUID } from "node:crypto";
import { z } from "zod";
import { AppError, errorCodes, type ErrorCode } from "@/lib/core/errors";

/** What every answer that is an error looks like. */
export const ErrorAnswer = z
  .object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string().describe("What happened to which thing."),
      fix: z.string().optional().describe("What to do next."),
    }),
  })
  .meta({ id: "Error" });
export type Failure = z.infer<typeof ErrorAnswer>["error"];

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
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  environment_unavailable: 503,
  endpoint_unavailable: 503,
  internal: 500,
};

/** An error as an HTTP answer. @param as its status, where the code does not say it alone, with the headers it needs */
export function failureResponse(error: unknown, as?: { status: number; headers: HeadersInit }): Response {
  const failure = failureOf(error);
  const status = statuses[failure.code] ?? 422;
  const headers = status === 401 ? { "WWW-Authenticate": 'Bearer realm="gleaner"' } : undefined;
  return Response.json({ error: failure }, as ?? { status, headers });
}
