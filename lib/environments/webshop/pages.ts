import type { Product } from "./catalogue";
import { compareText, dictJson, floatText, strip } from "../python-text";

export const observationModes = ["text", "text_rich"] as const;
export type ObservationMode = (typeof observationModes)[number];

/** One visible string of a page, and what it is part of. */
export type Part = { kind: "text" | "button" | "option" | "link"; text: string };

/** The last has a button only in shops that show attributes; an option value of its name leads there in any. */
export const subPages = ["Description", "Features", "Reviews", "Attributes"] as const;
export type SubPage = (typeof subPages)[number];

/** Texts a click on an item page takes for something else than the option value of that text. */
const takenTexts = new Set([
  ...["search", "back to search", "buy now", "< prev"],
  ...subPages.map((name) => name.toLowerCase()),
]);

/** Whether a click can choose an option value: an action cannot spell every text, and some mean a button. */
export function isChoosable(value: string): boolean {
  return /^[^[\n]+$/.test(value) && !takenTexts.has(value);
}

/** What a clickable text stands for; `name` is the option the value belongs to. */
export type Clickable = { kind: "button" | "link" } | { kind: "option"; name: string };

export type Page = {
  parts: Part[];
  /** By text in lower case, in the order the shop lists them. */
  clickables: Map<string, Clickable>;
};

const text = (value: string): Part => ({ kind: "text", text: value });
const button = (value: string): Part => ({ kind: "button", text: value });

export function indexPage(instruction: string): Page {
  return toPage([text("WebShop"), text("Instruction: "), text(instruction), button("Search")]);
}

export function resultsPage(instruction: string, products: Product[], page: number, total: number): Page {
  return toPage([
    ...header(instruction),
    text(`Page ${page} (Total results: ${total})`),
    ...(page > 1 ? [button("< Prev")] : []),
    button("Next >"),
    ...products.flatMap((product): Part[] => [
      { kind: "link", text: product.asin },
      text(product.title),
      text(product.priceTag),
    ]),
  ]);
}

export function itemPage(instruction: string, product: Product, showAttributes: boolean): Page {
  const page = toPage([
    ...header(instruction),
    button("< Prev"),
    ...product.options.flatMap(({ name, values }): Part[] => [
      text(name),
      ...values.map((value): Part => ({ kind: "option", text: value })),
    ]),
    text(product.title),
    text(`Price: ${product.priceTag}`),
    text("Rating: N.A."),
    ...subPages.filter((name) => showAttributes || name !== "Attributes").map(button),
    button("Buy Now"),
  ]);
  for (const { name, values } of product.options)
    for (const value of values) page.clickables.set(value, { kind: "option", name });
  return page;
}

export function subPage(instruction: string, product: Product, which: SubPage): Page {
  const body = {
    Description: [text(product.description)],
    Features: product.bulletPoints.map((point) => text(` ${point}`)),
    Reviews: [],
    Attributes: [
      ...product.attributes.map((attribute) => text(` ${attribute}`)),
      ...[product.category, product.query, product.productCategory].map(text),
    ],
  };
  return toPage([...header(instruction), button("< Prev"), ...body[which]]);
}

/** The last page; it has no button, and most of its fields are never filled in. */
export function donePage(asin: string, options: Map<string, string>, reward: number): Page {
  const sorted = [...options].sort(([a], [b]) => compareText(a, b));
  const chosen = dictJson(sorted).replace(/[<>&']/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const before = [
    "Thank you for shopping with us!",
    "Your code: ",
    "None",
    " (Paste it in your MTurk interface.)",
  ];
  const bought = ["Purchased", "asin", asin, "options", chosen, "attrs", "None", "category", "None"];
  const unfilled = [
    "query",
    "None",
    "product category",
    "None",
    "Target",
    "asin",
    "options",
    "attrs",
    "price upper",
  ];
  // The spelling of "instuction" is the shop's.
  const target = ["instuction text", "category", "product category", "query", "Goal ", "None", "Reward"];
  const score = ["Your score (min 0.0, max 1.0)", floatText(reward), "Reward Details ", "None"];
  return toPage([...before, ...bought, ...unfilled, ...target, ...score].map(text));
}

/**
 * A page as the actor reads it: `text` joins the visible strings with [SEP], `text_rich` has a line each with buttons
 * marked.
 * @param url where the browser stands; `text_rich` reads from it which options are chosen, as the shop does
 * @param visited products opened since the last start on the index page
 */
export function renderPage(page: Page, mode: ObservationMode, url: string, visited: Set<string>): string {
  if (mode === "text") return page.parts.map((part) => strip(part.text)).join(" [SEP] ");
  let shown = "";
  for (const part of page.parts) {
    const clicked = part.kind === "option" ? url.includes(`"${part.text}"`) : visited.has(part.text);
    if (part.kind === "option" && clicked) shown = `You have clicked ${part.text}.\n${shown}`;
    shown += `${richPart(part, clicked)}\n`;
  }
  return shown;
}

function richPart(part: Part, clicked: boolean): string {
  if (part.kind === "text") return part.text;
  if (part.kind === "button") return `[button] ${part.text} [button_]`;
  const tag = clicked ? "clicked button" : "button";
  return `${part.kind === "option" ? "  " : "\n"}[${tag}] ${part.text} [${tag}_]`;
}

function header(instruction: string): Part[] {
  return [text("Instruction:"), text(instruction), button("Back to Search")];
}

function toPage(parts: Part[]): Page {
  const visible = parts.flatMap((part): Part[] => {
    const shown = visibleText(part.text);
    return shown === null ? [] : [{ ...part, text: shown }];
  });
  const clickables = new Map<string, Clickable>();
  for (const kind of ["button", "link"] as const)
    for (const part of visible) if (part.kind === kind) clickables.set(part.text.toLowerCase(), { kind });
  return { parts: visible, clickables };
}

/** What is left of a string on a page of HTML: blanks shrink to one, and with a line break among them to nothing. */
function visibleText(value: string): string | null {
  if (!/^[ \n\t\f\r]*$/.test(value)) return value;
  return value === "" || value.includes("\n") ? null : " ";
}
