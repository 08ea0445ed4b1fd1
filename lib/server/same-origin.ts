import "server-only";
import { AppError } from "@/lib/core/errors";

/**
 * Refuses what another site's page could have sent: a mutation needs an Origin equal to the Host it was sent to. A
 * request without Origin is refused too; browsers send it with every POST.
 * @throws AppError forbidden
 */
export function requireSameOrigin(headers: Headers): void {
  const origin = headers.get("origin");
  const host = headers.get("host");
  const site = headers.get("sec-fetch-site");
  if (origin !== null && host !== null && URL.canParse(origin) && new URL(origin).host === host)
    if (site === null || site === "same-origin") return;
  throw new AppError("forbidden", "this request did not come from Gleaner's own pages", {
    fix: "open Gleaner in the browser and do it there; scripts use `npm run gleaner`",
  });
}
