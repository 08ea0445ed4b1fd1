import { apiRoute } from "@/lib/server/api";

export const POST = apiRoute("cancelExport");
export { DELETE, GET, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
