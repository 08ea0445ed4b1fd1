import pg from "pg";

/** The end of a process at one of its statements: before it is sent, or once it was carried out and not yet answered. */
export type Death = { at: number; when: "before" | "after" };

/** What one process sent to the database, and how it ends. */
export type Doom = {
  /** The statements sent so far, in order. */
  statements: string[];
  dead: boolean;
};

type Doomed = Doom & { death: Death | null; onDeath: () => void; clients: Set<pg.Client> };

const doomed = new Map<string, Doomed>();

/** The name a connection gave itself; pg does not declare where it keeps it. */
function nameOf(client: pg.Client): string {
  const parameters: unknown = Reflect.get(client, "connectionParameters");
  const name: unknown =
    typeof parameters === "object" && parameters !== null
      ? Reflect.get(parameters, "application_name")
      : undefined;
  return typeof name === "string" ? name : "";
}

/** What brings its own answers to a query, as a copy does; it gives no promise. */
type Submittable = { handleReadyForQuery: () => void; handleError: (error: Error) => void };
const isSubmittable = (query: unknown): query is Submittable => query instanceof Object && "submit" in query;

function unansweredBy(one: Doomed, query: Submittable): Submittable {
  query.handleReadyForQuery = () => {
    die(one);
    query.handleError(new Error("the process is gone"));
  };
  return query;
}

function textOf(query: unknown): string {
  if (isSubmittable(query)) return query.constructor.name;
  const text: unknown = typeof query === "object" && query !== null && "text" in query ? query.text : query;
  return String(text).replace(/\s+/g, " ").trim();
}

/** Ends every connection as the kernel does for a process that is gone: no goodbye, nothing more is sent. */
function die(one: Doomed): void {
  one.dead = true;
  one.onDeath();
  for (const client of one.clients) breakOff(client);
}

function breakOff(client: pg.Client): void {
  const connection: unknown = Reflect.get(client, "connection");
  if (typeof connection !== "object" || connection === null) return;
  const stream: unknown = Reflect.get(connection, "stream");
  if (stream instanceof Object && "destroy" in stream && typeof stream.destroy === "function")
    Reflect.apply(stream.destroy, stream, []);
}

type Call = (this: pg.Client, ...args: unknown[]) => unknown;

function watched(original: Call): Call {
  return function query(this: pg.Client, ...args: unknown[]): unknown {
    const one = doomed.get(nameOf(this)) ?? doomed.get("*");
    if (!one) return Reflect.apply(original, this, args);
    one.clients.add(this);
    if (!one.dead) one.statements.push(textOf(args[0]));
    const due = !one.dead && one.statements.length - 1 === one.death?.at;
    if (due && one.death?.when === "before") die(one);
    if (one.dead) breakOff(this);
    if (!due || one.dead) return Reflect.apply(original, this, args);
    if (isSubmittable(args[0])) return Reflect.apply(original, this, [unansweredBy(one, args[0])]);
    const last = args.at(-1);
    if (typeof last === "function") {
      const unanswered = () => {
        die(one);
        Reflect.apply(last, undefined, [new Error("the process is gone")]);
      };
      return Reflect.apply(original, this, [...args.slice(0, -1), unanswered]);
    }
    return Promise.resolve(Reflect.apply(original, this, args)).finally(() => {
      die(one);
      throw new Error("the process is gone");
    });
  };
}

let isWatching = false;

/**
 * Lets everything that connects with this name die at a statement; `*` is whoever connects with no name given here.
 * What was this process then gets an error for whatever it sends, for good.
 * @param death null: never, and the statements are only counted
 * @param onDeath called at the moment of it; a process of its own ends itself here
 */
export function doom(name: string, death: Death | null, onDeath: () => void = () => undefined): Doom {
  if (!isWatching) {
    const original = pg.Client.prototype.query;
    const call: Call = function (...args) {
      return Reflect.apply(original, this, args);
    };
    Object.defineProperty(pg.Client.prototype, "query", { value: watched(call) });
    isWatching = true;
  }
  const one: Doomed = { statements: [], dead: false, death, onDeath, clients: new Set() };
  doomed.set(name, one);
  return one;
}

/** Forgets a name once its connections are closed. */
export function pardon(name: string): void {
  doomed.delete(name);
}
