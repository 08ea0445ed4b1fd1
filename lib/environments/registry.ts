import type { EnvironmentDriver } from "@/lib/core/ports";
import { agentgym } from "./agentgym/environment";
import { scienceworld } from "./scienceworld/environment";
import { textcraft } from "./textcraft/environment";
import { webshop } from "./webshop/environment";

/** Every kind of environment Gleaner can mine in: a folder here and a line in this map. */
export const environments = { webshop, textcraft, scienceworld, agentgym } as const satisfies Record<
  string,
  EnvironmentDriver
>;
export type EnvironmentDriverId = keyof typeof environments;
