import { driverOf, settingsOf } from "@/lib/core/drivers";
import { AppError } from "@/lib/core/errors";
import type { Environment, EnvironmentDriver, Policy, PolicyDriver } from "@/lib/core/ports";
import type { EnvironmentRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { createSlots, type Slots } from "./slots";

/** An environment with its data loaded, and the turns to wait for so that not too many episodes are open. */
export type Connected = { environment: Environment; slots: Slots };

export interface Connections {
  /**
   * The environment of a row, loaded once per process and configuration.
   * @throws AppError not_replayable when it has no driver, environment_unavailable, environment_error
   */
  environment(row: EnvironmentRow): Promise<Connected>;
  /** @throws AppError not_found, invalid_input for an unknown kind or settings that do not fit */
  policy(policyId: number): Promise<Policy>;
  close(): Promise<void>;
}

export type Registries = {
  environments: Record<string, EnvironmentDriver>;
  policies: Record<string, PolicyDriver>;
};

/** Connects what the rows describe, with the drivers of the given registries. */
export function createConnections(
  { policies }: Pick<Store, "policies">,
  registries: Registries,
): Connections {
  const connected = new Map<string, Promise<Connected>>();
  return {
    environment(row) {
      const key = JSON.stringify([row.environmentId, row.driver, row.config]);
      const known = connected.get(key) ?? connect(row, registries.environments);
      connected.set(key, known);
      known.catch(() => connected.delete(key));
      return known;
    },
    async policy(policyId) {
      const row = await policies.get(policyId);
      const driver = driverOf(registries.policies, row.kind, `policy “${row.name}”`);
      const config = settingsOf(driver, row.config, `policy “${row.name}”`);
      return driver.connect(config, row.hasSecret ? await policies.secret(policyId) : null);
    },
    async close() {
      for (const { value } of (await Promise.allSettled(connected.values())).filter(isFulfilled))
        await value.environment.close();
      connected.clear();
    },
  };
}

async function connect(row: EnvironmentRow, drivers: Registries["environments"]): Promise<Connected> {
  if (row.driver === null)
    throw new AppError(
      "not_replayable",
      `environment “${row.name}” has no driver, so nothing can be replayed in it`,
      {
        fix: "give it a driver on the environments page, or import evidence made elsewhere",
      },
    );
  const driver = driverOf(drivers, row.driver, `environment “${row.name}”`);
  const config = settingsOf(driver, row.config, `environment “${row.name}”`);
  const environment = await driver.connect(config).catch((error: unknown) => {
    throw asEnvironmentError(error, row.name);
  });
  return { environment, slots: createSlots(environment.capabilities.concurrentEpisodes) };
}

/** What an environment threw, as an error people can read: a driver's own bug must not stop the worker. */
export function asEnvironmentError(error: unknown, name: string): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError("environment_error", `environment “${name}”: ${message}`, { cause: error });
}

const isFulfilled = <T>(result: PromiseSettledResult<T>): result is PromiseFulfilledResult<T> =>
  result.status === "fulfilled";
