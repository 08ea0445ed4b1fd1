import { parsed } from "@/lib/server/action";
import { StoreRequest, storeUpload } from "@/lib/server/imports";
import { bodyOf, defineRoute } from "@/lib/server/route";

/** Stores an uploaded file; answers the import to look at. */
export const POST = defineRoute(async (request, _params, person) =>
  Response.json(await storeUpload(parsed(StoreRequest, await bodyOf(request)), person), { status: 202 }),
);
