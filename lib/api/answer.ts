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
    return uncached(await route.handle({ deps, person, intake }, { request, params }));
  } catch (error) {
    return uncached(failureResponse(error));
  }
}

/** What a token showed is not kept by anybody on the way. */
function uncached(response: Response): Response {
  response.headers.set("Cache-Control", "no-store");
  return response;
}
