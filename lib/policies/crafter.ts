import { z } from "zod";
import type { Policy, PolicyDriver, Reply, Turn } from "@/lib/core/ports";
import { reactText } from "@/lib/prompts/react";
import { situationOf, type Situation } from "./crafter-memory";
import { drawFrom, type Draw } from "./random";

export type Decision = { thought: string; action: string };
export type Crafter = (situation: Situation, draw: Draw) => Decision;

export const lookAround: Decision = { thought: "I check what I carry.", action: "inventory" };

/** Crafters have nothing to set. */
const CrafterConfig = z.strictObject({});
type CrafterConfig = z.infer<typeof CrafterConfig>;

/** A policy without a model: it reads the commands and what happened since, and decides by rules and seeded draws. */
export function crafterDriver(
  about: Pick<PolicyDriver, "kind" | "title" | "description"> & { version: number },
  decide: Crafter,
): PolicyDriver<CrafterConfig> {
  const { version, ...named } = about;
  const policy: Policy = {
    checkpoint: `${named.kind}@${version}`,
    promptVersion: "none",
    act: (turn: Turn) => {
      const situation = situationOf(turn);
      const decision = situation === null ? lookAround : decide(situation, drawFrom(turn.seed));
      return Promise.resolve(replyOf(decision));
    },
  };
  return { ...named, Config: CrafterConfig, connect: () => policy };
}

function replyOf({ thought, action }: Decision): Reply {
  return {
    thought,
    action,
    message: { role: "assistant", content: reactText(thought, action) },
    usage: null,
  };
}
