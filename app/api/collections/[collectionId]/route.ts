import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { collectionView } from "@/lib/server/reads";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ collectionId: z.coerce.number().int().positive() });

/** A collection and how far it is: what the collection page polls. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) =>
  Response.json(await collectionView(parsed(Params, params).collectionId)),
);
