import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listReviews");
export const POST = apiRoute("decide");
export { DELETE, OPTIONS, PATCH, PUT } from "@/lib/server/api-others";
