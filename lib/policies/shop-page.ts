import type { Observation } from "@/lib/core/ports";

export type Price = { low: number; high: number };
export type Hit = { code: string; title: string; price: Price | null };
export type ShopOption = { name: string; values: string[] };

/** A page of the web shop, read from its text as a model would read it. */
export type ShopPage =
  | { kind: "index" }
  | { kind: "results"; page: number; hits: Hit[] }
  | { kind: "item"; title: string; price: Price | null; options: ShopOption[] }
  | { kind: "detail"; text: string }
  | { kind: "done" }
  | { kind: "unknown" };

const separator = /\s*\[SEP\]\s*/;
/** The rich form has a line for each part and marks buttons; a line says what was clicked. */
const richMark = /\[(?:clicked )?button_?\]/g;
const clickedNote = /^You have clicked .*\.$/;
const resultsHeader = /^Page (\d+) \(Total results: \d+\)$/;
const priceText = /^\$[\d,.]+(?: to \$[\d,.]+)?$/;
const buttons = new Set([
  "back to search",
  "< prev",
  "next >",
  "description",
  "features",
  "reviews",
  "attributes",
  "buy now",
]);

function segmentsOf(text: string): string[] {
  if (!text.includes("[button]")) return text.split(separator).map((segment) => segment.trim());
  const lines = text.replace(richMark, "").split("\n");
  return lines.map((line) => line.trim()).filter((line) => line !== "" && !clickedNote.test(line));
}

function readPrice(text: string): Price | null {
  const amounts = [...text.matchAll(/\$([\d,]*\.?\d+)/g)].map((match) =>
    Number(match[1]?.replaceAll(",", "")),
  );
  if (amounts.length === 0) return null;
  return { low: Math.min(...amounts), high: Math.max(...amounts) };
}

function readResults(segments: string[], page: number): ShopPage {
  const hits: Hit[] = [];
  for (let at = 2; at < segments.length; at += 1) {
    const price = segments[at] ?? "";
    const [code, title] = [segments[at - 2] ?? "", segments[at - 1] ?? ""];
    if (priceText.test(price) && !code.includes(" ") && !priceText.test(title)) {
      hits.push({ code, title, price: readPrice(price) });
    }
  }
  return { kind: "results", page, hits };
}

/** Option names are no buttons, their values are: that tells them apart where the actions are known. */
function readOptions(segments: string[], actions: string[] | null, names: string[]): ShopOption[] {
  const values = actions === null ? null : new Set(actions.filter((action) => !buttons.has(action)));
  const isName = (text: string) => (values === null ? names.includes(text) : !values.has(text));
  const options: ShopOption[] = [];
  for (const segment of segments) {
    const text = segment.toLowerCase();
    if (isName(text)) options.push({ name: text, values: [] });
    else options.at(-1)?.values.push(text);
  }
  return options;
}

/**
 * @param names  option names the instruction speaks of, for pages that come without a list of actions
 */
export function readPage({ text, actions }: Observation, names: string[] = []): ShopPage {
  const segments = segmentsOf(text);
  const lower = segments.map((segment) => segment.toLowerCase());
  if (lower[0]?.startsWith("thank you for shopping")) return { kind: "done" };
  const header = segments.map((segment) => resultsHeader.exec(segment)).find((match) => match !== null);
  if (header) return readResults(segments.slice(lower.indexOf("back to search") + 2), Number(header[1]));
  const back = lower.indexOf("< prev");
  if (lower.at(-1) === "buy now" && back !== -1) {
    const priceAt = segments.findIndex((segment, index) => index > back && segment.startsWith("Price:"));
    const titleAt = priceAt === -1 ? segments.length : priceAt - 1;
    return {
      kind: "item",
      title: segments[titleAt] ?? "",
      price: readPrice(segments[priceAt] ?? ""),
      options: readOptions(segments.slice(back + 1, titleAt), actions, names),
    };
  }
  if (back !== -1) return { kind: "detail", text: segments.slice(back + 1).join(" ") };
  return lower.at(-1) === "search" ? { kind: "index" } : { kind: "unknown" };
}

/** What the customer asked for, as the page shows it; null where the page does not. */
export function instructionOn(text: string): string | null {
  const segments = segmentsOf(text);
  const at = segments.indexOf("Instruction:");
  return at === -1 ? null : (segments[at + 1] ?? null);
}
