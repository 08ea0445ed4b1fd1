import { AppError } from "@/lib/core/errors";
import { connectEnvironment, driverOf, settingsOf } from "@/lib/core/drivers";
import { aboutOf } from "@/lib/core/environment-about";
import type { Gates } from "@/lib/core/gate";
import type { Critic, Environment, EnvironmentDriver, Policy, PolicyDriver } from "@/lib/core/ports";
import type { EnvironmentRow } from "@/lib/core/rows";
import type { Store } from "@/lib/core/store";
import { createLanes, type Lanes } from "./lanes";
import { createSlots, type Slots } from "./slots";

/** An environment with its data loaded, and the turns to wait for so that not too many episodes are open. */
export type Connected = { environment: Environment; slots: Slots };

/** Rollouts at once with a policy that asks no server: they share this process. */
const LOCAL_LANES = 4;

export interface Connections {
  /**
   * The environment of a row, loaded once per process and configuration.
   * @throws AppError not_replayable when it has no driver, environment_unavailable, environment_error
   */
  environment(row: EnvironmentRow): Promise<Connected>;
  /** @throws AppError not_found, invalid_input for an unknown kind or settings that do not fit */
  policy(policyId: number): Promise<Policy>;
  /** The model of a policy as a critic. @throws AppError as `policy`, invalid_input where there is no model to ask */
  critic(policyId: number): Promise<Critic>;
  /** The rollouts that this process has in hand at once of a policy in an environment. */
  lanes(policyId: number, policy: Policy, environmentId: number): Lanes;
  close(): Promise<void>;
}

export type Registries = {
  environments: Record<string, EnvironmentDriver>;
  policies: Record<string, PolicyDriver>;
};

/**
 * Connects what the rows describe, with the drivers of the given registries.
 * @param gates where policies that ask a server wait for their turn
 */
export function createConnections(
  { environments, policies }: Pick<Store, "environments" | "policies">,
  registries: Registries,
  gates?: Gates,
): Connections {
  const connected = new Map<string, Promise<Connected>>();
  const lanes = new Map<string, Lanes>();
  return {
    lanes(policyId, { callsAtOnce = LOCAL_LANES }, environmentId) {
      const key = `${policyId}:${environmentId}:${callsAtOnce}`;
      const known = lanes.get(key) ?? createLanes(callsAtOnce);
      lanes.set(key, known);
      return known;
    },
    environment(row) {
      const key = JSON.stringify([row.environmentId, row.driver, row.config]);
      const known = connected.get(key) ?? connect(environments, row, registries.environments);
      connected.set(key, known);
      known.catch(() => connected.delete(key));
      return known;
    },
    async policy(policyId) {
      const row = await policies.get(policyId);
      const driver = driverOf(registries.policies, row.kind, `policy “${row.name}”`);
      const config = settingsOf(driver, row.config, `policy “${row.name}”`);
      return driver.connect(config, row.hasSecret ? await policies.secret(policyId) : null, gates);
    },
    async critic(policyId) {
      const row = await policies.get(policyId);
      const whose = `policy “${row.name}”`;
      const driver = driverOf(registries.policies, row.kind, whose);
      const config = settingsOf(driver, row.config, whose);
      const critic = driver.critic?.(config, row.hasSecret ? await policies.secret(policyId) : null, gates);
      if (critic) return critic;
      throw new AppError("invalid_input", `${whose} has no model that could be asked for an opinion`, {
        fix: "choose a policy that is an OpenAI-compatible endpoint",
      });
    },
    async close() {
      for (const { value } of (await Promise.allSettled(connected.values())).filter(isFulfilled))
        await value.environment.close();
      connected.clear();
    },
  };
}

async function connect(
  environments: Pick<Store["environments"], "put" | "putSubtasks">,
  row: EnvironmentRow,
  drivers: Registries["environments"],
): Promise<Connected> {
  const environment = await connectEnvironment(drivers, row);
  // Its data or rules changed since: replays made before say nothing of what it is now.
  if (environment.fingerprint !== row.fingerprint) {
    const subtasks = await environment.subtasks();
    await environments.put({ ...row, fingerprint: environment.fingerprint }, aboutOf(environment, subtasks));
    await environments.putSubtasks(row.environmentId, subtasks);
  }
  return { environment, slots: createSlots(environment.capabilities.concurrentEpisodes) };
}

const isFulfilled = <T>(result: PromiseSettledResult<T>): result is PromiseFulfilledResult<T> =>
  result.status === "fulfilled";
