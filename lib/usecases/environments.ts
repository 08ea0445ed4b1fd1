import { z } from "zod";
import { AppError, wrongFields } from "@/lib/core/errors";
import type { Environment, EnvironmentDriver } from "@/lib/core/ports";
import type { EnvironmentRow } from "@/lib/core/rows";
import type { Deps } from "./deps";

type EnvironmentDeps = Pick<Deps, "store" | "environments">;

/** An environment to add or change by name. `driver` null: its trajectories can be judged, not replayed. */
export const EnvironmentInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  driver: z.string().max(50).nullable(),
  config: z.record(z.string(), z.unknown()),
});
export type EnvironmentInput = z.infer<typeof EnvironmentInput>;

/** All environments with the number of their trajectories. */
export function listEnvironments({ store }: EnvironmentDeps) {
  return store.environments.list();
}

/**
 * Adds an environment or changes the one of that name, after connecting it once: what cannot be reached is not stored.
 * @throws AppError invalid_input naming the bad field, environment_unavailable
 */
export async function putEnvironment(
  deps: EnvironmentDeps,
  input: EnvironmentInput,
): Promise<EnvironmentRow> {
  if (input.driver === null)
    return deps.store.environments.put({ ...input, config: {}, fingerprint: null, successThreshold: 1 });
  const driver = environmentDriver(deps, input.driver);
  const config = driver.Config.safeParse(input.config);
  if (!config.success)
    throw new AppError("invalid_input", `environment “${input.name}”: ${wrongFields(config.error)}`);
  const environment = await driver.connect(config.data);
  try {
    const row = await deps.store.environments.put({
      ...input,
      config: config.data,
      fingerprint: environment.fingerprint,
      successThreshold: environment.capabilities.successThreshold,
    });
    await deps.store.environments.putSubtasks(row.environmentId, await environment.subtasks());
    return row;
  } finally {
    await environment.close();
  }
}

/** Connects a stored environment. @throws AppError not_replayable when it has no driver */
export async function connectEnvironment(deps: EnvironmentDeps, row: EnvironmentRow): Promise<Environment> {
  if (row.driver === null)
    throw new AppError("not_replayable", `environment “${row.name}” has no driver`, {
      fix: "give it a driver on the environments page, or import evidence made elsewhere",
    });
  const driver = environmentDriver(deps, row.driver);
  return driver.connect(driver.Config.parse(row.config));
}

function environmentDriver(deps: Pick<Deps, "environments">, driverId: string): EnvironmentDriver {
  const driver = deps.environments[driverId];
  if (driver) return driver;
  const known = Object.keys(deps.environments).join(", ");
  throw new AppError("invalid_input", `there is no environment driver “${driverId}”`, {
    fix: `use one of ${known}`,
  });
}
