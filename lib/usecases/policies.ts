import { z } from "zod";
import { driverOf, settingsOf } from "@/lib/core/drivers";
import type { Policy } from "@/lib/core/ports";
import type { PolicyRow } from "@/lib/core/rows";
import type { Deps } from "./deps";

type PolicyDeps = Pick<Deps, "store" | "policies">;

/** A policy to add or change by name. An absent secret keeps the stored one, null removes it. */
export const PolicyInput = z.strictObject({
  name: z.string().trim().min(1).max(100),
  kind: z.string().max(50),
  config: z.record(z.string(), z.unknown()),
  secret: z.string().min(1).max(4000).nullable().optional(),
});
export type PolicyInput = z.infer<typeof PolicyInput>;

/** All policies, secrets left out. */
export function listPolicies({ store }: PolicyDeps): Promise<PolicyRow[]> {
  return store.policies.list();
}

/** Adds a policy or changes the one of that name. @throws AppError invalid_input naming the bad field */
export async function putPolicy(deps: PolicyDeps, input: PolicyInput): Promise<PolicyRow> {
  const whose = `policy “${input.name}”`;
  const config = settingsOf(driverOf(deps.policies, input.kind, whose), input.config, whose);
  return deps.store.policies.put({ ...input, config });
}

/** The policy of a row, ready to act, its key read from the store. @throws AppError not_found */
export async function connectPolicy(
  deps: PolicyDeps,
  policyId: number,
): Promise<{ row: PolicyRow; policy: Policy }> {
  const row = await deps.store.policies.get(policyId);
  const whose = `policy “${row.name}”`;
  const driver = driverOf(deps.policies, row.kind, whose);
  const secret = row.hasSecret ? await deps.store.policies.secret(policyId) : null;
  return { row, policy: driver.connect(settingsOf(driver, row.config, whose), secret) };
}
