import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "@/lib/core/errors";
import type { Gate, Pass } from "@/lib/core/gate";

/** A server that may be asked, and the way to it. */
export type Replica<Server> = { url: string; server: Server; gate: Gate };

/** Between two looks whether one of several servers is back when all are down. */
const LOOK_MS = 250;

const weight = (url: string, affinity: string): string =>
  createHash("sha256").update(`${url}\n${affinity}`).digest("hex");

/**
 * Which servers to ask, best first: everybody gives the same order for the same word, words spread evenly, and a server
 * that is added or leaves takes only its own share along (rendezvous hashing).
 */
export function inOrder<Server>(replicas: Replica<Server>[], affinity: string): Replica<Server>[] {
  if (replicas.length < 2) return replicas;
  const weighed = replicas.map((replica) => ({ replica, at: weight(replica.url, affinity) }));
  return weighed.sort((a, b) => (a.at < b.at ? 1 : -1)).map(({ replica }) => replica);
}

/**
 * One gate in front of several servers, for one turn of a policy. A call goes to the first server that is not down: to wait
 * for a dead one would soon have every worker waiting, while the others have nothing to do. A server that is merely busy,
 * or refuses calls as too many, is waited for: it alone has the prompt.
 */
export class Route<Server> implements Gate {
  private chosen: Replica<Server>;
  private answersBefore: number;
  private answersElsewhere = 0;

  /** @param order the servers, best first; @throws AppError invalid_input when there is none */
  constructor(private readonly order: Replica<Server>[]) {
    const [first] = order;
    if (!first) throw new AppError("invalid_input", "a policy needs a server to ask");
    this.chosen = first;
    this.answersBefore = first.gate.answers;
  }

  /** The server of the call that entered last. */
  get server(): Server {
    return this.chosen.server;
  }

  get pauses(): boolean {
    return this.chosen.gate.pauses;
  }

  /** Of the server asked at the time only: that others answer says nothing of a call that failed here. */
  get answers(): number {
    return this.answersElsewhere + this.chosen.gate.answers - this.answersBefore;
  }

  async enter(signal: AbortSignal): Promise<Pass> {
    if (this.order.length === 1) return this.chosen.gate.enter(signal);
    for (;;) {
      const pass = await this.enterUnlessDown(signal);
      if (pass) return pass;
      await pause(LOOK_MS, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }

  /** @returns null when all are down */
  async enterUnlessDown(signal: AbortSignal): Promise<Pass | null> {
    for (const replica of this.order) {
      const pass = await replica.gate.enterUnlessDown(signal);
      if (!pass) continue;
      this.choose(replica);
      return pass;
    }
    return null;
  }

  spendRetry(): boolean {
    return this.chosen.gate.spendRetry();
  }

  private choose(replica: Replica<Server>): void {
    if (replica === this.chosen) return;
    this.answersElsewhere = this.answers;
    this.chosen = replica;
    this.answersBefore = replica.gate.answers;
  }
}
