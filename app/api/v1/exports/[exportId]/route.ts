import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("getExport");
