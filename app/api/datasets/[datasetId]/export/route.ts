import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { openExport } from "@/lib/server/exports";
import { attachment, defineRoute } from "@/lib/server/route";

const Params = z.object({ datasetId: z.coerce.number().int().positive() });
const Query = z.object({ format: z.string().max(50), part: z.enum(["rows", "provenance"]).default("rows") });

/** A dataset as JSONL, streamed. */
export const GET = defineRoute<z.input<typeof Params>>(async (request, params) => {
  const { datasetId } = parsed(Params, params);
  const { format, part } = parsed(Query, Object.fromEntries(request.nextUrl.searchParams));
  const { body, fileName } = await openExport(datasetId, format, part);
  return new Response(body, {
    headers: { "Content-Type": "application/x-ndjson; charset=utf-8", ...attachment(fileName) },
  });
});
