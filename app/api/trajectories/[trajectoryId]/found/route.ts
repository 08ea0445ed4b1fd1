import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { findSteps } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({
  trajectoryId: z.coerce.number().int().positive(),
  text: z.string().min(1).max(200),
});

/** The steps that hold `text`, ascending. */
export const GET = defineRoute<{ trajectoryId: string }>(async (request, params) => {
  const text = request.nextUrl.searchParams.get("text") ?? "";
  const asked = parsed(Params, { ...params, text });
  return Response.json(await findSteps(asked.trajectoryId, asked.text));
});
