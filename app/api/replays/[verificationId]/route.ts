import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { verificationView } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ verificationId: z.coerce.number().int().positive() });

/** How far a verification is: what its page polls. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) =>
  Response.json(await verificationView(parsed(Params, params).verificationId)),
);
