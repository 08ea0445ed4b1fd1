import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { getRollout } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ rolloutId: z.coerce.number().int().positive() });

/** One rollout with its steps. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) =>
  Response.json(await getRollout(parsed(Params, params).rolloutId)),
);
