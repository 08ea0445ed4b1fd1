import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { previewUpload } from "@/lib/server/imports";
import { defineRoute } from "@/lib/server/route";
import { receiveUpload } from "@/lib/server/uploads";

const Query = z.object({ fileName: z.string().trim().min(1).max(300) });

/** Takes a file as the request's body and says what it understood; nothing is stored yet. */
export const POST = defineRoute(async (request) => {
  const { fileName } = parsed(Query, Object.fromEntries(request.nextUrl.searchParams));
  return Response.json(await previewUpload(await receiveUpload(request.body, fileName)));
});
