import { apiRoute } from "@/lib/server/api";

export const GET = apiRoute("listReviews");
export const POST = apiRoute("decide");
