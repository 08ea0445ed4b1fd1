import { apiRoute } from "@/lib/server/api";

export const POST = apiRoute("resumeRun");
