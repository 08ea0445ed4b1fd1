import { describe, expect, it } from "vitest";
import { createLanes } from "@/lib/jobs/lanes";

/** Turns of the event loop. */
const tick = async (times = 20) => {
  for (let n = 0; n < times; n++) await Promise.resolve();
};

/** So much to do, each piece open until it is ended. */
function work(name: string, pieces: number, log: string[]) {
  const open: (() => void)[] = [];
  let looks = 0;
  return {
    left: () => pieces,
    more: (count: number) => (pieces += count),
    looks: () => looks,
    next: async (begun: () => void) => {
      looks += 1;
      await Promise.resolve();
      if (pieces === 0) return false;
      pieces -= 1;
      log.push(name);
      begun();
      await new Promise<void>((resolve) => open.push(resolve));
      return true;
    },
    async end() {
      open.shift()?.();
      await tick();
    },
    underWay: () => open.length,
  };
}

const growing = { mayGrow: true, first: false };

describe("lanes", () => {
  it("go to who is served first as soon as one is free", async () => {
    const log: string[] = [];
    const lanes = createLanes(2);
    const [a, b, c] = [work("a", 4, log), work("b", 2, log), work("c", 2, log)];
    const runs = [
      lanes.run(a.next, growing),
      lanes.run(b.next, growing),
      lanes.run(c.next, { ...growing, first: true }),
    ];
    await tick();
    for (let n = 0; n < 2; n++) await a.end();
    expect([a.underWay(), b.underWay(), c.underWay()]).toEqual([0, 0, 2]);
    while (a.underWay() + b.underWay() + c.underWay() > 0) for (const each of [a, b, c]) await each.end();
    await Promise.all(runs);
    expect(log.join("")).toBe("aaccaabb");
  });

  it("go to whoever came first, and to the next as soon as it has no more use for them", async () => {
    const log: string[] = [];
    const lanes = createLanes(4);
    const [a, b] = [work("a", 6, log), work("b", 6, log)];
    const runs = [lanes.run(a.next, growing), lanes.run(b.next, growing)];
    await tick();
    expect([a.underWay(), b.underWay()]).toEqual([4, 0]);
    for (let n = 0; n < 3; n++) await a.end();
    expect([a.underWay(), b.underWay()]).toEqual([3, 1]);
    while (a.underWay() > 0) await a.end();
    await runs[0];
    expect([a.left(), b.underWay()]).toEqual([0, 4]);
    while (b.underWay() > 0) await b.end();
    await runs[1];
    expect(log.join("")).toBe("aaaaaabbbbbb");
  });

  it("ask again after every end, as an end may bring more to do", async () => {
    const log: string[] = [];
    const a = work("a", 2, log);
    const run = createLanes(4).run(a.next, growing);
    await tick();
    await a.end();
    a.more(3);
    await a.end();
    expect(a.underWay()).toBe(3);
    while (a.underWay() > 0) await a.end();
    await run;
    expect(log).toHaveLength(5);
  });

  it("ask again where one looked in vain while another ended and brought more", async () => {
    const answers: ((found: boolean) => void)[] = [];
    const next = () => new Promise<boolean>((resolve) => answers.push(resolve));
    const run = createLanes(2).run(next, growing);
    await tick();
    const [ending, looking] = answers;
    ending?.(true);
    await tick();
    answers[2]?.(false);
    await tick();
    looking?.(false);
    await tick();
    expect(answers.length).toBeGreaterThan(3);
    for (let n = 3; n < answers.length; n++) answers[n]?.(false);
    await tick();
    for (const answer of answers) answer(false);
    await run;
  });

  it("throw what broke once nothing is under way, and are free for the others", async () => {
    const log: string[] = [];
    const lanes = createLanes(2);
    const a = work("a", 1, log);
    let asked = 0;
    const next = (begun: () => void) =>
      asked++ === 0 ? a.next(begun) : Promise.reject(new Error("store gone"));
    let thrown = "";
    const run = lanes.run(next, growing).catch((error: unknown) => (thrown = String(error)));
    await tick();
    expect(thrown).toBe("");
    await a.end();
    await run;
    expect(thrown).toContain("store gone");
    expect(asked).toBe(2);
    const b = work("b", 2, log);
    const after = lanes.run(b.next, growing);
    await tick();
    expect(b.underWay()).toBe(2);
    while (b.underWay() > 0) await b.end();
    await after;
  });

  it("look a few at a time for what is not there, and one at a time from then on", async () => {
    const log: string[] = [];
    const a = work("a", 10, log);
    const run = createLanes(100).run(a.next, growing);
    await tick(200);
    expect(a.underWay()).toBe(10);
    expect(a.looks()).toBeLessThanOrEqual(14);
    const looked = a.looks();
    for (let n = 1; n <= 5; n++) {
      await a.end();
      expect(a.looks()).toBe(looked + n);
    }
    while (a.underWay() > 0) await a.end();
    await run;
  });

  it("do not look again where nothing can be added", async () => {
    const log: string[] = [];
    const a = work("a", 10, log);
    const run = createLanes(100).run(a.next, { mayGrow: false, first: false });
    await tick(200);
    const looked = a.looks();
    while (a.underWay() > 0) await a.end();
    await run;
    expect([log.length, a.looks()]).toEqual([10, looked]);
  });
});
