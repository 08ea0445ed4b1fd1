import type { z } from "zod";
import { AppError, wrongFields } from "./errors";

/**
 * The driver of that id, from a registry.
 * @param whose what names the id, for the message: `environment “shop”`
 * @throws AppError invalid_input listing the known ids
 */
export function driverOf<Driver>(drivers: Record<string, Driver>, id: string, whose: string): Driver {
  const driver = Object.hasOwn(drivers, id) ? drivers[id] : undefined;
  if (driver) return driver;
  throw new AppError("invalid_input", `${whose} is of the unknown kind “${id.slice(0, 80)}”`, {
    fix: `use one of ${Object.keys(drivers).join(", ")}`,
  });
}

/** A driver's settings, checked. @throws AppError invalid_input naming the fields that do not fit */
export function settingsOf<Config>(
  driver: { Config: z.ZodType<Config> },
  config: unknown,
  whose: string,
): Config {
  const result = driver.Config.safeParse(config);
  if (result.success) return result.data;
  throw new AppError("invalid_input", `the settings of ${whose} do not fit: ${wrongFields(result.error)}`, {
    fix: "correct its settings",
    cause: result.error,
  });
}
