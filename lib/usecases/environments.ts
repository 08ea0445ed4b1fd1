import { z } from "zod";
import { driverOf, settingsOf } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import type { Environment } from "@/lib/core/ports";
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
  const whose = `environment “${input.name}”`;
  const driver = driverOf(deps.environments, input.driver, whose);
  const config = settingsOf(driver, input.config, whose);
  const environment = await driver.connect(config);
  try {
    const row = await deps.store.environments.put({
      ...input,
      config,
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
  const whose = `environment “${row.name}”`;
  const driver = driverOf(deps.environments, row.driver, whose);
  return driver.connect(settingsOf(driver, row.config, whose));
}
