import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { runView } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ runId: z.coerce.number().int().positive() });

/** A run and how far it is: what the run page polls. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) =>
  Response.json(await runView(parsed(Params, params).runId)),
);
