import type { Turn } from "@/lib/core/ports";
import { instructionOn, readPage, type Hit, type ShopOption, type ShopPage } from "./shop-page";
import { coverage, readWish, type Wish } from "./shop-wish";

/** What is known of a product whose page was open. */
export type Looked = {
  code: string;
  /** Its title, and what its sub pages said. */
  text: string;
  /** Wished option values it does not come in. */
  lacking: string[];
  /** Sub pages read. */
  read: Set<string>;
};

/** What a shopper knows: the page it sees, and what it remembers of the pages before. */
export type Situation = {
  wish: Wish;
  page: ShopPage;
  searches: string[];
  /** Products looked at, by code, in order. */
  looked: Map<string, Looked>;
  /** The hits of the last results page seen. */
  lastHits: Hit[];
  /** How often a product was left again. */
  left: number;
  /** The product whose page, or sub page, is open, and the option values picked on it, the latest last. */
  current: { looked: Looked; chosen: Set<string> } | null;
};

const command = /^\s*(search|click)\[([\s\S]*)\]\s*$/i;

type Click = { page: ShopPage; value: string; next: ShopPage };

function opened(memory: Situation, code: string, item: Extract<ShopPage, { kind: "item" }>): void {
  const known = memory.looked.get(code);
  const lacking = choicesOn(item.options, memory.wish).flatMap(({ wished, value }) =>
    value === null ? [wished] : [],
  );
  const looked = known ?? { code, text: item.title, lacking, read: new Set<string>() };
  memory.looked.set(code, looked);
  memory.current = { looked, chosen: new Set() };
}

function clicked(memory: Situation, { page, value, next }: Click): void {
  if (page.kind === "results" && next.kind === "item") return opened(memory, value, next);
  if (memory.current === null) return;
  const { looked, chosen } = memory.current;
  if (page.kind === "item" && next.kind === "item") {
    chosen.delete(value);
    chosen.add(value);
  }
  if (page.kind === "item" && next.kind === "detail" && !looked.read.has(value)) {
    looked.read.add(value);
    looked.text += ` ${next.text}`;
  }
  if (next.kind === "results" || next.kind === "index") {
    memory.left += 1;
    memory.current = null;
  }
}

/** Reads the situation from the conversation so far, whoever took the steps. */
export function situationOf({ history, observation, conversation }: Turn): Situation {
  const instruction = instructionOn(observation.text) ?? conversation.instruction;
  const wish = readWish(instruction);
  const names = wish.options.map((option) => option.name);
  const page = readPage(observation, names);
  const seen = history.map((step) => readPage({ text: step.observation, actions: null }, names));
  const memory: Situation = {
    wish,
    page,
    searches: [],
    looked: new Map(),
    lastHits: [],
    left: 0,
    current: null,
  };
  history.forEach((step, index) => {
    const before = seen[index] ?? page;
    const next = seen[index + 1] ?? page;
    if (before.kind === "results") memory.lastHits = before.hits;
    const [, name, argument] = command.exec(step.action) ?? [];
    const value = (argument ?? "").trim().toLowerCase();
    if (name?.toLowerCase() === "search") {
      memory.searches.push(value);
      memory.current = null;
    } else if (name !== undefined) clicked(memory, { page: before, value, next });
  });
  if (page.kind === "results") memory.lastHits = page.hits;
  return memory;
}

/** How well a product that was looked at meets the wish; 1 is all of it. */
export function fitOf({ text, lacking }: Looked, wish: Wish): number {
  return coverage(wish, text) - lacking.length / 2;
}

const letters = (text: string) => text.replace(/[^\p{L}\p{Nd}]+/gu, "");

/** The value of an option that is what is wished, spacing and signs aside; null where there is none. */
function matchingValue(values: string[], wished: string): string | null {
  const same = (value: string) => letters(value) === letters(wished);
  return values.find((value) => value === wished) ?? values.find(same) ?? null;
}

type Choice = { name: string; wished: string; value: string | null; values: string[] };

function choicesOn(options: ShopOption[], wish: Wish): Choice[] {
  return wish.options.map(({ name, value: wished }) => {
    const values = options.find((candidate) => candidate.name === name)?.values ?? [];
    return { name, wished, value: matchingValue(values, wished), values };
  });
}

/** The wished options of the open product that are still to be picked. */
export function openChoices({ wish, page, current }: Situation): { name: string; value: string }[] {
  if (page.kind !== "item") return [];
  const chosen = [...(current?.chosen ?? [])];
  return choicesOn(page.options, wish).flatMap(({ name, value, values }) => {
    const picked = chosen.filter((candidate) => values.includes(candidate)).at(-1);
    return value === null || picked === value ? [] : [{ name, value }];
  });
}
