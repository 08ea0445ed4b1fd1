import { strip, textRepr } from "../python-text";
import type { Ingredient, Recipe, RecipeBook } from "./recipes";

/** An item or a tag as an action names it, and how many of it. Amounts have no upper limit. */
type Named = { item: string | null; tag: string | null; count: bigint };

export type CraftResult = { text: string; reward: number; done: boolean };

/** More digits than this the original cannot read as a number either. */
const MAX_DIGITS = 4300;

const craftForm = /^craft ([^\n]*) using ([^\n]*)/;
const getForm = /^get ([0-9]+) ([^\n]*)/;
const countedForm = /^([0-9]+) ([^\n]*)/;

/** An action that changes nothing, with what is said about it. */
class Refused extends Error {}

/** One episode: what is carried, and what every action does. The rules are those of the original's engine. */
export class CraftSession {
  /** In the order things were first had. */
  private readonly inventory = new Map<string, bigint>();

  constructor(
    private readonly book: RecipeBook,
    private readonly goal: string,
  ) {}

  /** Never throws: whatever is not an action is answered in words and changes nothing. */
  step(action: string): CraftResult {
    try {
      return this.act(action);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { text: error.message, reward: 0, done: false };
    }
  }

  private act(action: string): CraftResult {
    const [, output, inputs] = craftForm.exec(action) ?? [];
    if (output !== undefined && inputs !== undefined) return this.craft(action, output, inputs);
    const [, amount, name] = getForm.exec(action) ?? [];
    if (amount !== undefined && name !== undefined) return this.get(numberIn(amount, action), name);
    if (action.startsWith("inventory")) return { text: this.listed(), reward: 0, done: false };
    throw new Refused(`Could not execute ${action}`);
  }

  private get(count: bigint, name: string): CraftResult {
    const id = this.book.idOf(name);
    if (!this.book.isFetchable(id)) throw new Refused(`Could not find ${name}`);
    this.add(id, count);
    return this.got(id, `Got ${count} ${name}`);
  }

  private craft(action: string, output: string, inputs: string): CraftResult {
    const [, count, name] = countedForm.exec(output) ?? [];
    const wanted = this.named(name ?? output, count === undefined ? 1n : numberIn(count, action));
    const given = inputs.split(",").map((part) => this.input(strip(part), action));
    if (!given.every(({ item, count }) => this.has(item, count)))
      throw new Refused(`Could not find enough items to craft ${wanted.item ?? "None"}`);
    const recipe = this.matching(wanted, given);
    if (recipe === null) throw new Refused(`Could not find a valid recipe for ${described(wanted)}`);
    this.consume(recipe, given);
    this.add(recipe.item, BigInt(recipe.count));
    return this.got(recipe.item, `Crafted ${recipe.count} ${recipe.item}`);
  }

  private input(text: string, action: string): Named {
    const [, count, name] = countedForm.exec(text) ?? [];
    if (count === undefined || name === undefined) throw new Refused(`Wrong item format: ${text}`);
    return this.named(name, numberIn(count, action));
  }

  private named(name: string, count: bigint): Named {
    const id = this.book.idOf(name);
    return this.book.tags.has(id) ? { item: null, tag: id, count } : { item: id, tag: null, count };
  }

  /** The first recipe of the wanted item that takes exactly what is given, in any order. */
  private matching(wanted: Named, given: Named[]): Recipe | null {
    const recipes = wanted.item === null ? [] : (this.book.byItem.get(wanted.item) ?? []);
    return recipes.find((recipe) => this.takesExactly(recipe.ingredients, given)) ?? null;
  }

  private takesExactly(ingredients: Ingredient[], given: Named[]): boolean {
    const left = [...given];
    for (const ingredient of ingredients) {
      const at = left.findIndex(({ item }) => item !== null && this.serves(item, ingredient));
      if (at === -1 || left[at]?.count !== BigInt(ingredient.count)) return false;
      left.splice(at, 1);
    }
    return left.length === 0;
  }

  private serves(item: string, { kind, id }: Ingredient): boolean {
    return kind === "item" ? item === id : this.book.tagOf.get(item) === id;
  }

  /** All or nothing: an item that serves as two ingredients has to be there for both. */
  private consume(recipe: Recipe, given: Named[]): void {
    const totals = new Map<string, bigint>();
    for (const { item, count } of given)
      if (item !== null) totals.set(item, (totals.get(item) ?? 0n) + count);
    for (const [item, count] of totals)
      if (!this.has(item, count)) throw new Refused(`Could not find enough items to craft ${recipe.item}`);
    for (const [item, count] of totals) {
      const left = (this.inventory.get(item) ?? 0n) - count;
      if (left === 0n) this.inventory.delete(item);
      else this.inventory.set(item, left);
    }
  }

  private has(item: string | null, count: bigint): boolean {
    const carried = item === null ? undefined : this.inventory.get(item);
    return carried !== undefined && carried >= count;
  }

  private add(item: string, count: bigint): void {
    this.inventory.set(item, (this.inventory.get(item) ?? 0n) + count);
  }

  private got(item: string, text: string): CraftResult {
    const done = item === this.goal;
    return { text, reward: done ? 1 : 0, done };
  }

  private listed(): string {
    if (this.inventory.size === 0) return "Inventory: You are not carrying anything.";
    const carried = Array.from(this.inventory, ([item, count]) => `[${this.book.nameOf(item)}] (${count}) `);
    return `Inventory: ${carried.join("")}`;
  }
}

function numberIn(digits: string, action: string): bigint {
  if (digits.length > MAX_DIGITS) throw new Refused(`Could not execute ${action}`);
  return BigInt(digits);
}

/** What was asked for, in the words of the original, which shows its own object. */
function described({ item, tag, count }: Named): string {
  const written = (id: string | null) => (id === null ? "None" : textRepr(id));
  return `ItemTagWithCount(item_tag=ItemTag(tag=${written(tag)}, item_id=${written(item)}), count=${count})`;
}
