import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { Store } from "@/lib/core/store";
import { createStore } from "@/lib/store/store";
import { aPlannedRun, aTrajectory } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let seed = 0;
let at = { runId: 0, trajectoryId: 0 };
let [ada, bob] = [0, 0];

beforeEach(async () => {
  const { trajectoryIds } = await db.store.trajectories.add([aTrajectory({}, (seed += 10))], null);
  const run = await aPlannedRun(db.store, trajectoryIds);
  at = { runId: run.runId, trajectoryId: trajectoryIds[0]! };
  ada = (await db.store.people.ensure("Ada")).personId;
  bob = (await db.store.people.ensure("Bob")).personId;
});

type Draft = Parameters<Store["reviews"]["append"]>[0];
const draft = (change: Partial<Draft> = {}): Draft => ({
  ...at,
  target: "step",
  targetIndex: 3,
  decision: "approve",
  reason: null,
  note: null,
  verdictSeen: "beneficial",
  expectedVersion: 0,
  clientId: randomUUID(),
  personId: ada,
  ...change,
});
const list = () => db.store.reviews.list(at.runId, at.trajectoryId);

describe("a decision", () => {
  it("is kept with who, when and why, beside those before it", async () => {
    const first = await db.store.reviews.append(draft());
    const second = await db.store.reviews.append(
      draft({
        expectedVersion: 1,
        decision: "veto",
        reason: "lucky",
        note: "see <b>step 4</b>",
        personId: bob,
      }),
    );
    expect(first).toMatchObject({
      version: 1,
      decision: "approve",
      reviewer: "Ada",
      verdictSeen: "beneficial",
    });
    expect(second).toMatchObject({ version: 2, reviewer: "Bob", reason: "lucky", note: "see <b>step 4</b>" });
    expect(second.at.getTime()).toBeGreaterThanOrEqual(first.at.getTime());
    expect(await list()).toEqual([first, second]);
    expect((await db.store.facts(at.runId, [at.trajectoryId])).get(at.trajectoryId)!.reviews).toEqual([
      first,
      second,
    ]);
  });

  it("counts versions per target", async () => {
    await db.store.reviews.append(draft());
    const others = [draft({ targetIndex: 4 }), draft({ target: "solution" })];
    for (const other of others) expect((await db.store.reviews.append(other)).version).toBe(1);
  });

  it("sent again is the one that was stored", async () => {
    const once = draft({ note: "once" });
    const stored = await Promise.all([1, 2, 3].map(() => db.store.reviews.append(once)));
    expect(new Set(stored.map((r) => r.reviewId)).size).toBe(1);
    await db.store.reviews.append(draft({ expectedVersion: 1 }));
    expect(await db.store.reviews.append(once)).toEqual(stored[0]);
    expect(await list()).toHaveLength(2);
  });

  it("with the client id of another decision is a conflict, not taken for that one", async () => {
    const once = draft();
    await db.store.reviews.append(once);
    for (const change of [{ targetIndex: 4 }, { decision: "veto" }, { personId: bob }] as const)
      await expect(db.store.reviews.append({ ...once, ...change })).rejects.toMatchObject({
        code: "conflict",
        message: expect.stringContaining("another decision"),
      });
    expect(await list()).toHaveLength(1);
  });

  it("that someone was faster with is a conflict that says who decided what", async () => {
    await db.store.reviews.append(draft({ decision: "veto", reason: "unsafe", personId: bob }));
    await expect(db.store.reviews.append(draft())).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/step 3 was vetoed by Bob at \d{4}-\d\d-\d\dT.* in the meantime/),
    });
    await expect(
      db.store.reviews.append(draft({ expectedVersion: 7, targetIndex: 5 })),
    ).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await list()).toHaveLength(1);
  });

  it("must be on something there is, by someone there is, in text that can be stored", async () => {
    for (const [change, code] of [
      [{ runId: 999_999 }, "not_found"],
      [{ trajectoryId: 999_999 }, "not_found"],
      [{ personId: 999_999 }, "not_found"],
      [{ note: "\0" }, "invalid_input"],
    ] as const)
      await expect(db.store.reviews.append(draft(change))).rejects.toMatchObject({ code });
  });
});

it("keeps a history without gaps, losses or silent overwrites when many decide at once", async () => {
  const stores = [db.store, createStore(db.url)];
  const accepted: { clientId: string; version: number }[] = [];
  await Promise.all(
    [0, 1, 2, 3, 4, 5].map(async (client) => {
      const store = stores[client % 2]!;
      for (let n = 0; n < 8; n++) {
        const clientId = randomUUID();
        for (;;) {
          const expectedVersion = (await list()).filter((r) => r.targetIndex === 3).length;
          try {
            const { version } = await store.reviews.append(draft({ clientId, expectedVersion }));
            expect(version).toBe(expectedVersion + 1);
            accepted.push({ clientId, version });
            break;
          } catch (error) {
            expect(error).toMatchObject({ code: "conflict" });
          }
        }
      }
    }),
  );
  await stores[1]!.close();
  expect(accepted.map((a) => a.version).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 48 }, (_, i) => i + 1),
  );
  const stored = await db.query("select client_id, version from review where run_id = $1 order by version", [
    at.runId,
  ]);
  const expected = accepted.sort((a, b) => a.version - b.version);
  expect(stored).toEqual(expected.map(({ clientId, version }) => ({ client_id: clientId, version })));
  expect(await brokenRules(db.query)).toEqual({});
});
