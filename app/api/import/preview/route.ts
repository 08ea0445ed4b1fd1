import { parsed } from "@/lib/server/action";
import { PreviewRequest, previewUpload } from "@/lib/server/imports";
import { bodyOf, defineRoute } from "@/lib/server/route";
import { findUpload } from "@/lib/server/uploads";

/** Reads an uploaded file again with other defaults. */
export const POST = defineRoute(async (request) => {
  const { uploadId, defaults } = parsed(PreviewRequest, await bodyOf(request));
  return Response.json(await previewUpload(await findUpload(uploadId), defaults));
});
