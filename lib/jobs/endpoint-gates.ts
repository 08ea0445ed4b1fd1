import type { EndpointName, Gate, Gates, Outcome, Pass } from "@/lib/core/gate";
import { DEFAULT_PACE, emptyTally, type LimitSettings, type Pace } from "@/lib/core/limit";
import type { Store } from "@/lib/core/store";
import { oneLine } from "./log";

export type GateOptions = {
  owner: string;
  log: (line: string) => void;
  /** How long places stay this worker's without word from it. */
  leaseMs?: number;
  /** How often a worker with calls in flight reports. */
  reportMs?: number;
  pace?: Pace;
};

type Waiter = { go: (pass: Pass) => void; away: (() => void) | null; signal: AbortSignal; stop: () => void };

/** Retries beyond a tenth of the calls are over the budget; a few are always left. */
const RETRIES_PER_CALL = 0.1;
const RETRIES_SAVED = 10;
/** Between two reports that are made because something happened. */
const HURRY_MS = 20;
/** Longest wait before a worker looks again whether a down endpoint may be tried. */
const LOOK_MS = 1000;
/** A worker without calls gives its places back after so many times the usual pause. */
const IDLE_REPORTS = 4;

/**
 * This worker's way to its endpoints. Places are leased from the store in one go and handed out here, so that a call
 * costs no transaction: the worker reports a few times per second, however many calls it makes.
 */
export function createGates(
  endpoints: Store["endpoints"],
  options: GateOptions,
): { gates: Gates; close(): Promise<void> } {
  const open = new Map<string, SharedGate>();
  return {
    gates(endpoint, limits) {
      const key = JSON.stringify([endpoint.baseURL, endpoint.model]);
      const known = open.get(key);
      if (known) return known.within(limits);
      const gate = new SharedGate(endpoints, endpoint, limits, options);
      open.set(key, gate);
      return gate;
    },
    async close() {
      await Promise.all([...open.values()].map((gate) => gate.close()));
    },
  };
}

class SharedGate implements Gate {
  readonly pauses = true;
  answers = 0;
  private readonly leaseMs: number;
  private readonly reportMs: number;
  private readonly pace: Pace;
  private readonly waiting: Waiter[] = [];
  private granted = 0;
  private validUntil = 0;
  private inUse = 0;
  /** Most places needed at once since the last report. */
  private peak = 0;
  private tally = emptyTally();
  private retries = RETRIES_SAVED;
  private timer: NodeJS.Timeout | undefined;
  private reporting: Promise<void> | null = null;
  private lastReportAt = 0;
  private breaker: keyof typeof told = "closed";
  /** When a down endpoint is worth another look. */
  private lookAt = 0;
  private closed = false;

  constructor(
    private readonly endpoints: Store["endpoints"],
    private readonly endpoint: EndpointName,
    private limits: LimitSettings,
    private readonly options: GateOptions,
  ) {
    this.leaseMs = options.leaseMs ?? 15_000;
    this.reportMs = options.reportMs ?? 250;
    this.pace = options.pace ?? DEFAULT_PACE;
  }

  /** The same gate under the limits of the policy that asked last. */
  within(limits: LimitSettings): this {
    this.limits = limits;
    return this;
  }

  async enter(signal: AbortSignal): Promise<Pass> {
    return new Promise((go, reject) => this.wait({ go, away: null }, reject, signal));
  }

  async enterUnlessDown(signal: AbortSignal): Promise<Pass | null> {
    // Once it may be tried again, one call of this worker waits here to be the one that tries.
    const tried = this.waiting.length > 0 || this.inUse > 0;
    if (this.breaker !== "closed" && (tried || performance.now() < this.lookAt)) return null;
    return new Promise((go, reject) => this.wait({ go, away: () => go(null) }, reject, signal));
  }

  private wait(
    who: Pick<Waiter, "go" | "away">,
    reject: (reason: unknown) => void,
    signal: AbortSignal,
  ): void {
    if (signal.aborted) return reject(signal.reason);
    this.retries = Math.min(RETRIES_SAVED, this.retries + RETRIES_PER_CALL);
    const stop = () => {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      reject(signal.reason);
    };
    const waiter: Waiter = { ...who, signal, stop };
    signal.addEventListener("abort", stop, { once: true });
    this.waiting.push(waiter);
    this.admit();
  }

  /** Whoever can go elsewhere does not wait for a down endpoint. */
  private sendAway(): void {
    for (const waiter of this.waiting.filter(({ away }) => away !== null)) {
      this.waiting.splice(this.waiting.indexOf(waiter), 1);
      waiter.signal.removeEventListener("abort", waiter.stop);
      waiter.away?.();
    }
  }

  spendRetry(): boolean {
    if (this.retries < 1) return false;
    this.retries -= 1;
    return true;
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.reporting;
    await this.report(true);
  }

  private admit(): void {
    const valid = performance.now() < this.validUntil;
    while (valid && this.inUse < this.granted) {
      const next = this.waiting.shift();
      if (!next) break;
      next.signal.removeEventListener("abort", next.stop);
      this.inUse += 1;
      next.go(this.pass());
    }
    this.peak = Math.max(this.peak, this.inUse + this.waiting.length);
    if (this.waiting.length > 0) this.reportIn(this.breaker === "closed" ? HURRY_MS : this.untilProbeMs());
    else if (this.inUse > 0) this.reportIn(this.reportMs);
    else if (this.granted > 0) this.reportIn(IDLE_REPORTS * this.reportMs);
  }

  private untilProbeMs(): number {
    if (this.breaker !== "open") return this.reportMs;
    return Math.min(LOOK_MS, Math.max(0, this.lookAt - performance.now()) + HURRY_MS);
  }

  private pass(): Pass {
    let left = false;
    return {
      leave: (outcome) => {
        if (left) return;
        left = true;
        this.inUse -= 1;
        this.count(outcome);
        this.admit();
      },
    };
  }

  private count(outcome: Outcome): void {
    const { tally } = this;
    if (outcome.kind === "aborted") return;
    if (outcome.kind === "transient") {
      tally.broken += 1;
      tally.said = outcome.what;
      tally.streak += 1;
    } else {
      tally.streak = 0;
      if (outcome.kind === "rate_limit") {
        tally.refused += 1;
        tally.retryAfterMs = Math.max(tally.retryAfterMs, outcome.retryAfterMs ?? 0);
      } else {
        tally.answered += 1;
        this.answers += 1;
      }
    }
    if (this.breaker === "closed") return;
    // One call to a down endpoint is enough, and what became of it is what everybody waits for.
    this.granted = 0;
    this.reportIn(0);
  }

  /** Reports at the latest after this long, but never in a hurry twice. */
  private reportIn(ms: number): void {
    if (this.closed || this.reporting) return;
    const since = performance.now() - this.lastReportAt;
    const pace = ms <= HURRY_MS ? Math.max(ms, Math.min(this.reportMs, 100) - since) : ms;
    const due = performance.now() + pace;
    if (this.timer && due >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = due;
    this.timer = setTimeout(() => void this.report(false), pace);
  }
  private dueAt = 0;

  private async report(last: boolean): Promise<void> {
    if (this.reporting) return;
    this.timer = undefined;
    this.reporting = this.exchange(last).finally(() => (this.reporting = null));
    await this.reporting;
    if (this.closed) return;
    this.admit();
    if (this.breaker !== "closed") this.sendAway();
  }

  private async exchange(last: boolean): Promise<void> {
    const { tally, endpoint, limits, pace, leaseMs } = this;
    const want = last ? 0 : Math.max(this.peak, this.inUse + this.waiting.length);
    // While the answer is on its way, places may be taken up to here and not beyond.
    const inUse = Math.max(this.inUse, Math.min(this.granted, want));
    this.granted = inUse;
    this.tally = emptyTally();
    this.peak = 0;
    this.lastReportAt = performance.now();
    const { owner } = this.options;
    try {
      const sent = { endpoint, limits, pace, owner, tally, inUse, want, leaseMs };
      const { slots, breaker, probeInMs } = await this.endpoints.sync(sent);
      this.granted = slots;
      this.validUntil = this.lastReportAt + leaseMs;
      if (breaker !== this.breaker)
        this.options.log(`${endpoint.model} at ${endpoint.baseURL}: ${told[breaker]}`);
      this.breaker = breaker;
      this.lookAt = performance.now() + (breaker === "open" ? probeInMs : LOOK_MS);
    } catch (error) {
      this.keep(tally);
      const message = error instanceof Error ? error.message : String(error);
      this.options.log(`error: the limit of ${endpoint.model} could not be shared: ${oneLine(message)}`);
    }
  }

  /** A report that was not taken is made again with the next one. */
  private keep(unsent: ReturnType<typeof emptyTally>): void {
    const { tally } = this;
    const heard = tally.answered + tally.refused > 0;
    this.tally = {
      answered: tally.answered + unsent.answered,
      refused: tally.refused + unsent.refused,
      broken: tally.broken + unsent.broken,
      streak: heard ? tally.streak : tally.streak + unsent.streak,
      retryAfterMs: Math.max(tally.retryAfterMs, unsent.retryAfterMs),
      said: tally.said ?? unsent.said,
    };
  }
}

const told = {
  open: "does not answer; rollouts wait for it",
  half_open: "is tried again",
  closed: "answers",
} as const;
