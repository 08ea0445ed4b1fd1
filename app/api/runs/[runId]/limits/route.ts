import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { limitHistory } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ runId: z.coerce.number().int().positive() });

/** What became of the limit on parallel calls while a run lasted, oldest first. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) =>
  Response.json(await limitHistory(parsed(Params, params).runId)),
);
