import { z } from "zod";
import type { Policy, PolicyDriver, Turn } from "@/lib/core/ports";
import { reactText } from "@/lib/prompts/react";

export type Decision = { thought: string; action: string };

/** Built-in policies have nothing to set. */
const BuiltInConfig = z.strictObject({});

/** A policy without a model: it reads what the turn shows and decides by fixed rules and seeded draws. */
export function builtInDriver(
  about: Pick<PolicyDriver, "kind" | "title" | "description"> & { version: number },
  decide: (turn: Turn) => Decision,
): PolicyDriver<z.infer<typeof BuiltInConfig>> {
  const { version, ...named } = about;
  const policy: Policy = {
    checkpoint: `${named.kind}@${version}`,
    promptVersion: "none",
    act: async (turn) => {
      const { thought, action } = decide(turn);
      const content = reactText(thought, action);
      return { thought, action, message: { role: "assistant", content }, usage: null };
    },
  };
  return { ...named, Config: BuiltInConfig, connect: () => policy };
}
