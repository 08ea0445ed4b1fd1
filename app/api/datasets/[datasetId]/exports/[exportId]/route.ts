import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { preparedFile } from "@/lib/server/dataset-exports";
import { defineRoute } from "@/lib/server/route";

const Id = z.coerce.number().int().positive();
const Params = z.object({ datasetId: Id, exportId: Id });

/** A prepared export, whole or a range of it: a download that broke off goes on where it stopped. */
export const GET = defineRoute<z.input<typeof Params>>(async (request, params) => {
  const { datasetId, exportId } = parsed(Params, params);
  return preparedFile(request, datasetId, exportId);
});
