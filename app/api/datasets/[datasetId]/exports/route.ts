import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { datasetExports } from "@/lib/server/dataset-exports";
import { defineRoute } from "@/lib/server/route";

const Params = z.object({ datasetId: z.coerce.number().int().positive() });

/** The prepared exports of a dataset and how far they are: what the dataset page polls. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) =>
  Response.json(await datasetExports(parsed(Params, params).datasetId)),
);
