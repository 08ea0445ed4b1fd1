import { AppError } from "@/lib/core/errors";
import { failureResponse } from "./failure";
import type { ApiRoute } from "./route";
import { apiRoutes } from "./routes";

/**
 * What an address of /api/v1 answers to a method that no route of it has: 405, or what it takes to OPTIONS. Next's own
 * answer says neither. Source: RFC 9110, 9.3.7 and 15.5.6
 */
export function otherMethod(request: Request): Response {
  const { pathname } = new URL(request.url);
  const taken = methodsAt(pathname.replace(/^\/api\/v1/, ""));
  const Allow = [...taken.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method])), "OPTIONS"];
  if (request.method === "OPTIONS")
    return new Response(null, { status: 204, headers: { Allow: Allow.join(", ") } });
  const error = new AppError("not_found", `there is no route ${request.method} ${pathname.slice(0, 200)}`, {
    fix: `send ${taken.join(" or ")}; see /api-docs`,
  });
  return failureResponse(error, { status: 405, headers: { Allow: Allow.join(", ") } });
}

/** The methods of the routes at an address. As Next does: what is written out goes before what stands in braces. */
function methodsAt(path: string): ApiRoute["method"][] {
  const parts = path.split("/");
  const routes = Object.values<ApiRoute>(apiRoutes);
  const fits = routes.filter((route) => {
    const named = route.path.split("/");
    return (
      named.length === parts.length && named.every((part, i) => part.startsWith("{") || part === parts[i])
    );
  });
  const nearest = fits.find((route) => route.path === path) ?? fits[0];
  return routes
    .filter((route) => route.path === nearest?.path)
    .map(({ method }) => method)
    .toSorted();
}
