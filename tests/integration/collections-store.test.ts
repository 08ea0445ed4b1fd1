import { describe, expect, it } from "vitest";
import type { EpisodeClaim } from "@/lib/core/rows";
import { useCollections } from "../support/collections";
import { brokenRules } from "../support/store";

const { db, house, start, draft, claim, demand, complete } = useCollections();

describe("claiming", () => {
  it("gives each episode to one, and never more at once than allowed", async () => {
    const environmentId = await house("claimed");
    const { collectionId } = await start(environmentId, { config: { concurrency: 7 } });
    const claims = await Promise.all(
      Array.from({ length: 30 }, (_, i) => claim(collectionId, `worker ${i}`)),
    );
    const taken = claims.filter((each) => each !== null);
    expect(taken).toHaveLength(7);
    expect(new Set(taken.map(({ episodeId }) => episodeId)).size).toBe(7);
    expect(await complete("claimed", taken[0]!)).toBe(true);
    expect(await claim(collectionId)).not.toBeNull();
    expect(await claim(collectionId)).toBeNull();
  });

  it("never promises more calls than the budget has, and gives back what an episode did not need", async () => {
    const environmentId = await house("budgeted");
    const { collectionId } = await start(environmentId, { budget: { maxCalls: 17 } });
    const { collections } = db.store;
    const claims = await Promise.all(Array.from({ length: 30 }, () => claim(collectionId)));
    const taken = claims.filter((each) => each !== null);
    expect(taken).toHaveLength(3); // 3 × 5 ≤ 17 < 4 × 5
    const [one, two, three] = taken;
    for (let call = 0; call < 2; call++)
      expect(await collections.startCall(one!.episodeId, one!.epoch)).toBe("counted");
    await complete("budgeted", one!); // 2 spent, 10 promised: 17 - 12 = 5, one more fits
    const four = await demand(collectionId);
    expect(await claim(collectionId)).toBeNull();
    for (let call = 0; call < 5; call++) await collections.startCall(two!.episodeId, two!.epoch);
    for (const each of [two, three, four]) await complete("budgeted", each!);
    // 7 spent of 17: two more may run at once.
    const five = await demand(collectionId);
    const six = await demand(collectionId);
    expect(await claim(collectionId)).toBeNull();
    for (const { episodeId, epoch } of [five, six])
      for (let call = 0; call < 5; call++) await collections.startCall(episodeId, epoch);
    await complete("budgeted", five);
    expect((await collections.get(collectionId)).state).toBe("running");
    await complete("budgeted", six);
    expect(await collections.get(collectionId)).toMatchObject({ state: "done", endReason: "call_budget" });
    const progress = await collections.progress(collectionId);
    expect(progress).toMatchObject({ calls: 17, episodes: { completed: 6, skipped: 14, queued: 0 } });
    await expect(
      collections.requeue(collectionId, ["skipped"], { maxCalls: 21, maxTokens: null }),
    ).rejects.toThrow(/does not allow one more/);
    expect(await collections.requeue(collectionId, ["skipped"], { maxCalls: 22, maxTokens: null })).toBe(14);
    expect(await claim(collectionId)).not.toBeNull();
    expect(await claim(collectionId)).toBeNull();
  });

  it("runs one episode alone to learn what one takes, then as many as the tokens allow", async () => {
    const environmentId = await house("tokens");
    const budget = { maxCalls: null, maxTokens: 6_000_000_000 };
    const { collectionId, budget: kept } = await start(environmentId, { budget });
    expect(kept).toEqual(budget);
    const { collections } = db.store;
    const spend = (at: EpisodeClaim, tokens: number) =>
      collections.recordUsage(at.episodeId, at.epoch, { promptTokens: tokens - 1, completionTokens: 1 });
    const first = await demand(collectionId);
    expect(await claim(collectionId)).toBeNull();
    await spend(first, 1_900_000_000);
    await complete("tokens", first);
    const second = await demand(collectionId);
    const third = await demand(collectionId); // 1.9 spent, 2 × 1.9 expected
    expect(await claim(collectionId)).toBeNull();
    await spend(second, 2_100_000_000);
    await spend(third, 2_100_000_000);
    expect(await collections.startCall(third.episodeId, third.epoch)).toBe("spent");
    await collections.release(third.episodeId, third.epoch);
    await complete("tokens", second);
    expect(await collections.get(collectionId)).toMatchObject({ state: "done", endReason: "token_budget" });
    expect((await collections.progress(collectionId)).episodes).toMatchObject({ completed: 2, skipped: 18 });
  });
});

describe("the fence", () => {
  it("refuses every write of a worker whose episode was taken back", async () => {
    const environmentId = await house("fenced");
    const { collectionId } = await start(environmentId, { config: { choice: { keys: ["house_3"] } } });
    const { collections } = db.store;
    const old = await demand(collectionId, "old", 1);
    await expect.poll(() => collections.reap(5)).toBe(1);
    const { episodeId, epoch } = await demand(collectionId, "new");
    expect(epoch).toBe(old.epoch + 1);
    expect(await collections.startCall(old.episodeId, old.epoch)).toBe("lost");
    expect(
      await collections.recordUsage(old.episodeId, old.epoch, { promptTokens: 1, completionTokens: 1 }),
    ).toBe(false);
    expect(await complete("fenced", old)).toBe(false);
    await collections.release(old.episodeId, old.epoch);
    expect(await collections.startCall(episodeId, epoch)).toBe("counted");
    expect((await db.store.trajectories.models()).length).toBeGreaterThan(0);
    expect((await collections.progress(collectionId)).episodes).toMatchObject({ running: 1, completed: 0 });
    const { rows } = await db.store.environments.subtasks(
      environmentId,
      { taskType: null, split: null },
      null,
      100,
    );
    expect(rows.reduce((sum, row) => sum + row.trajectories, 0)).toBe(0);
  });

  it("links the same content to the trajectory that was there before", async () => {
    const environmentId = await house("same");
    const { collectionId } = await start(environmentId, {
      config: { choice: { keys: ["house_3"] }, attempts: 3 },
    });
    const same = draft("same", "house_3");
    const { trajectoryIds } = await db.store.trajectories.add([same], null);
    const claims = [await demand(collectionId), await demand(collectionId)];
    const ends = claims.map(({ episodeId, epoch }) =>
      db.store.collections.end(episodeId, epoch, { status: "completed", draft: same, promptVersion: "1" }),
    );
    expect(await Promise.all(ends)).toEqual([true, true]);
    const { rows } = await db.store.collections.episodes(collectionId, null, 10);
    expect(rows.slice(0, 2).map((row) => [row.trajectoryId, row.duplicate])).toEqual([
      [trajectoryIds[0], true],
      [trajectoryIds[0], true],
    ]);
    expect(await db.store.collections.progress(collectionId)).toMatchObject({ duplicates: 2 });
  });

  it("keeps nothing of an end that cannot be stored", async () => {
    const environmentId = await house("hostile");
    const { collectionId } = await start(environmentId, { config: { choice: { keys: ["house_3"] } } });
    const { episodeId, epoch } = await demand(collectionId);
    const bad = { ...draft("hostile", "house_3"), instruction: "NUL \0" };
    const end = db.store.collections.end(episodeId, epoch, {
      status: "completed",
      draft: bad,
      promptVersion: "1",
    });
    await expect(end).rejects.toMatchObject({ code: "invalid_input" });
    const errored = { status: "errored", code: "invalid_input", message: "NUL \0" } as const;
    expect(await db.store.collections.end(episodeId, epoch, errored)).toBe(true);
    expect((await db.store.collections.get(collectionId)).state).toBe("done");
    expect(await db.store.collections.errors(collectionId)).toEqual([
      { code: "invalid_input", message: "NUL ␀", episodes: 1, subtaskKey: "house_3" },
    ]);
    expect(await db.store.collections.requeue(collectionId, ["errored"])).toBe(1);
    expect((await db.store.collections.get(collectionId)).state).toBe("queued");
  });
});

describe("ending early", () => {
  it("cancels what waits at once and what runs when it is given back", async () => {
    const environmentId = await house("cancelled");
    const { collectionId } = await start(environmentId);
    const { collections } = db.store;
    const running = await demand(collectionId, "busy");
    const other = await demand(collectionId, "gone", 1);
    expect(await collections.cancel(collectionId)).toBe(true);
    expect(await collections.cancel(collectionId)).toBe(false);
    expect(await claim(collectionId)).toBeNull();
    expect(await collections.renew("busy", 60_000, [running.episodeId])).toEqual({
      stopping: [collectionId],
    });
    await expect(collections.requeue(collectionId, ["cancelled"])).rejects.toMatchObject({
      code: "conflict",
    });
    await collections.release(running.episodeId, running.epoch);
    expect((await collections.get(collectionId)).state).toBe("cancelling");
    await expect.poll(() => collections.reap(5)).toBe(1);
    expect(await complete("cancelled", other)).toBe(false);
    expect(await collections.get(collectionId)).toMatchObject({ state: "cancelled", endReason: null });
    expect((await collections.progress(collectionId)).episodes).toMatchObject({ cancelled: 20 });
    expect(await collections.requeue(collectionId, ["cancelled"])).toBe(20);
    expect(await collections.waiting(100)).toContainEqual({ collectionId, free: 32 });
  });

  it("gives an episode up as poison when every worker that takes it dies of it", async () => {
    const environmentId = await house("poison");
    const { collectionId } = await start(environmentId, {
      config: { choice: { keys: ["house_3"] } },
      budget: { maxCalls: 100 },
    });
    for (let death = 0; death < 5; death++) {
      await demand(collectionId, `victim ${death}`, 1);
      await expect.poll(() => db.store.collections.reap(5)).toBe(1);
    }
    expect(await db.store.collections.errors(collectionId)).toMatchObject([{ code: "poison", episodes: 1 }]);
    expect((await db.store.collections.get(collectionId)).state).toBe("done");
  });

  it("leaves nothing that breaks a rule of the database", async () => {
    expect(await brokenRules(db.query)).toEqual({});
  });
});
