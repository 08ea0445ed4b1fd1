import "server-only";
import type { Failure } from "@/lib/api/failure";

export { failureOf, failureResponse, type Failure } from "@/lib/api/failure";
export type Answer<T> = { ok: true; value: T } | { ok: false; error: Failure };
