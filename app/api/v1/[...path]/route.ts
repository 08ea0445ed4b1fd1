import { apiNothing } from "@/lib/server/api";

export const GET = apiNothing();
export const POST = apiNothing();
export const PUT = apiNothing();
export const PATCH = apiNothing();
export const DELETE = apiNothing();
