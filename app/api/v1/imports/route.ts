import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listImports");
export const POST = apiRoute("createImport");
export { DELETE, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
