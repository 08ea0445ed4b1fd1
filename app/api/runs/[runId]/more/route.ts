import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { moreRollouts } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ runId: z.coerce.number().int().positive() });
const Query = z.strictObject({ rollouts: z.coerce.number().int().min(1).max(100_000) });

/** What `?rollouts=…` more rollouts are expected to settle of what a run left undecided. */
export const GET = defineRoute<z.input<typeof Params>>(async (request, params) => {
  const { rollouts } = parsed(Query, Object.fromEntries(request.nextUrl.searchParams));
  return Response.json(await moreRollouts(parsed(Params, params).runId, rollouts));
});
