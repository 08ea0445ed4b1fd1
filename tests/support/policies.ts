import { driverOf, settingsOf } from "@/lib/core/drivers";
import type { Policy, PolicyDriver } from "@/lib/core/ports";
import { policies } from "@/lib/policies/registry";

/** A policy of the registry, ready to act. */
export function connectPolicy(kind: string, config: unknown, secret: string | null): Policy {
  const driver = driverOf<PolicyDriver>(policies, kind, "the policy");
  return driver.connect(settingsOf(driver, config, "the policy"), secret);
}
