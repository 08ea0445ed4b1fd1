import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listRuns");
export const POST = apiRoute("startRun");
export { DELETE, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
