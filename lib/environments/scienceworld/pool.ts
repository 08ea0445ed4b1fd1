import { AppError } from "@/lib/core/errors";
import type { Simulator } from "./simulator";

/** The simulator keeps a history of every episode; a JVM is not trusted to run for ever. */
const EPISODES_PER_SIMULATOR = 500;
const IDLE_MS = 120_000;

type Idle = { simulator: Simulator; since: NodeJS.Timeout };

/**
 * Simulators, each lent to one episode at a time: they start when first needed, are used again, end after a while of
 * idleness, and are replaced when they break.
 */
export class SimulatorPool {
  #idle: Idle[] = [];
  #lent = new Set<Simulator>();
  #waiting: (() => void)[] = [];
  /** Lent or being started or looked at. */
  #taken = 0;
  #closed = false;

  constructor(
    private readonly limit: number,
    private readonly start: () => Promise<Simulator>,
    private readonly idleMs = IDLE_MS,
  ) {}

  /**
   * A simulator that answers; waits while all are lent.
   * @throws AppError as `start`; the signal's reason when it fires first
   */
  async lend(signal?: AbortSignal): Promise<Simulator> {
    signal?.throwIfAborted();
    await this.#turn(signal);
    try {
      const simulator = (await this.#reuse()) ?? (await this.start());
      if (this.#closed) await simulator.close();
      this.#demandOpen();
      this.#lent.add(simulator);
      return simulator;
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  /** Takes one back; one that broke or served long enough is ended. May be called twice. */
  giveBack(simulator: Simulator): void {
    if (!this.#lent.delete(simulator)) return;
    if (this.#closed || !simulator.alive || simulator.episodes >= EPISODES_PER_SIMULATOR)
      void simulator.close();
    else {
      const since = setTimeout(() => this.#retire(simulator), this.idleMs).unref();
      this.#idle.push({ simulator, since });
    }
    this.#free();
  }

  /** Ends all of them, those lent included. May be called twice. */
  async close(): Promise<void> {
    this.#closed = true;
    const idle = this.#idle.splice(0);
    for (const { since } of idle) clearTimeout(since);
    for (const wake of this.#waiting.splice(0)) wake();
    await Promise.all([...idle.map((each) => each.simulator), ...this.#lent].map((each) => each.close()));
  }

  #demandOpen(): void {
    if (this.#closed)
      throw new AppError("environment_unavailable", "this ScienceWorld environment was closed", {
        fix: "connect it again",
      });
  }

  async #turn(signal: AbortSignal | undefined): Promise<void> {
    this.#demandOpen();
    if (this.#taken < this.limit) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((each) => each !== wake);
        reject(signal?.reason instanceof Error ? signal.reason : new Error("aborted"));
      };
      const wake = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(wake);
    });
    this.#demandOpen();
  }

  /** The turn passes on to who waits longest. */
  #free(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#taken -= 1;
  }

  async #reuse(): Promise<Simulator | null> {
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) {
      clearTimeout(last.since);
      if (await last.simulator.answers()) return last.simulator;
      await last.simulator.close();
    }
    return null;
  }

  #retire(simulator: Simulator): void {
    this.#idle = this.#idle.filter((each) => each.simulator !== simulator);
    void simulator.close();
  }
}
