import { z } from "zod";
import type { Policy, PolicyDriver, Reply, Turn } from "@/lib/core/ports";
import { reactText } from "@/lib/prompts/react";
import { drawFrom, type Draw } from "./random";
import { situationOf, type Situation } from "./shop-memory";

export type Decision = { thought: string; action: string };
export type Shopper = (situation: Situation, draw: Draw) => Decision;

export const search = (words: string) => `search[${words}]`;
export const click = (value: string) => `click[${value}]`;

const shownTitle = 48;

/** A product's title, short enough for a thought. */
export function titled(title: string): string {
  if (title.length <= shownTitle) return `“${title}”`;
  const cut = title.lastIndexOf(" ", shownTitle);
  return `“${title.slice(0, cut > 0 ? cut : shownTitle).toWellFormed()}…”`;
}

/** Shoppers have nothing to set. */
const ShopperConfig = z.strictObject({});
type ShopperConfig = z.infer<typeof ShopperConfig>;

/** A policy without a model: it reads the page and the steps before it, and decides by fixed rules and seeded draws. */
export function shopperDriver(
  about: Pick<PolicyDriver, "kind" | "title" | "description"> & { version: number },
  decide: Shopper,
): PolicyDriver<ShopperConfig> {
  const { version, ...named } = about;
  const policy: Policy = {
    checkpoint: `${named.kind}@${version}`,
    promptVersion: "none",
    act: (turn: Turn) => Promise.resolve(replyOf(decide(situationOf(turn), drawFrom(turn.seed)))),
  };
  return { ...named, Config: ShopperConfig, connect: () => policy };
}

function replyOf({ thought, action }: Decision): Reply {
  return {
    thought,
    action,
    message: { role: "assistant", content: reactText(thought, action) },
    usage: null,
  };
}
