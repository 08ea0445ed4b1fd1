import { z } from "zod";
import { datasetSplits } from "@/lib/core/dataset-split";
import { parsed } from "@/lib/server/action";
import { exportParts, openFolder, openPart } from "@/lib/server/exports";
import { attachment, defineRoute } from "@/lib/server/route";

const Params = z.object({ datasetId: z.coerce.number().int().positive() });
const Query = z.object({
  format: z.string().max(50),
  /** One plain file; without it the whole folder. */
  part: z.enum(exportParts).optional(),
  split: z.enum(datasetSplits).optional(),
});

/** A dataset in a trainer's format: a folder as a zip, or one of its files. Streamed. */
export const GET = defineRoute<z.input<typeof Params>>(async (request, params) => {
  const { datasetId } = parsed(Params, params);
  const { format, part, split } = parsed(Query, Object.fromEntries(request.nextUrl.searchParams));
  const { body, fileName, type } = part
    ? await openPart(datasetId, format, part, split)
    : await openFolder(datasetId, format);
  return new Response(body, { headers: { "Content-Type": type, ...attachment(fileName) } });
});
