import "server-only";
import { otherMethod } from "@/lib/api/other-method";

/** What a route file of /api/v1 serves of the methods that no route of it has: it exports those of these. */
export const GET = otherMethod;
export const POST = otherMethod;
export const PUT = otherMethod;
export const PATCH = otherMethod;
export const DELETE = otherMethod;
export const OPTIONS = otherMethod;
