import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { KindName } from "@/lib/environments/agentgym/config";
import { NoSuchTask, type Game, type Played } from "./agentgym-server-game";
import { games, wordList } from "./agentgym-server-games";

/** What the next request to a route meets instead of an answer. */
export type Fault =
  | { fault: "status"; status: number; text?: string }
  /** An error with status 200, as the first family reports all of them. */
  | { fault: "error"; error: string }
  /** Any JSON instead of the answer. */
  | { fault: "instead"; body: unknown }
  | { fault: "not-json" }
  | { fault: "huge" }
  | { fault: "reset" }
  /** Takes the request, does what it asks, and answers late. */
  | { fault: "late"; ms: number }
  /** Takes the request, does what it asks, and never answers. */
  | { fault: "silence" };

export type AgentGymServer = {
  url: string;
  /** `POST /step` and the like, with what was sent. */
  requests: { route: string; body: unknown }[];
  /** The next so many requests to a route meet the fault. */
  fail(route: string, fault: Fault, times?: number): void;
  /** Forgets every instance and begins anew, as the server does when its process ends and is started again. */
  restart(change?: { hashSeed?: number }): void;
  /** Nothing listens any more; `resume` listens at the same address again, restarted. */
  stop(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
};

type Options = { hashSeed?: number; describes?: boolean; atMost?: number };
type Slot = { game: Game; seen: Played | null };

const bare = new Set<KindName>([
  "webshop",
  "sqlgym",
  "searchqa",
  "weather",
  "movie",
  "academia",
  "todo",
  "sheet",
]);
const pairs = new Set<KindName>(["webshop", "sqlgym"]);
const closing = new Set<KindName>(["sciworld", "babyai", "textcraft", "searchqa"]);
const prefixes: Partial<Record<KindName, string>> = { maze: "/maze", wordle: "/wordle" };
const taskField: Partial<Record<KindName, string>> = {
  ...{ webshop: "session_id", sciworld: "data_idx", babyai: "data_idx", textcraft: "data_idx" },
  ...{ alfworld: "game", maze: "game", wordle: "seed", sqlgym: "item_id" },
};
const greetings: Partial<Record<KindName, string>> = {
  ...{ sciworld: "ScienceWorld", alfworld: "AlfWorld", babyai: "BabyAI", textcraft: "TextCraft" },
  ...{ maze: "LMRL-Gym", wordle: "LMRL-Gym" },
};

/** An answer that is not a 200. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(`status ${status}`);
  }
}
/** What Python raises, told in the way of each family. */
class Raised extends Error {}

/** A server that speaks one kind of AgentGym's HTTP, with the traps of the real ones and faults on demand. */
export async function startAgentGymServer(kind: KindName, options: Options = {}): Promise<AgentGymServer> {
  const family = bare.has(kind) ? "env_idx" : "id";
  const prefix = prefixes[kind] ?? "";
  const field = taskField[kind] ?? "id";
  const requests: AgentGymServer["requests"] = [];
  const faults: { route: string; fault: Fault; times: number }[] = [];
  let slots = new Map<number, Slot>();
  let next = 0;
  let made = 0;
  let hashSeed = options.hashSeed ?? 0;

  const create = (body: Record<string, unknown> | null): unknown => {
    const needsBody = kind === "textcraft" || (bare.has(kind) && !pairs.has(kind));
    if (needsBody && body === null) throw new Refused(422, { detail: [{ type: "missing", loc: ["body"] }] });
    if (slots.size >= (options.atMost ?? Infinity)) return [...slots.keys()][0];
    // The shop and the database draw their numbers; the clock that also draws prices is a count here.
    const id = pairs.has(kind) ? 48_000_000 + made * 7 : next;
    next += 1;
    slots.set(id, { game: games[kind]({ number: made, hashSeed }), seen: null });
    made += 1;
    if (family === "env_idx") return id;
    return kind === "textcraft" ? { id, observation: "", done: false, reward: 0 } : { id };
  };
  const slotOf = (id: unknown): Slot => {
    const slot = slots.get(Number(id));
    if (!slot) throw new Raised(`The id ${String(id)} is not valid.`);
    return slot;
  };
  const reset = (body: Record<string, unknown>): unknown => {
    const slot = slotOf(body[family]);
    // Pydantic fills an optional field that is missing; the others it refuses.
    const index = body[field] ?? (kind === "webshop" || kind === "textcraft" ? 0 : undefined);
    if (typeof index !== "number")
      throw new Refused(422, { detail: [{ type: "missing", loc: ["body", field] }] });
    const begun = slot.game.begin(index);
    slot.seen = begun;
    // The clients of these show what `GET /observation` says, whatever the reset answered.
    if (pairs.has(kind)) return [`${begun.text} (reset)`, null];
    if (family === "env_idx") return begun.text;
    const more =
      begun.taskDescription === undefined ? {} : { task_description: begun.taskDescription, score: 0 };
    const listed = begun.actions === undefined ? {} : { available_actions: begun.actions };
    return { observation: begun.text, ...more, ...listed };
  };
  const step = (body: Record<string, unknown>): unknown => {
    const slot = slotOf(body[family]);
    if (slot.seen === null) throw new Raised("0");
    const refusesAfterEnd = family === "id" && kind !== "textcraft";
    if (slot.seen.done && refusesAfterEnd)
      throw new Raised(`The task with environment ${String(body.id)} has finished.`);
    if (typeof body.action !== "string") throw new Refused(422, { detail: [{ loc: ["body", "action"] }] });
    const played = slot.game.act(body.action);
    slot.seen = played;
    const { text, reward, score, done, actions } = played;
    if (pairs.has(kind)) return { state: text, reward, done, info: null };
    const more = score === undefined ? {} : { score };
    return { observation: text, reward, ...more, done, ...(actions ? { available_actions: actions } : {}) };
  };
  const ask = (route: string, id: unknown): unknown => {
    if (route === "/") return greetings[kind] ? `This is environment ${greetings[kind]}.` : "ok";
    if (route === "/list_envs" && bare.has(kind) && kind !== "searchqa") return [...slots.keys()];
    if (route === "/openapi.json" && options.describes !== false) return described();
    if (route === "/filtered_vocab" && kind === "wordle") return wordList;
    if (route === "/available_actions" && kind === "webshop")
      return { has_search_bar: true, clickables: slotOf(id).seen?.actions ?? [] };
    if (route === "/state" && kind === "webshop")
      return { url: "url", html: "html", instruction_text: "instruction_text" };
    if (route === "/observation") return slotOf(id).seen?.text ?? "";
    throw new Refused(404, { detail: "Not Found" });
  };
  const described = () => ({
    openapi: "3.1.0",
    paths: Object.fromEntries(["create", "reset", "step"].map((route) => [`${prefix}/${route}`, {}])),
    components: { schemas: { ResetQuery: { properties: { [family]: {}, [field]: {} } }, StepQuery: {} } },
  });
  const answer = (method: string, route: string, url: URL, body: Record<string, unknown> | null): unknown => {
    if (method === "GET") return ask(route, url.searchParams.get(family));
    if (route === "/create") return create(body);
    if (route === "/close" && closing.has(kind)) return slots.delete(Number(body?.[family]));
    if (route === "/reset" && body) return reset(body);
    if (route === "/step" && body) return step(body);
    throw new Refused(404, { detail: "Not Found" });
  };
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://server");
    const route = url.pathname.startsWith(prefix) ? url.pathname.slice(prefix.length) || "/" : url.pathname;
    const body = await bodyOf(request);
    requests.push({ route: `${request.method} ${route}`, body });
    const due = faults.find((each) => each.route === route && each.times > 0);
    if (due) due.times -= 1;
    if (due && (await meet(due.fault, response))) return;
    let [status, said] = [200, null as unknown];
    try {
      said = answer(request.method ?? "GET", route, url, body);
    } catch (error) {
      [status, said] = told(error, family);
    }
    if (due?.fault.fault === "silence") return;
    if (due?.fault.fault === "late")
      await new Promise((resolve) => setTimeout(resolve, due.fault.fault === "late" ? due.fault.ms : 0));
    send(response, status, said);
  };
  const restart: AgentGymServer["restart"] = (change = {}) => {
    slots = new Map();
    next = 0;
    hashSeed = change.hashSeed ?? hashSeed;
  };
  const listening = listen((request, response) => void handle(request, response));
  const { url, ...door } = await listening;
  return {
    url,
    requests,
    fail: (route, fault, times = 1) => void faults.push({ route, fault, times }),
    restart,
    stop: door.stop,
    resume: async () => {
      restart();
      await door.resume();
    },
    close: door.stop,
  };
}

function told(error: unknown, family: "id" | "env_idx"): [number, unknown] {
  if (error instanceof Refused) return [error.status, error.body];
  if (!(error instanceof Raised || error instanceof NoSuchTask)) throw error;
  return family === "id" ? [200, { error: error.message }] : [500, "Internal Server Error"];
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | null> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? null : JSON.parse(text);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = status === 500 ? String(body) : JSON.stringify(body);
  response.writeHead(status, { "content-type": status === 500 ? "text/plain" : "application/json" });
  response.end(text);
}

/** @returns whether the fault was the whole answer */
async function meet(fault: Fault, response: ServerResponse): Promise<boolean> {
  switch (fault.fault) {
    case "status":
      send(response, fault.status, fault.text ?? "Internal Server Error");
      return true;
    case "error":
      send(response, 200, { error: fault.error });
      return true;
    case "instead":
      send(response, 200, fault.body);
      return true;
    case "not-json":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html>a proxy\u0007</html>");
      return true;
    case "huge":
      response.writeHead(200, { "content-type": "application/json" });
      response.on("error", () => undefined);
      response.end(`"${"x".repeat(6_000_000)}"`);
      return true;
    case "reset":
      response.socket?.destroy();
      return true;
    case "late":
    case "silence":
      return false;
  }
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Listens on a free port of the loopback; can stop and come back at the same one. */
async function listen(handler: Handler) {
  let server = createServer(handler);
  const at = (port: number) =>
    new Promise<number>((resolve) => {
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        resolve(typeof address === "object" && address ? address.port : 0);
      });
    });
  const port = await at(0);
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
    async resume() {
      server = createServer(handler);
      await at(port);
    },
  };
}
