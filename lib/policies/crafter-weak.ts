import type { Decision } from "./built-in";
import { crafterDriver, lookAround } from "./crafter";
import { refusedIn, stockAfter, type Deed, type Situation } from "./crafter-memory";
import { actionOf, planFor, type Planned } from "./crafter-plan";
import type { Command, Sheet } from "./crafter-sheet";
import { grab, pick, sidetrack, tooFew } from "./crafter-slips";
import type { Draw } from "./random";

/** How many of the last deeds it remembers; what it carries from earlier is forgotten until it looks. */
const memory = 6;
/** How often it looks at what it carries, when it has not for a while. */
const curiosity = 0.15;
/** How often it does something careless, at first and for each craft still ahead. */
const careless = { always: 0.15, perCraft: 0.06, most: 0.5 };
/** How often it does the last failed thing again: for each failure it remembers. */
const stubborn = { perFailure: 0.14, most: 0.85 };

/** What it remembers: the last few deeds, back to the last look at what it carries where that was later. */
function remembered(deeds: Deed[]): Deed[] {
  const recent = deeds.slice(-memory);
  const looked = recent.findLastIndex(({ answer }) => answer.startsWith("Inventory:"));
  return looked === -1 ? recent : recent.slice(looked);
}

/** Does a failed thing again: the more often things failed lately, the surer. */
function again(deeds: Deed[], draw: Draw): Decision | null {
  const failed = deeds.slice(-memory).filter((deed) => deed.failed);
  const last = failed.at(-1);
  if (last === undefined) return null;
  if (draw() >= Math.min(stubborn.most, failed.length * stubborn.perFailure)) return null;
  if (deeds.at(-1)?.action !== lookAround.action && draw() < 0.25) return lookAround;
  return { thought: "That should have worked, so I try it again.", action: last.action };
}

function rush(sheet: Sheet, draw: Draw): Decision | null {
  const command = pick(
    sheet.commands.filter(({ product }) => product === sheet.goal),
    draw,
  );
  if (command === undefined) return null;
  return {
    thought: `The goal is ${sheet.goal} and there is a command for it, so I follow it.`,
    action: actionOf({ kind: "craft", command, parts: command.parts }),
  };
}

function carelessly({ sheet, deeds }: Situation, plan: Planned[], draw: Draw): Decision | null {
  const crafts = plan.flatMap((step) => (step.kind === "craft" ? [step.command] : []));
  const parts = crafts.filter(({ product }) => product !== sheet.goal);
  const first = plan[0];
  const kinds: (() => Decision | null)[] = [
    () => grabOne(parts, draw),
    () => rush(sheet, draw),
    () => sidetrack(sheet, stockAfter(deeds), plan, draw),
    () => (first === undefined ? null : tooFew(first, draw)),
  ];
  return pick(kinds, draw)?.() ?? null;
}

function grabOne(parts: Command[], draw: Draw): Decision | null {
  const part = pick(parts, draw);
  return part === undefined ? null : grab(part, part.count);
}

function explained(sheet: Sheet, step: Planned): Decision {
  const action = actionOf(step);
  if (step.kind === "get") return { thought: `I need ${step.name} for this.`, action };
  const { product } = step.command;
  return { thought: product === sheet.goal ? "Now I can make it." : `Next I make ${product}.`, action };
}

function decide(situation: Situation, draw: Draw): Decision {
  const { sheet, deeds } = situation;
  const stuck = again(deeds, draw);
  if (stuck !== null) return stuck;
  const recent = remembered(deeds);
  const looked = recent[0]?.answer.startsWith("Inventory:") === true;
  if (deeds.length > 3 && !looked && draw() < curiosity) return lookAround;
  const plan = planFor(sheet, stockAfter(recent), refusedIn(deeds));
  const next = plan?.[0];
  if (plan === null || next === undefined) return lookAround;
  const crafts = plan.filter(({ kind }) => kind === "craft").length;
  const slip = draw() < Math.min(careless.most, careless.always + crafts * careless.perCraft);
  return (slip ? carelessly(situation, plan, draw) : null) ?? explained(sheet, next);
}

/** Plays the agent of a demo: follows short plans, forgets what it carries on long ones, repeats what fails. */
export const crafterWeak = crafterDriver(
  {
    kind: "crafter-weak",
    title: "Built-in crafter, weak",
    description:
      "Seeded chance, no model: plans too, but remembers only its last few steps, skips parts and repeats what fails.",
    version: 1,
  },
  decide,
);
