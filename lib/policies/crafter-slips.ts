import type { Stock } from "./crafter-memory";
import { actionOf, type Planned } from "./crafter-plan";
import type { Command, Sheet } from "./crafter-sheet";
import type { Decision } from "./built-in";
import type { Draw } from "./random";

/** One of a list; undefined where it is empty. */
export function pick<T>(list: readonly T[], draw: Draw): T | undefined {
  return list[Math.floor(draw() * list.length)];
}

/** A command that can be followed now and is not part of the plan: it uses up what the plan needs. */
export function sidetrack(sheet: Sheet, stock: Stock, plan: Planned[], draw: Draw): Decision | null {
  const planned = new Set(plan.map((step) => (step.kind === "craft" ? step.command.product : "")));
  const needed = new Set(
    plan.flatMap((step) => (step.kind === "craft" ? step.parts.map(({ name }) => name) : [])),
  );
  const tempting = sheet.commands.filter(
    ({ product, parts }) =>
      !planned.has(product) &&
      parts.some(({ name }) => needed.has(name)) &&
      parts.every(({ name, count }) => (stock.get(name) ?? 0) >= count),
  );
  const command = pick(tempting, draw);
  if (command === undefined) return null;
  return {
    thought: `I have everything for ${command.product}, which may come in useful, so I make it now.`,
    action: actionOf({ kind: "craft", command, parts: command.parts }),
  };
}

/** A fetch with less than is needed. */
export function tooFew(step: Planned, draw: Draw): Decision | null {
  if (step.kind !== "get" || step.count < 2) return null;
  const count = 1 + Math.floor(draw() * (step.count - 1));
  return {
    thought: `I need ${step.name}; ${count} should do.`,
    action: actionOf({ ...step, count }),
  };
}

/** Tries to fetch what has to be crafted. */
export function grab({ product }: Command, count: number): Decision {
  return {
    thought: `I need ${count} ${product}; it should be lying around here, so I get it.`,
    action: actionOf({ kind: "get", name: product, count }),
  };
}
