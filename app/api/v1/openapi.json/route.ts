import { apiDocument } from "@/lib/server/api";

export const GET = apiDocument();
