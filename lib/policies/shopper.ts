import { builtInDriver, type Decision } from "./built-in";
import { drawFrom, type Draw } from "./random";
import { situationOf, type Situation } from "./shop-memory";

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

/** A policy that reads the page and the steps before it. */
export const shopperDriver = (about: Parameters<typeof builtInDriver>[0], decide: Shopper) =>
  builtInDriver(about, (turn) => decide(situationOf(turn), drawFrom(turn.seed)));
