import type { PolicyDriver } from "@/lib/core/ports";
import { crafterStrong } from "./crafter-strong";
import { crafterWeak } from "./crafter-weak";
import { openai } from "./openai";
import { connectCritic } from "./openai-critic";
import { shopperStrong } from "./shopper-strong";
import { shopperWeak } from "./shopper-weak";

/** Every kind of policy there is. */
export const policies = {
  openai: { ...openai, critic: connectCritic },
  "crafter-strong": crafterStrong,
  "crafter-weak": crafterWeak,
  "shopper-strong": shopperStrong,
  "shopper-weak": shopperWeak,
} as const satisfies Record<string, PolicyDriver>;
