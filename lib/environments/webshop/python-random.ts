const SIZE = 624;
const OFFSET = 397;

/**
 * Python's `random.Random(seed)` for whole seeds: MT19937 and the drawing rules of `random.py`, so that a seed known
 * from a run of the original shop draws the same prices and the same order of goals.
 */
export class PythonRandom {
  private readonly state = new Uint32Array(SIZE);
  private index = SIZE;

  /** @param seed a whole number; its absolute value counts, as in Python */
  constructor(seed: number) {
    const key: number[] = [];
    for (let rest = Math.abs(seed); rest > 0; rest = Math.floor(rest / 2 ** 32)) key.push(rest >>> 0);
    this.seedByArray(key.length === 0 ? [0] : key);
  }

  /** A float in [0, 1) with 53 random bits. */
  random(): number {
    const high = this.next() >>> 5;
    const low = this.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** `random.uniform(a, b)`. */
  uniform(a: number, b: number): number {
    return a + (b - a) * this.random();
  }

  /** A whole number in 0..below-1; `below` is at most 2^31. */
  below(below: number): number {
    const bits = 32 - Math.clz32(below);
    let drawn = this.next() >>> (32 - bits);
    while (drawn >= below) drawn = this.next() >>> (32 - bits);
    return drawn;
  }

  /** `random.shuffle(list)`, in place. */
  shuffle<T>(list: T[]): void {
    for (let i = list.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      // i and j are inside the list
      [list[i], list[j]] = [list[j] as T, list[i] as T];
    }
  }

  /** `random.sample(list, count)` for lists short enough that Python draws from a pool (21 and more for count <= 5). */
  sample<T>(list: readonly T[], count: number): T[] {
    const pool = [...list];
    return Array.from({ length: count }, (_, i) => {
      const j = this.below(pool.length - i);
      // j is inside the pool, as is its last unused place
      const drawn = pool[j] as T;
      pool[j] = pool[pool.length - i - 1] as T;
      return drawn;
    });
  }

  private seedByArray(key: number[]): void {
    const state = this.state;
    const at = (i: number) => state[i] ?? 0;
    const mixed = (i: number) => at(i - 1) ^ (at(i - 1) >>> 30);
    state[0] = 19650218;
    for (let i = 1; i < SIZE; i++) state[i] = Math.imul(1812433253, mixed(i)) + i;
    let i = 1;
    const step = (value: number) => {
      state[i] = value;
      i += 1;
      if (i >= SIZE) {
        state[0] = at(SIZE - 1);
        i = 1;
      }
    };
    for (let k = 0; k < Math.max(SIZE, key.length); k++) {
      const j = k % key.length;
      step((at(i) ^ Math.imul(mixed(i), 1664525)) + (key[j] ?? 0) + j);
    }
    for (let k = 0; k < SIZE - 1; k++) step((at(i) ^ Math.imul(mixed(i), 1566083941)) - i);
    state[0] = 0x80000000;
  }

  private next(): number {
    if (this.index >= SIZE) this.refill();
    let y = this.state[this.index] ?? 0;
    this.index += 1;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  private refill(): void {
    const state = this.state;
    const at = (i: number) => state[i % SIZE] ?? 0;
    for (let i = 0; i < SIZE; i++) {
      const y = (at(i) & 0x80000000) | (at(i + 1) & 0x7fffffff);
      state[i] = at(i + OFFSET) ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.index = 0;
  }
}
