import { z } from "zod";
import { searchRecord } from "@/app/address";
import { parseView, viewHref } from "@/app/trajectories/filter";
import { parsed } from "@/lib/server/action";
import { neighbours } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ trajectoryId: z.coerce.number().int().positive() });

/** Where the trajectories before and after this one are that have something left to review, in the list the query names. */
export const GET = defineRoute<{ trajectoryId: string }>(async (request, params) => {
  const { trajectoryId } = parsed(Params, params);
  const view = parseView(searchRecord(request.nextUrl.searchParams));
  const near = await neighbours(trajectoryId, { ...view.filter, review: "open" }, view.sort);
  const to = (id: number | null) => (id === null ? null : viewHref(`/trajectories/${id}`, view));
  return Response.json({ previous: to(near.previous), next: to(near.next) });
});
