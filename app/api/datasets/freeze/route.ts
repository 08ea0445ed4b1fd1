import { freezing } from "@/lib/server/datasets";
import { bodyOf, defineRoute } from "@/lib/server/route";

/** Freezes a dataset, and says how far that is on the way; who goes away stops it. */
export const POST = defineRoute(
  async (request, _params, person) =>
    new Response(freezing(await bodyOf(request), person, request.signal), {
      headers: {
        "Content-Type": "application/x-ndjson; charset=utf-8",
        "Cache-Control": "no-cache, no-transform",
      },
    }),
);
