import type { EnvironmentDriver } from "@/lib/core/ports";
import { webshop } from "./webshop/environment";

/** Every kind of environment Gleaner can mine in: a folder here and a line in this map. */
export const environments = { webshop } as const satisfies Record<string, EnvironmentDriver>;
export type EnvironmentDriverId = keyof typeof environments;
