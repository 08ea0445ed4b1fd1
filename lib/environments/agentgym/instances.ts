import { AppError } from "@/lib/core/errors";

/** One episode's place on the server. `lost` once it must not be used any more. */
export type Instance = { readonly id: number; lost: boolean };

type Wish = {
  limit: number;
  /** How long to wait for a free instance. */
  waitMs: number;
  /** Numbers begin again from 0 after a restart; otherwise they are drawn, and a full server hands old ones out. */
  counted: boolean;
  /** Not broken off: the server would keep what nobody knows of. */
  create(): Promise<number>;
  closeOnServer(id: number): Promise<void>;
};

/**
 * The instances of one server this process has made, used again and again. Never more than `limit`: servers without a
 * close route would keep every one for ever.
 */
export class Instances {
  private readonly known = new Set<Instance>();
  private readonly free = new Set<Instance>();
  private readonly waiting = new Set<() => void>();
  private coming = 0;

  constructor(private readonly wish: Wish) {}

  /** A free instance, a new one, or the next that comes free. @throws AppError environment_unavailable */
  async take(signal?: AbortSignal): Promise<Instance> {
    const { limit, waitMs } = this.wish;
    const until = Date.now() + waitMs;
    for (;;) {
      // Whoever woke this one meant the next in line, should it have given up.
      if (signal?.aborted) this.wakeNext();
      signal?.throwIfAborted();
      const [instance] = this.free;
      if (instance) {
        this.free.delete(instance);
        return instance;
      }
      if (this.known.size + this.coming < limit) return this.make();
      const left = until - Date.now();
      if (left <= 0) throw allInUse(limit);
      await awoken(this.waiting, left, signal);
    }
  }

  /** It can be reset and used again. */
  giveBack(instance: Instance): void {
    if (instance.lost) return;
    this.free.add(instance);
    this.wakeNext();
  }

  /** Its state is unknown: it is closed where the server can, and not used again. */
  drop(instance: Instance): void {
    if (instance.lost) return;
    this.forget(instance);
    void this.wish.closeOnServer(instance.id).catch(() => undefined);
  }

  /** The server was restarted: nothing made before is used again, by any episode. */
  forgetAll(): void {
    for (const instance of [...this.known]) this.forget(instance);
  }

  /** Closes what the server lets be closed. */
  async close(): Promise<void> {
    const ids = [...this.known].map(({ id }) => id);
    this.forgetAll();
    await Promise.allSettled(ids.map((id) => this.wish.closeOnServer(id)));
  }

  private async make(): Promise<Instance> {
    this.coming += 1;
    try {
      const id = await this.wish.create();
      if ([...this.known].some((each) => each.id === id)) {
        if (!this.wish.counted) throw handedOutTwice(id);
        this.forgetAll();
      }
      const instance = { id, lost: false };
      this.known.add(instance);
      return instance;
    } finally {
      this.coming -= 1;
      this.wakeNext();
    }
  }

  private forget(instance: Instance): void {
    instance.lost = true;
    this.known.delete(instance);
    this.free.delete(instance);
    this.wakeNext();
  }

  private wakeNext(): void {
    const [wake] = this.waiting;
    wake?.();
  }
}

/** Until someone wakes it, the time is up or the signal fires. */
function awoken(waiting: Set<() => void>, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", wake);
      waiting.delete(wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal?.addEventListener("abort", wake);
    waiting.add(wake);
  });
}

function handedOutTwice(id: number): AppError {
  return new AppError(
    "environment_unavailable",
    `the AgentGym server handed out its instance ${id} a second time: it holds as many as it can`,
    { fix: "restart the server, or lower concurrentEpisodes", retryable: true },
  );
}

function allInUse(limit: number): AppError {
  const many = limit === 1 ? "the one instance" : `all ${limit} instances`;
  return new AppError("environment_unavailable", `${many} of the AgentGym server stayed in use`, {
    fix: "open fewer episodes at once, or raise concurrentEpisodes where the kind allows it",
    retryable: true,
  });
}
