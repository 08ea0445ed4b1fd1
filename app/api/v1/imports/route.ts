import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listImports");
export const POST = apiRoute("createImport");
