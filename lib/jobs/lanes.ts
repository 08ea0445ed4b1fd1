/**
 * A worker's rollouts at once, shared by its trajectories. Whoever came first is served first, with as many lanes as it
 * has rollouts, so that few trajectories are open at a time and their prompts stay in a model server's prefix cache.
 * Source: reliability.md section 3.2
 */
export interface Lanes {
  /**
   * Does `next` again and again, side by side where lanes are free, until it has said that there is nothing more since the
   * last one ended.
   * @param next whether it found something to do
   * @throws what `next` threw, once nothing is under way any more
   */
  run(next: () => Promise<boolean>): Promise<void>;
}

/** @param count lanes there are; at least 1 */
export function createLanes(count: number): Lanes {
  let free = count;
  const asking: Asker[] = [];
  const serve = () => {
    for (const asker of [...asking])
      while (free > 0 && asker.wants()) {
        free -= 1;
        void asker.go().finally(() => {
          free += 1;
          if (asker.isOver()) asking.splice(asking.indexOf(asker), 1);
          serve();
        });
      }
  };
  return {
    run: (next) =>
      new Promise((resolve, reject) => {
        asking.push(new Asker(next, resolve, reject));
        serve();
      }),
  };
}

class Asker {
  private underWay = 0;
  private ended = 0;
  /** It said that there is nothing to do, and nothing has ended since. */
  private dry = false;
  private failure: { error: unknown } | null = null;

  constructor(
    private readonly next: () => Promise<boolean>,
    private readonly resolve: () => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  wants(): boolean {
    return !this.dry && this.failure === null;
  }

  isOver(): boolean {
    return this.underWay === 0 && !this.wants();
  }

  async go(): Promise<void> {
    this.underWay += 1;
    const ended = this.ended;
    try {
      const found = await this.next();
      if (found) this.ended += 1;
      // Who looked before something ended may have missed what that end brought.
      this.dry = !found && ended === this.ended;
    } catch (error) {
      this.failure ??= { error };
    }
    this.underWay -= 1;
    if (!this.isOver()) return;
    if (this.failure) this.reject(this.failure.error);
    else this.resolve();
  }
}
