import type { z } from "zod";
import { AppError, wrongFields } from "./errors";
import type { Environment, EnvironmentDriver } from "./ports";
import type { EnvironmentRow } from "./rows";

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

/**
 * Connects a stored environment.
 * @throws AppError not_replayable when it has no driver, invalid_input for an unknown driver or settings that do not fit,
 * environment_unavailable when it cannot be reached; environment_error for whatever else its driver throws
 */
export async function connectEnvironment(
  drivers: Record<string, EnvironmentDriver>,
  { name, driver: driverId, config }: Pick<EnvironmentRow, "name" | "driver" | "config">,
): Promise<Environment> {
  const whose = `environment “${name}”`;
  if (driverId === null)
    throw new AppError("not_replayable", `${whose} has no driver, so nothing can be replayed in it`, {
      fix: "give it a driver on the environments page, or import evidence made elsewhere",
    });
  const driver = driverOf(drivers, driverId, whose);
  return driver.connect(settingsOf(driver, config, whose)).catch((error: unknown) => {
    throw asEnvironmentError(error, name);
  });
}

/** What an environment threw, as an error people can read: a driver's own bug must not stop the worker. */
export function asEnvironmentError(error: unknown, name: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("environment_error", `environment “${name}”: ${message}`, { cause: error });
}
