import { AppError } from "@/lib/core/errors";
import type { EnvironmentDriver } from "@/lib/core/ports";
import { cornerShop, webshop } from "./webshop/environment";

export { cornerShop };

/** Every kind of environment Gleaner can mine in: a folder here and a line in this map. */
export const environments = { webshop } as const satisfies Record<string, EnvironmentDriver>;
export type EnvironmentDriverId = keyof typeof environments;

/**
 * The driver of a name.
 * @returns a driver whose configuration is unknown here: parse it with `driver.Config` before `connect`
 * @throws AppError not_found, listing the known names
 */
export function environmentDriver(driverId: string): EnvironmentDriver {
  const drivers: Record<string, EnvironmentDriver> = environments;
  const driver = Object.hasOwn(drivers, driverId) ? drivers[driverId] : undefined;
  if (driver) return driver;
  throw new AppError("not_found", `there is no environment driver ${JSON.stringify(driverId.slice(0, 80))}`, {
    fix: `name one of: ${Object.keys(environments).join(", ")}`,
  });
}
