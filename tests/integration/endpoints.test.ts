import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { Gates, Outcome } from "@/lib/core/gate";
import { DEFAULT_PACE, emptyTally } from "@/lib/core/limit";
import { createGates } from "@/lib/jobs/endpoint-gates";
import { useStore } from "../support/store";

const db = useStore();
const endpoint = (model: string) => ({ baseURL: "http://h/v1", model });
const fixed = (n: number) => ({ start: n, min: n, max: n });
const never = new AbortController().signal;
setMaxListeners(0, never);
const ok: Outcome = { kind: "ok" };
const broken: Outcome = { kind: "transient" };
const quick = { ...DEFAULT_PACE, quietMs: 0, probeMs: 150, cooldownMs: 200 };

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
function worker(owner: string, change: { leaseMs?: number } = {}): Gates {
  const made = createGates(db.store.endpoints, {
    owner,
    log: () => {},
    reportMs: 40,
    pace: quick,
    ...change,
  });
  open.push(made);
  return made.gates;
}

/** Calls through a gate, counted; each takes some milliseconds. */
function traffic() {
  const seen = { inFlight: 0, peak: 0, calls: 0 };
  return {
    seen,
    async call(gates: Gates, model: string, places: number, outcome: () => Outcome = () => ok) {
      const pass = await gates(endpoint(model), fixed(places)).enter(never);
      seen.inFlight += 1;
      seen.calls += 1;
      seen.peak = Math.max(seen.peak, seen.inFlight);
      await pause(5 + (seen.calls % 7));
      seen.inFlight -= 1;
      pass.leave(outcome());
    },
  };
}
const row = async (model: string) =>
  (await db.store.endpoints.list()).find((each) => each.model === model) ?? null;

describe("a limit", () => {
  it("is shared by all workers, and used by each of them", async () => {
    const { seen, call } = traffic();
    const done = [0, 0, 0];
    const workers = ["a", "b", "c"].map((owner) => worker(owner));
    const late = performance.now() + 30_000;
    let sharing = 0;
    const served = () => Math.min(...done) >= 60 && sharing === 3;
    const lanes = workers.flatMap((gates, at) =>
      Array.from({ length: 12 }, async () => {
        while (!served() && performance.now() < late) {
          await call(gates, "shared", 7);
          done[at]! += 1;
        }
      }),
    );
    while (!served() && performance.now() < late) {
      sharing = Math.max(sharing, (await row("shared"))?.workers ?? 0);
      await pause(20);
    }
    await Promise.all(lanes);
    expect(seen.peak).toBe(7);
    expect(served(), `${sharing} workers; calls of each: ${done.join(", ")}`).toBe(true);
    expect(await row("shared")).toMatchObject({ limit: 7 });
  });

  it("costs a few reports per second, not one per call", async () => {
    let reports = 0;
    const counting = {
      ...db.store.endpoints,
      sync: (report: Parameters<typeof db.store.endpoints.sync>[0]) => {
        reports += 1;
        return db.store.endpoints.sync(report);
      },
    };
    const { gates, close } = createGates(counting, { owner: "one", log: () => {} });
    const { seen, call } = traffic();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 10 }, async () => {
        for (let n = 0; n < 100; n++) await call(gates, "cheap", 20);
      }),
    );
    const seconds = (performance.now() - began) / 1000;
    await close();
    expect(seen.calls).toBe(1000);
    expect(reports).toBeLessThan(12 * seconds + 5);
  });

  it("is given back when a worker has nothing to do, and taken from one that died", async () => {
    const { call } = traffic();
    await call(worker("idle"), "back", 3);
    await expect.poll(async () => (await row("back"))?.workers, { timeout: 5000 }).toBe(0);

    const report = { endpoint: endpoint("dead"), limits: fixed(2), pace: quick, tally: emptyTally() };
    const dead = { ...report, owner: "dead", inUse: 2, want: 2, leaseMs: 400 };
    expect(await db.store.endpoints.sync(dead)).toMatchObject({ slots: 2 });
    const alive = { ...report, owner: "alive", inUse: 0, want: 2, leaseMs: 400 };
    expect(await db.store.endpoints.sync(alive)).toMatchObject({ slots: 0 });
    const began = performance.now();
    await call(worker("living"), "dead", 2);
    expect(performance.now() - began).toBeGreaterThan(200);
  });

  it("lets nobody in on a lease that ran out", async () => {
    let frozen = false;
    const freezing = {
      ...db.store.endpoints,
      sync: (report: Parameters<typeof db.store.endpoints.sync>[0]) =>
        frozen ? new Promise<never>(() => {}) : db.store.endpoints.sync(report),
    };
    const { gates } = createGates(freezing, { owner: "frozen", log: () => {}, leaseMs: 200 });
    const gate = gates(endpoint("frozen"), fixed(4));
    (await gate.enter(never)).leave(ok);
    frozen = true;
    await pause(300);
    await expect(gate.enter(AbortSignal.timeout(300))).rejects.toThrow(/timeout/i);
  });

  it("is cut by refusals and grows by answers, and says why", async () => {
    const gates = worker("grower");
    const gate = gates(endpoint("grows"), { start: 4, min: 2, max: 16 });
    const round = (outcome: Outcome, calls: number) =>
      Promise.all(
        Array.from({ length: calls }, async () => {
          const pass = await gate.enter(never);
          await pause(5);
          pass.leave(outcome);
        }),
      );
    await expect
      .poll(() => round(ok, 40).then(() => row("grows")), { timeout: 5000 })
      .toMatchObject({
        limit: 16,
      });
    await round({ kind: "rate_limit", retryAfterMs: null }, 16);
    await expect.poll(() => row("grows")).toMatchObject({ limit: 12, slowStart: false });
    const { endpointId = 0 } = (await row("grows")) ?? {};
    const [newest] = await db.store.endpoints.changes(endpointId, 1);
    expect(newest).toMatchObject({ limit: 12, reason: expect.stringContaining("refused as too many") });
  });
});

describe("the history of a limit", () => {
  it("holds every change with its reason, an outage once, and what the policy asks for", async () => {
    const say = (owner: string, change: Partial<ReturnType<typeof emptyTally>>, limits = fixed(4)) =>
      db.store.endpoints.sync({
        endpoint: endpoint("told"),
        limits,
        pace: { ...quick, probeMs: 0, longestProbeMs: 0 },
        owner,
        tally: { ...emptyTally(), ...change },
        inUse: 0,
        want: 4,
        leaseMs: 60_000,
      });
    await say("a", {});
    await say("a", {}, fixed(8));
    // Down, tried in vain three times, and back.
    for (let n = 0; n < 4; n++) await say("a", { broken: 5, streak: 5, said: "answered 500" }, fixed(8));
    await say("a", { answered: 1 }, fixed(8));
    const { endpointId = 0 } = (await row("told")) ?? {};
    const changes = (await db.store.endpoints.changes(endpointId, 50)).reverse();
    expect(changes.map(({ limit, breaker, reason }) => [limit, breaker === "closed", reason])).toEqual([
      [4, true, "first call"],
      [8, true, "the policy allows 8 to 8"],
      [8, false, "5 calls in a row failed, the last: answered 500"],
      [8, true, "the endpoint answers again"],
    ]);
  });

  it("keeps the newest five hundred", async () => {
    const sync = (limits: { start: number; min: number; max: number }) =>
      db.store.endpoints.sync({
        endpoint: endpoint("long"),
        limits,
        pace: quick,
        owner: "a",
        tally: emptyTally(),
        inUse: 0,
        want: 1,
        leaseMs: 60_000,
      });
    for (let n = 0; n < 520; n++) await sync(fixed(1 + (n % 2)));
    const { endpointId = 0 } = (await row("long")) ?? {};
    expect(await db.store.endpoints.changes(endpointId, 1000)).toHaveLength(500);
  });
});

describe("a dead endpoint", () => {
  it("is left alone but for one call now and then, and everybody goes on once it is back", async () => {
    let down = true;
    const calls: number[] = [];
    const workers = ["a", "b"].map((owner) => worker(owner));
    const lanes = workers.flatMap((gates) =>
      Array.from({ length: 10 }, async () => {
        const gate = gates(endpoint("dies"), fixed(20));
        for (let answered = false; !answered;) {
          const pass = await gate.enter(never);
          calls.push(performance.now());
          await pause(5);
          answered = !down;
          pass.leave(down ? broken : ok);
          if (!answered) await pause(10);
        }
      }),
    );
    await expect.poll(() => row("dies"), { timeout: 5000 }).toMatchObject({ breaker: "open" });
    await pause(200);
    const opened = calls.length;
    await pause(1000);
    expect(await row("dies")).toMatchObject({ reason: expect.stringContaining("in a row failed") });
    // One at a time: 150, 300 and 600 ms after the one before.
    expect(calls.length - opened).toBeLessThan(5);
    expect(calls.length - opened).toBeGreaterThan(0);
    down = false;
    await Promise.all(lanes);
    expect(await row("dies")).toMatchObject({ breaker: "closed" });
  });

  it("is not given up by a caller that stops waiting", async () => {
    const gate = worker("impatient")(endpoint("gone"), fixed(1));
    const pass = await gate.enter(never);
    await expect(gate.enter(AbortSignal.timeout(50))).rejects.toThrow(/timeout/i);
    pass.leave(ok);
    (await gate.enter(never)).leave(ok);
  });
});

describe("a down endpoint that need not be waited for", () => {
  it("turns calls away, lets one try it when its time has come, and takes all again once it answers", async () => {
    const [a, b] = [worker("a"), worker("b")];
    const gateOf = (gates: Gates) => gates(endpoint("optional"), fixed(4));
    for (let n = 0; n < 6; n++) for (const gates of [a, b]) (await gateOf(gates).enter(never)).leave(broken);
    await expect.poll(async () => (await row("optional"))?.breaker).toBe("open");
    let up = false;
    let turned = 0;
    const tried: string[] = [];
    const lane = async (name: string, gates: Gates) => {
      const pass = await gateOf(gates).enterUnlessDown(never);
      if (!pass) {
        turned += 1;
        return;
      }
      tried.push(name);
      await pause(5);
      pass.leave(up ? ok : broken);
    };
    const round = async () => {
      await Promise.all([...Array(6)].flatMap(() => [lane("a", a), lane("b", b)]));
      await pause(20);
    };
    const until = performance.now() + 1200;
    while (performance.now() < until) await round();
    expect(turned).toBeGreaterThan(100);
    // Tried after 150, 300 and 600 ms at most, by one call each.
    expect(tried.length).toBeGreaterThan(0);
    expect(tried.length).toBeLessThanOrEqual(8);
    up = true;
    await expect
      .poll(
        async () => {
          await round();
          return (await row("optional"))?.breaker;
        },
        { timeout: 10_000 },
      )
      .toBe("closed");
    const answered = tried.length;
    await expect
      .poll(
        async () => {
          await round();
          return new Set(tried.slice(answered)).size;
        },
        { timeout: 10_000 },
      )
      .toBe(2);
  });
});
