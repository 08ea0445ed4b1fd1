import "server-only";
import { refresh } from "next/cache";
import { z } from "zod";
import * as environments from "@/lib/usecases/environments";
import * as policies from "@/lib/usecases/policies";
import { defineAction } from "./action";
import { deps } from "./deps";

const EnvironmentId = z.strictObject({ environmentId: z.number().int().positive() });

/** Adds an environment or changes the one of that name, after connecting it once. */
export const putEnvironment = defineAction(environments.EnvironmentInput, async (input) => {
  const { environmentId } = await environments.putEnvironment(deps(), input);
  refresh();
  return { environmentId };
});

/** Connects an environment again; keeps what it says of itself, or why it could not be connected. */
export const checkEnvironment = defineAction(EnvironmentId, async ({ environmentId }) => {
  try {
    await environments.checkEnvironment(deps(), environmentId);
  } finally {
    refresh();
  }
});

/** Adds a policy or changes the one of that name; its key is never sent back. */
export const putPolicy = defineAction(policies.PolicyInput, async (input) => {
  const { policyId } = await policies.putPolicy(deps(), input);
  refresh();
  return { policyId };
});
