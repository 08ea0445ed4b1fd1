import { describe, expect, it } from "vitest";
import { inLanes } from "@/lib/jobs/lanes";

const tick = () => new Promise<void>((resolve) => setTimeout(resolve, 1));

/** Work that is taken piece by piece; `grows` more pieces appear when one of the first is done. */
function work(pieces: number, grows = 0) {
  const seen = { now: 0, peak: 0, done: 0, looks: 0 };
  let left = pieces;
  let more = grows;
  return {
    seen,
    async turn(begun: () => void): Promise<boolean> {
      seen.looks += 1;
      await tick();
      if (left === 0) return false;
      left -= 1;
      seen.now += 1;
      seen.peak = Math.max(seen.peak, seen.now);
      begun();
      for (let n = 0; n < 20; n++) await tick();
      seen.now -= 1;
      seen.done += 1;
      if (more > 0) left += 1;
      more = Math.max(0, more - 1);
      return true;
    },
  };
}

describe("lanes", () => {
  it("do everything, as much at once as is allowed and no more", async () => {
    for (const [pieces, most, peak] of [
      [10, 4, 4],
      [3, 100, 3],
      [5, 1, 1],
    ] as const) {
      const { seen, turn } = work(pieces);
      await inLanes(most, false, turn);
      expect(seen).toMatchObject({ done: pieces, peak });
    }
  });

  it("look once for what is not there, however many they could be", async () => {
    const { seen, turn } = work(0);
    await inLanes(100, true, turn);
    expect(seen.looks).toBe(1);
    const three = work(3);
    await inLanes(100, false, three.turn);
    expect(three.seen.looks).toBeLessThanOrEqual(4);
  });

  it("open again for what a turn leaves to do when it ends", async () => {
    const { seen, turn } = work(4, 6);
    await inLanes(4, true, turn);
    expect(seen.done).toBe(10);
  });

  it("wait for what is in hand when one of them fails, then say so", async () => {
    const { seen, turn } = work(4);
    let turns = 0;
    const failing = async (begun: () => void) => {
      if ((turns += 1) === 3) throw new Error("the store is gone");
      return turn(begun);
    };
    await expect(inLanes(4, false, failing)).rejects.toThrow("the store is gone");
    expect(seen).toMatchObject({ now: 0, done: 2 });
  });
});
