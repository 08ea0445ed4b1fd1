import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { openManifest } from "@/lib/server/manifests";
import { attachment, defineRoute } from "@/lib/server/route";

const Params = z.object({ datasetId: z.coerce.number().int().positive() });

/** Where every trained token of a dataset comes from, streamed. */
export const GET = defineRoute<z.input<typeof Params>>(async (_request, params) => {
  const { datasetId } = parsed(Params, params);
  const { body, fileName } = await openManifest(datasetId);
  return new Response(body, {
    headers: { "Content-Type": "application/json; charset=utf-8", ...attachment(fileName) },
  });
});
