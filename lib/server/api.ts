import "server-only";
import { answer } from "@/lib/api/answer";
import { routeDocs } from "@/lib/api/docs";
import { failureResponse } from "@/lib/api/failure";
import { openApiDocument } from "@/lib/api/openapi";
import type { Intake } from "@/lib/api/route";
import { apiRoutes, type ApiRouteName } from "@/lib/api/routes";
import { AppError } from "@/lib/core/errors";
import { importView } from "@/lib/usecases/imports";
import { deps } from "./deps";
import { previewUpload, storeUpload } from "./imports";
import { forgetUpload, receiveUpload } from "./uploads";

/** Files are kept on disk before they are read: a slow database must not break an upload off. */
const intake: Intake = {
  async preview(body, { fileName, defaults }) {
    const upload = await receiveUpload(body, fileName);
    try {
      const { preview } = await previewUpload(upload, defaults);
      return { file: upload, preview };
    } finally {
      await forgetUpload(upload.uploadId);
    }
  },
  async store(body, { fileName, defaults, evidence }, person) {
    const { uploadId } = await receiveUpload(body, fileName);
    const { importId } = await storeUpload(
      { uploadId, defaults, evidence: { name: fileName.slice(0, 200), ...evidence } },
      person,
    );
    return (await importView(deps(), importId, null)).row;
  },
};

/** The one way to write a route of /api/v1: the handler of that name in lib/api/routes.ts, behind its token. */
export function apiRoute(
  name: ApiRouteName,
): (request: Request, context: { params: Promise<Record<string, string> | undefined> }) => Promise<Response> {
  // Next gives a route without a part of its path to fill in no parameters at all.
  return async (request, { params }) =>
    answer({ deps: deps(), intake }, apiRoutes[name], request, (await params) ?? {});
}

let document: string | undefined;

/** The OpenAPI document; it says nothing of what is stored and needs no token. */
export function apiDocument(): () => Response {
  return () => {
    document ??= JSON.stringify(openApiDocument());
    return new Response(document, { headers: { "Content-Type": "application/json; charset=utf-8" } });
  };
}

/** What every other address under /api/v1 answers. */
export function apiNothing(): (request: Request) => Response {
  return (request) => {
    const { pathname } = new URL(request.url);
    const error = new AppError("not_found", `there is no route ${request.method} ${pathname.slice(0, 200)}`, {
      fix: "see /api-docs",
    });
    return failureResponse(error);
  };
}

/** The routes as /api-docs shows them. */
export const apiDocs = () => routeDocs();
