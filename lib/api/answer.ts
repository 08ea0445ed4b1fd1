import { AppError } from "@/lib/core/errors";
import type { Deps } from "@/lib/usecases/deps";
import { authenticate } from "@/lib/usecases/api-tokens";
import { failureResponse } from "./failure";
import type { ApiRoute, Intake } from "./route";

/** One request to a route, from its token to its answer. Errors are answers too: one shape, the right status. */
export async function answer(
  { deps, intake }: { deps: Deps; intake: Intake },
  route: ApiRoute,
  request: Request,
  params: Record<string, string>,
): Promise<Response> {
  try {
    const { person, scope } = await authenticate(deps, request.headers.get("authorization"));
    if (route.scope === "write" && scope !== "write")
      throw new AppError("forbidden", "this token may only read", {
        fix: "use a token with the scope write",
      });
    const response = await route.handle({ deps, person, intake }, { request, params });
    return uncached(request.method === "HEAD" ? await withoutBody(response) : response);
  } catch (error) {
    return uncached(failureResponse(error));
  }
}

/** What a token showed is not kept by anybody on the way. */
function uncached(response: Response): Response {
  response.headers.set("Cache-Control", "no-store");
  return response;
}

/** The answer to HEAD: what GET would answer but its body, which nobody makes then. */
export async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, response);
}
