import type { Turn } from "@/lib/core/ports";
import { partsOf, readSheet, type Part, type Sheet } from "./crafter-sheet";

/** How many of each thing is carried, by name. */
export type Stock = Map<string, number>;

/** One action taken, and what the workshop said to it. */
export type Deed = { action: string; answer: string; failed: boolean };

/** What a crafter knows: the sheet, and what was done so far, whoever did it. */
export type Situation = { sheet: Sheet; deeds: Deed[] };

const failure = /^(?:Could not|Wrong item format)/;
const gotForm = /^Got (\d{1,9}) ([^\n]+)$/;
const craftedForm = /^Crafted (\d{1,9}) (?:[^\s:]*:)?(\S+)$/;
const usingForm = /^craft [^\n]* using ([^\n]*)/;
const listedForm = /\[([^\]]*)\] \((-?\d{1,9})\)/g;

/** Reads the conversation; null where no text of it names a goal. */
export function situationOf({ conversation, history, observation }: Turn): Situation | null {
  const texts = history.map((step) => step.observation);
  texts.push(observation.text);
  const told = [texts[0] ?? "", ...conversation.opening.map((message) => message.content ?? "").reverse()];
  const sheet = told.map(readSheet).find((read) => read !== null);
  if (sheet === undefined || sheet === null) return null;
  const deeds = history.map(({ action }, index) => {
    const answer = texts[index + 1] ?? "";
    return { action, answer, failed: failure.test(answer) };
  });
  return { sheet, deeds };
}

/** What a craft action uses up. */
export const partsIn = (action: string): Part[] => partsOf(usingForm.exec(action)?.[1] ?? "") ?? [];

/** What is carried after some deeds: an inventory says it, everything else adds to it or takes from it. */
export function stockAfter(deeds: Deed[], before: Stock = new Map()): Stock {
  let stock = new Map(before);
  const add = (name: string, count: number) => {
    const left = (stock.get(name) ?? 0) + count;
    if (left > 0) stock.set(name, left);
    else stock.delete(name);
  };
  for (const { action, answer } of deeds) {
    if (answer.startsWith("Inventory:")) {
      const listed = [...answer.matchAll(listedForm)].map(
        ([, name, count]) => [name ?? "", Number(count)] as const,
      );
      stock = new Map(listed.filter(([, count]) => count > 0));
    }
    const [, got, fetched] = gotForm.exec(answer) ?? [];
    if (fetched !== undefined) add(fetched, Number(got));
    const [, made, product] = craftedForm.exec(answer) ?? [];
    if (product === undefined) continue;
    for (const { name, count } of partsIn(action)) add(name, -count);
    add(product.replaceAll("_", " "), Number(made));
  }
  return stock;
}

/** Things the workshop would not hand out. */
export function refusedIn(deeds: Deed[]): Set<string> {
  const names = deeds.flatMap(({ action, answer }) => {
    const name = /^get \d+ ([^\n]+)/.exec(action)?.[1];
    return name !== undefined && answer === `Could not find ${name}` ? [name] : [];
  });
  return new Set(names);
}
