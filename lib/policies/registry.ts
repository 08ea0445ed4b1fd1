import { AppError } from "@/lib/core/errors";
import type { Policy, PolicyDriver } from "@/lib/core/ports";
import { openai } from "./openai";
import { shopperStrong } from "./shopper-strong";
import { shopperWeak } from "./shopper-weak";

/** Every kind of policy there is. */
export const policies = {
  openai,
  "shopper-strong": shopperStrong,
  "shopper-weak": shopperWeak,
} as const satisfies Record<string, PolicyDriver>;
export type PolicyKind = keyof typeof policies;

const isKind = (kind: string): kind is PolicyKind => Object.hasOwn(policies, kind);

/** @throws AppError invalid_input naming the known kinds */
export function policyDriver(kind: string): PolicyDriver {
  if (isKind(kind)) return policies[kind];
  throw new AppError("invalid_input", `there is no policy “${kind}”`, {
    fix: `use one of: ${Object.keys(policies).join(", ")}`,
  });
}

/**
 * A policy ready to act.
 * @throws AppError invalid_input for an unknown kind, or naming the setting that is wrong
 */
export function connectPolicy(kind: string, config: unknown, secret: string | null): Policy {
  const driver = policyDriver(kind);
  const parsed = driver.Config.safeParse(config);
  if (parsed.success) return driver.connect(parsed.data, secret);
  const issue = parsed.error.issues[0];
  const where = issue?.path.join(".") || "settings";
  throw new AppError("invalid_input", `policy ${kind}: ${where}: ${issue?.message ?? "does not fit"}`, {
    fix: "correct the policy's settings",
  });
}
