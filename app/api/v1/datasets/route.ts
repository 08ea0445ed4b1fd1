import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listDatasets");
export const POST = apiRoute("freezeDataset");
export { DELETE, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
