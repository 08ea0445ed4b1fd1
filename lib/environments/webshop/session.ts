import type { Catalogue, Product } from "./catalogue";
import type { Goal } from "./goals";
import { donePage, indexPage, itemPage, renderPage, resultsPage, subPage, subPages } from "./pages";
import type { Clickable, ObservationMode, Page, SubPage } from "./pages";
import { dictJson, strip } from "../python-text";
import { PythonRandom } from "./python-random";
import { judgePurchase, type RewardParts } from "./reward";

const MOST_RESULTS = 50;
const PAGE_SIZE = 10;
const QUERIES_KEPT = 2_000;
const ORIGIN = "http://127.0.0.1:3000";

/** Everything the sessions of one shop share; nothing in it changes what a page says. */
export type Shop = {
  catalogue: Catalogue;
  goals: Goal[];
  prices: Map<string, number>;
  mode: ObservationMode;
  /** Whether item pages have a button to the product's attributes. */
  showAttributes: boolean;
  /** Results by query, so that paging does not search again. */
  found: Map<string, Product[]>;
};

export type Outcome = { reward: number; done: boolean };
const nothing: Outcome = { reward: 0, done: false };

/**
 * One customer in the shop: the original's page flow, its quirks included (the page one stands on is read from the
 * address, which holds the search words; a search works everywhere, after the purchase too).
 * Source: princeton-nlp/WebShop; environments.md section 3.1
 */
export class ShopSession {
  private page: Page;
  private url: string;
  private keywords: string[] = [];
  private pageNumber = 1;
  private product: Product | null = null;
  private options = new Map<string, string>();
  private visited = new Set<string>();
  /** How the last purchase was judged; null before one. */
  judged: RewardParts | null = null;

  constructor(
    private readonly shop: Shop,
    private readonly goal: Goal,
    private readonly goalIndex: number,
  ) {
    this.url = `${ORIGIN}/${goalIndex}`;
    this.page = indexPage(goal.instruction);
  }

  /** The page as text. */
  get observation(): string {
    return renderPage(this.page, this.shop.mode, this.url, this.visited);
  }

  /** What can be clicked, lower case, in the order the shop lists it. */
  get clickables(): string[] {
    return [...this.page.clickables.keys()];
  }

  /** Acts. Anything that is not a search or a click on the page changes nothing. */
  step(action: string): Outcome {
    const [, name, argument] = /^([^\n]+)\[([^\n]+)\]/.exec(action) ?? [];
    if (name === undefined || argument === undefined) return nothing;
    const value = argument.toLowerCase();
    if (name === "search") return this.search(value.split(" "), 1);
    const clickable = this.page.clickables.get(value);
    if (name !== "click" || clickable === undefined || value === "search") return nothing;
    return this.click(value, clickable);
  }

  private click(value: string, clickable: Clickable): Outcome {
    if (value === "buy now") return this.buy();
    if (value === "back to search") return this.restart();
    const standing = this.standing();
    if (value === "next >" && standing === "search_results")
      return this.search(this.keywords, this.pageNumber + 1);
    if (value === "< prev" && standing === "search_results")
      return this.search(this.keywords, this.pageNumber - 1);
    if (value === "< prev" && standing === "item_page") return this.search(this.keywords, this.pageNumber);
    const which = subPages.find((page) => page.toLowerCase() === value);
    if (which) return this.openSubPage(which);
    if (clickable.kind === "link")
      this.product = this.shop.catalogue.byAsin.get(value.toUpperCase()) ?? this.product;
    if (clickable.kind === "link" && this.product) this.visited.add(this.product.asin);
    if (clickable.kind === "option") this.options.set(clickable.name, value);
    return this.openItem();
  }

  /** Which page the address says this is. */
  private standing(): string | undefined {
    return ["search_results", "item_page", "item_sub_page", "done"].find((name) => this.url.includes(name));
  }

  private restart(): Outcome {
    this.keywords = [];
    this.pageNumber = 1;
    this.product = null;
    this.options = new Map();
    this.visited = new Set();
    return this.show(indexPage(this.goal.instruction), `${ORIGIN}/${this.goalIndex}`);
  }

  private search(keywords: string[], pageNumber: number): Outcome {
    this.keywords = keywords;
    this.pageNumber = pageNumber;
    this.product = null;
    this.options = new Map();
    const found = this.find(keywords);
    if (found === null) return nothing;
    const shown = found.slice((pageNumber - 1) * PAGE_SIZE, pageNumber * PAGE_SIZE);
    return this.show(
      resultsPage(this.goal.instruction, shown, pageNumber, found.length),
      `${ORIGIN}/search_results/${this.goalIndex}/${keywords.join("+")}/${pageNumber}`,
    );
  }

  /** @returns null for the listings the original crashes on: it shows the old page, and has forgotten the product */
  private find(keywords: string[]): Product[] | null {
    const { products } = this.shop.catalogue;
    const [first = "", second, ...rest] = keywords;
    const after = strip([second ?? "", ...rest].join(" "));
    if (first === "<r>") return drawnProducts(products, this.goalIndex);
    if (first === "<a>") return null;
    if (first === "<c>")
      return second === undefined ? null : products.filter((p) => p.category === strip(second));
    if (first === "<q>") return products.filter((p) => p.query === after);
    return this.ranked(keywords.join(" "));
  }

  private ranked(query: string): Product[] | null {
    const { catalogue, found } = this.shop;
    const known = found.get(query);
    if (known) return known;
    const hits = catalogue.index.search(query, MOST_RESULTS);
    if (hits === null) return null;
    const products = hits.flatMap((asin) => catalogue.byAsin.get(asin) ?? []);
    if (found.size >= QUERIES_KEPT) found.clear();
    found.set(query, products);
    return products;
  }

  private openItem(): Outcome {
    if (!this.product) return nothing;
    const page = itemPage(this.goal.instruction, this.product, this.shop.showAttributes);
    return this.show(page, this.itemUrl("item_page", ""));
  }

  private openSubPage(which: SubPage): Outcome {
    if (!this.product) return nothing;
    return this.show(
      subPage(this.goal.instruction, this.product, which),
      this.itemUrl("item_sub_page", `${which}/`),
    );
  }

  private itemUrl(page: string, which: string): string {
    const where = `${this.goalIndex}/${this.product?.asin}/${this.keywords.join("+")}/${this.pageNumber}`;
    return `${ORIGIN}/${page}/${where}/${which}${dictJson(this.options)}`;
  }

  private buy(): Outcome {
    if (!this.product) return nothing;
    const { asin } = this.product;
    const price = this.shop.prices.get(asin) ?? 0;
    this.judged = judgePurchase(this.goal, this.product, price, [...this.options.values()]);
    const { reward } = this.judged;
    this.show(donePage(asin, this.options, reward), `${ORIGIN}/done/${this.goalIndex}/${asin}`);
    return { reward, done: true };
  }

  private show(page: Page, url: string): Outcome {
    this.page = page;
    this.url = url;
    return nothing;
  }
}

/** `<r>` lists products at random; here the same ones every time, so that an episode can be replayed. */
function drawnProducts(products: Product[], seed: number): Product[] {
  const shuffled = [...products];
  new PythonRandom(seed).shuffle(shuffled);
  return shuffled.slice(0, MOST_RESULTS);
}
