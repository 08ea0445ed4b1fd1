import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { stepTexts } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({
  trajectoryId: z.coerce.number().int().positive(),
  from: z.coerce.number().int().min(0).max(1_000_000),
});

/** The text of steps from `from` on, as many as are read at once. */
export const GET = defineRoute<{ trajectoryId: string }>(async (request, params) => {
  const from = request.nextUrl.searchParams.get("from") ?? "0";
  const asked = parsed(Params, { ...params, from });
  return Response.json(await stepTexts(asked.trajectoryId, asked.from));
});
