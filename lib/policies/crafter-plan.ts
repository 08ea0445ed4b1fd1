import type { Stock } from "./crafter-memory";
import { workOut, type Command, type Part, type Sheet, type Workings } from "./crafter-sheet";

/** One step of a plan. */
export type Planned =
  { kind: "get"; name: string; count: number } | { kind: "craft"; command: Command; parts: Part[] };

/** A plan with more crafts than this is none. */
const MAX_CRAFTS = 120;
const MAX_DEPTH = 24;
/** How much cheaper a thing looks when some of it is carried. */
const atHand = 0.1;

class NoPlan extends Error {}

/** A planned step as an action. */
export function actionOf(planned: Planned): string {
  if (planned.kind === "get") return `get ${planned.count} ${planned.name}`;
  const { product, count } = planned.command;
  return `craft ${count} ${product} using ${planned.parts.map((part) => `${part.count} ${part.name}`).join(", ")}`;
}

/**
 * What is still to be done for the goal: everything to fetch, then the crafts in their order.
 * @param refused things the workshop would not hand out
 * @returns null where the sheet leads to no goal
 */
export function planFor(sheet: Sheet, stock: Stock, refused: ReadonlySet<string>): Planned[] | null {
  try {
    return new Planner(workOut(sheet, refused), stock).plan(sheet.goal);
  } catch (error) {
    if (error instanceof NoPlan) return null;
    throw error;
  }
}

class Planner {
  private readonly have: Stock;
  private readonly gets = new Map<string, number>();
  private readonly crafts: Planned[] = [];

  constructor(
    private readonly workings: Workings,
    private readonly stock: Stock,
  ) {
    this.have = new Map(stock);
  }

  plan(goal: string): Planned[] {
    this.make(goal, 1, 0);
    const gets = Array.from(this.gets, ([name, count]) => ({ kind: "get" as const, name, count }));
    return [...gets, ...this.crafts];
  }

  private make(name: string, count: number, depth: number): void {
    if (depth > MAX_DEPTH || !this.workings.cost.has(name)) throw new NoPlan();
    const command = this.cheapest(name);
    if (command === undefined) {
      this.gets.set(name, (this.gets.get(name) ?? 0) + count);
      this.put(name, count);
      return;
    }
    for (let made = 0; made < count; made += command.count) {
      // What is taken is set aside, so that making the next part does not use it up.
      const parts = command.parts.map((part) => this.take(part, depth + 1));
      this.crafts.push({ kind: "craft", command, parts });
      if (this.crafts.length > MAX_CRAFTS) throw new NoPlan();
      this.put(name, command.count);
    }
  }

  private take({ name, count }: Part, depth: number): Part {
    const kind = this.kindFor(name, count);
    const missing = count - (this.have.get(kind) ?? 0);
    if (missing > 0) this.make(kind, missing, depth);
    this.put(kind, -count);
    return { name: kind, count };
  }

  private put(name: string, count: number): void {
    this.have.set(name, (this.have.get(name) ?? 0) + count);
  }

  /** The thing itself, or that kind of it which is least work now. */
  private kindFor(name: string, count: number): string {
    const kinds = this.workings.kinds.get(name) ?? [name];
    const work = (kind: string) => Math.max(0, count - (this.have.get(kind) ?? 0)) * this.costOf(kind);
    return kinds.reduce((best, kind) => (work(kind) < work(best) ? kind : best), kinds[0] ?? name);
  }

  private cheapest(name: string): Command | undefined {
    const work = ({ parts, count }: Command) =>
      parts.reduce((sum, part) => sum + part.count * this.costOf(part.name), 1) / count;
    const [first, ...others] = this.workings.makers.get(name) ?? [];
    return others.reduce(
      (best, maker) => (best !== undefined && work(maker) < work(best) ? maker : best),
      first,
    );
  }

  private costOf(name: string): number {
    const kinds = this.workings.kinds.get(name) ?? [name];
    const carried = kinds.some((kind) => this.stock.has(kind));
    return (carried ? atHand : 1) * (this.workings.cost.get(name) ?? Infinity);
  }
}
