import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("getDataset");
export { DELETE, OPTIONS, PATCH, POST, PUT } from "@/lib/server/api-others";
