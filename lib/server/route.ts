import "server-only";
import type { NextRequest } from "next/server";
import { withoutBody } from "@/lib/api/answer";
import { AppError } from "@/lib/core/errors";
import type { PersonRow } from "@/lib/core/rows";
import { failureResponse } from "./answer";
import { currentPerson } from "./deps";
import { requireSameOrigin } from "./same-origin";

type Params<P> = { params: Promise<P> };

/** The one way to write a route handler: says who asks, refuses foreign origins on writes, answers errors as JSON. */
export function defineRoute<P = Record<string, never>>(
  work: (request: NextRequest, params: P, person: PersonRow) => Promise<Response>,
): (request: NextRequest, context: Params<P>) => Promise<Response> {
  return async (request, { params }) => {
    try {
      if (!["GET", "HEAD"].includes(request.method)) requireSameOrigin(request.headers);
      const response = await work(request, await params, await currentPerson());
      return request.method === "HEAD" ? await withoutBody(response) : response;
    } catch (error) {
      return failureResponse(error);
    }
  };
}

/** A download that is made while it is read, under a name that a header and every file system can carry. Source: RFC 6266. */
export function attachment(fileName: string): Record<string, string> {
  const safe = fileName.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^-+|-+$/g, "") || "download";
  return {
    "Content-Disposition": `attachment; filename="${safe}"; filename*=UTF-8''${encodeURIComponent(fileName)}`,
    "X-Content-Type-Options": "nosniff",
    "Accept-Ranges": "none",
  };
}

/** A request's JSON body. @throws AppError invalid_input when it is not JSON or too long */
export async function bodyOf(request: NextRequest): Promise<unknown> {
  const text = await request.text();
  if (text.length > 1_000_000) throw new AppError("invalid_input", "the request's body is longer than 1 MB");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError("invalid_input", "the request's body is not JSON", { cause });
  }
}
