/** One ingredient of a command. */
export type Part = { name: string; count: number };

/** A crafting command: what it makes at once, from what. */
export type Command = { product: string; count: number; parts: Part[] };

/** What the first text of an episode says: the goal and the commands, in its order. */
export type Sheet = { goal: string; commands: Command[] };

const goalLine = /Goal: craft ([^\n]+?)\.?\s*$/;
const commandLine = /^craft (\d{1,6}) ([^\n]+?) using ([^\n]+)$/;
const partForm = /^(\d{1,6}) (.+)$/;
/** More than this is not read. */
const MAX_COMMANDS = 500;
const MAX_PARTS = 20;

function commandIn(line: string): Command | null {
  const [, count, product, using] = commandLine.exec(line.trim()) ?? [];
  if (count === undefined || product === undefined || using === undefined) return null;
  const parts = partsOf(using);
  return parts === null || Number(count) === 0 ? null : { product, count: Number(count), parts };
}

/** Reads `2 rod, 1 nail`; null where a part has no amount. */
export function partsOf(using: string): Part[] | null {
  const parts = using.split(",", MAX_PARTS).map((part) => partForm.exec(part.trim()));
  const read = parts.flatMap((part) =>
    part?.[2] === undefined ? [] : [{ name: part[2], count: Number(part[1]) }],
  );
  return read.length === parts.length ? read : null;
}

/** Reads `Crafting commands: … Goal: craft X.`; null where a text names no goal. */
export function readSheet(text: string): Sheet | null {
  const goal = goalLine.exec(text)?.[1];
  if (goal === undefined) return null;
  const commands = text.split("\n", MAX_COMMANDS).flatMap((line) => commandIn(line) ?? []);
  return { goal, commands };
}

/** What the sheet means for the things on it. */
export type Workings = {
  /** Commands by what they make. */
  makers: Map<string, Command[]>;
  /** The particular kinds a general name stands for: `ash board` and others for `board`. */
  kinds: Map<string, string[]>;
  /** About how much work one of a thing is; what is missing here cannot be had. */
  cost: Map<string, number>;
  /** How many crafts in a row a thing takes; 0 for what is fetched. */
  depth: Map<string, number>;
};

/** What a trip to fetch something costs, against a craft. */
const fetchCost = 0.3;
const MAX_ROUNDS = 30;

/** @param refused things that cannot be fetched */
export function workOut({ commands }: Sheet, refused: ReadonlySet<string>): Workings {
  const makers = new Map<string, Command[]>();
  for (const command of commands)
    makers.set(command.product, [...(makers.get(command.product) ?? []), command]);
  const parts = new Set(commands.flatMap((command) => command.parts.map(({ name }) => name)));
  const kinds = new Map<string, string[]>();
  for (const name of parts) {
    const found = [...makers.keys()].filter((product) => product.endsWith(` ${name}`));
    if (!makers.has(name) && found.length > 0) kinds.set(name, found);
  }
  const workings = { makers, kinds, cost: new Map<string, number>(), depth: new Map<string, number>() };
  const fetched = [...parts].filter((name) => !makers.has(name) && !refused.has(name));
  for (const name of fetched) if (!kinds.has(name)) setFetched(workings, name);
  relax(workings);
  // A name whose kinds are all made from it, as packed ice from ice, is a thing of its own.
  const own = fetched.filter((name) => kinds.has(name) && !workings.cost.has(name));
  for (const name of own) {
    kinds.delete(name);
    setFetched(workings, name);
  }
  if (own.length > 0) relax(workings);
  return workings;
}

function setFetched({ cost, depth }: Workings, name: string): void {
  cost.set(name, fetchCost);
  depth.set(name, 0);
}

function relax({ makers, kinds, cost, depth }: Workings): void {
  const costOf = (name: string) => cost.get(name) ?? Infinity;
  const depthOf = (name: string) => depth.get(name) ?? Infinity;
  for (let round = 0, changed = true; changed && round < MAX_ROUNDS; round += 1) {
    changed = false;
    const lower = (name: string, newCost: number, newDepth: number) => {
      if (newCost >= costOf(name) && newDepth >= depthOf(name)) return;
      cost.set(name, Math.min(newCost, costOf(name)));
      depth.set(name, Math.min(newDepth, depthOf(name)));
      changed = true;
    };
    for (const [product, commands] of makers)
      for (const { count, parts } of commands) {
        const sum = parts.reduce((total, part) => total + part.count * costOf(part.name), 0);
        lower(product, (1 + sum) / count, Math.max(...parts.map(({ name }) => depthOf(name))) + 1);
      }
    for (const [name, found] of kinds)
      lower(name, Math.min(...found.map(costOf)), Math.min(...found.map(depthOf)));
  }
}
