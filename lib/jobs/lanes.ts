/** @returns whether there was something to do; `begun` says that it is in hand */
export type Turn = (begun: () => void) => Promise<boolean>;

/**
 * A worker's rollouts at once, shared by trajectories. Whoever came first is served first, with as many lanes as it has
 * rollouts, so that few trajectories are open at a time and their prompts stay in a model server's prefix cache.
 * Source: reliability.md section 3.2
 */
export interface Lanes {
  /**
   * Takes turns, side by side where lanes are free, until one found nothing to do and the others have ended.
   * @param order `mayGrow`: whether a turn that ends may leave something to do for those that had found nothing;
   * `first`: served before all that came earlier
   * @throws what a turn threw, once none is under way any more
   */
  run(turn: Turn, order: { mayGrow: boolean; first: boolean }): Promise<void>;
}

/** Turns that look for something to do at the same time: where there is nothing, each looks in vain. */
const LOOKS = 4;

/** @param count lanes there are; at least 1 */
export function createLanes(count: number): Lanes {
  let free = count;
  let looking = 0;
  const asking: Asker[] = [];
  const serve = () => {
    for (const asker of [...asking]) while (free > 0 && looking < LOOKS && asker.wants()) take(asker);
  };
  const take = (asker: Asker) => {
    free -= 1;
    looking += 1;
    let looks = true;
    const looked = () => {
      if (looks) looking -= 1;
      looks = false;
    };
    const begun = () => {
      looked();
      serve();
    };
    void asker.go(begun).finally(() => {
      looked();
      free += 1;
      if (asker.isOver() && asking.includes(asker)) asking.splice(asking.indexOf(asker), 1);
      serve();
    });
  };
  return {
    run: (turn, { mayGrow, first }) =>
      new Promise((resolve, reject) => {
        const asker = new Asker(turn, mayGrow, resolve, reject);
        if (first) asking.unshift(asker);
        else asking.push(asker);
        serve();
      }),
  };
}

class Asker {
  private underWay = 0;
  private looking = 0;
  private ended = 0;
  /** A turn found nothing, and none has ended since. */
  private dry = false;
  /** A turn found nothing once: from then on one looks at a time. */
  private everDry = false;
  private failure: { error: unknown } | null = null;

  constructor(
    private readonly turn: Turn,
    private readonly mayGrow: boolean,
    private readonly resolve: () => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  wants(): boolean {
    return !this.dry && this.failure === null && (!this.everDry || this.looking === 0);
  }

  isOver(): boolean {
    return this.underWay === 0 && (this.dry || this.failure !== null);
  }

  async go(begun: () => void): Promise<void> {
    this.underWay += 1;
    this.looking += 1;
    let looks = true;
    const looked = () => {
      if (looks) this.looking -= 1;
      looks = false;
    };
    const ended = this.ended;
    try {
      const found = await this.turn(() => {
        looked();
        begun();
      });
      if (found) this.hasEnded();
      // Who looked before something ended may have missed what that end brought.
      else this.foundNothing(ended < this.ended);
    } catch (error) {
      this.failure ??= { error };
    }
    looked();
    this.underWay -= 1;
    if (!this.isOver()) return;
    if (this.failure) this.reject(this.failure.error);
    else this.resolve();
  }

  private hasEnded(): void {
    this.ended += 1;
    if (this.mayGrow) this.dry = false;
  }

  private foundNothing(tooEarly: boolean): void {
    this.everDry = true;
    this.dry = !this.mayGrow || !tooEarly;
  }
}
