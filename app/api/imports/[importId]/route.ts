import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { importView } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ importId: z.coerce.number().int().positive() });

/** An import, how far it is, and its rejected lines. */
export const GET = defineRoute<z.input<typeof Params>>(async (request, params) =>
  Response.json(
    await importView(parsed(Params, params).importId, request.nextUrl.searchParams.get("cursor")),
  ),
);
