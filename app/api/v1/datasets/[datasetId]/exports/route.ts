import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listExports");
export const POST = apiRoute("prepareExport");
export { DELETE, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
