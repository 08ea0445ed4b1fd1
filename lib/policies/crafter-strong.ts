import type { Decision } from "./built-in";
import { crafterDriver, lookAround } from "./crafter";
import { refusedIn, stockAfter, type Deed, type Situation } from "./crafter-memory";
import { actionOf, planFor, type Planned } from "./crafter-plan";
import { workOut, type Command, type Sheet } from "./crafter-sheet";
import { grab, pick, sidetrack, tooFew } from "./crafter-slips";
import type { Draw } from "./random";

/** Goals that take fewer crafts in a row than this it does without a slip. */
const hardFrom = 3;
/** How many of the hard goals it has a blind spot for. */
const blindSpots = 0.5;
/** How often it sees through its blind spot, each time it comes up. */
const insight = 0.12;
/** How often it slips on a hard goal, each step. */
const slips = 0.07;

/** The same text always gives the same number in [0, 1). */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}

/** A part of the way to the goal that it takes for something to fetch; null where it has no blind spot. */
function blindSpotOf(sheet: Sheet, plan: Planned[]): Command | null {
  if (shareOf(sheet.goal) >= blindSpots) return null;
  const crafted = plan.flatMap((step) => (step.kind === "craft" ? [step.command] : []));
  const parts = crafted.filter(({ product }) => product !== sheet.goal);
  return pick(parts, () => shareOf(`${sheet.goal}, in part`)) ?? null;
}

/** Whether it has gone on to something else since it last failed to fetch a thing. */
function isOver(deeds: Deed[], name: string): boolean {
  const last = deeds.findLastIndex(({ action, failed }) => failed && action.endsWith(` ${name}`));
  return (
    last !== -1 && deeds.slice(last + 1).some(({ action, failed }) => !failed && action !== lookAround.action)
  );
}

/** The first step of a plan that can be done before a thing is there; null where everything waits for it. */
function firstWithout(name: string, plan: Planned[]): Planned | null {
  const waiting = new Set([name]);
  for (const step of plan) {
    if (step.kind === "get" && step.name !== name) return step;
    if (step.kind === "get") continue;
    if (!step.parts.some((part) => waiting.has(part.name))) return step;
    waiting.add(step.command.product);
  }
  return null;
}

function withBlindSpot({ sheet, deeds }: Situation, spot: Command, draw: Draw): Decision | null {
  const { product } = spot;
  if (isOver(deeds, product)) return null;
  const commands = sheet.commands.filter((command) => command.product !== product);
  const believed = planFor({ ...sheet, commands }, stockAfter(deeds), new Set());
  const wanted = believed?.find((step) => step.kind === "get" && step.name === product);
  if (!believed || wanted?.kind !== "get") return null;
  const other = firstWithout(product, believed);
  if (other !== null) return explained(sheet, other, believed);
  const tried = deeds.filter(({ action, failed }) => failed && action.endsWith(` ${product}`)).length;
  if (tried === 0) return grab(spot, wanted.count);
  if (draw() < insight) return null;
  if (deeds.at(-1)?.action !== lookAround.action && draw() < 0.4) return lookAround;
  const count = Math.max(1, wanted.count + (tried % 3) - 1);
  const thought = `There has to be ${product} somewhere; perhaps I asked for the wrong amount.`;
  return { thought, action: actionOf({ kind: "get", name: product, count }) };
}

function explained(sheet: Sheet, step: Planned, plan: Planned[]): Decision {
  const action = actionOf(step);
  if (step.kind === "get") {
    const crafts = plan.filter(({ kind }) => kind === "craft").length;
    const rest = crafts === 1 ? "one craft" : `${crafts} crafts`;
    return { thought: `For ${sheet.goal} I need ${step.count} ${step.name}; then ${rest} to go.`, action };
  }
  const { product } = step.command;
  if (product === sheet.goal) return { thought: `I have all parts of ${product}, so I craft it.`, action };
  return { thought: `For ${sheet.goal} I need ${product}, and I have what that takes.`, action };
}

function decide(situation: Situation, draw: Draw): Decision {
  const { sheet, deeds } = situation;
  const refused = refusedIn(deeds);
  const stock = stockAfter(deeds);
  const plan = planFor(sheet, stock, refused);
  const next = plan?.[0];
  if (plan === null || next === undefined) return lookAround;
  const hard = (workOut(sheet, refused).depth.get(sheet.goal) ?? 0) >= hardFrom;
  if (!hard) return explained(sheet, next, plan);
  const whole = planFor(sheet, new Map(), new Set()) ?? plan;
  const spot = blindSpotOf(sheet, whole);
  const blind = spot === null ? null : withBlindSpot(situation, spot, draw);
  if (blind !== null) return blind;
  const slip = draw() < slips ? (sidetrack(sheet, stock, plan, draw) ?? tooFew(next, draw)) : null;
  return slip ?? explained(sheet, next, plan);
}

/** Plays the expert of a demo: plans the whole way, but slips on long ways and has blind spots. */
export const crafterStrong = crafterDriver(
  {
    kind: "crafter-strong",
    title: "Built-in crafter, strong",
    description:
      "Fixed rules, no model: plans from the commands to the goal; for some long plans it tries to fetch what has to be crafted.",
    version: 1,
  },
  decide,
);
