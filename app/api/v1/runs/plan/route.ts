import { apiRoute } from "@/lib/server/api";

export const POST = apiRoute("planRun");
export { DELETE, GET, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
