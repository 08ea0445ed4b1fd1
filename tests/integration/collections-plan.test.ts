import { describe, expect, it } from "vitest";
import { collectionStates, endReasons, episodeStatuses, type CollectionConfig } from "@/lib/core/collection";
import { useCollections } from "../support/collections";

const { db, house, start, draft, demand } = useCollections();

async function keysOf(collectionId: number): Promise<string[]> {
  const { rows } = await db.store.collections.episodes(collectionId, null, 1000);
  return rows.map((row) => `${row.subtaskKey}/${row.attempt}`);
}

describe("what is played", () => {
  it.each([
    ["collection_state_known", collectionStates],
    ["collection_end_reason_known", endReasons],
    ["collection_episode_status_known", episodeStatuses],
  ])("%s says what the core says", async (name, known) => {
    const [row] = await db.query(
      "select pg_get_constraintdef(oid) as text from pg_constraint where conname = $1",
      [name],
    );
    expect([...String(row?.text).matchAll(/'([a-z_]+)'/g)].map(([, value]) => value)).toEqual([...known]);
  });

  it("follows the environment's own order, within split and task type", async () => {
    const environmentId = await house("ordered");
    await db.store.trajectories.add([draft("ordered", "only_imported")], null);
    const all = await start(environmentId, {
      config: { choice: { split: null, taskType: null, first: 1, count: 3 } },
    });
    expect(await keysOf(all.collectionId)).toEqual(["house_19/0", "house_18/0", "house_17/0"]);
    const choice = { split: "test", taskType: "melt", first: 1, count: 100 } as const;
    const some = await start(environmentId, { config: { choice } });
    expect(await keysOf(some.collectionId)).toEqual(["house_7/0", "house_5/0", "house_3/0", "house_1/0"]);
    expect(await db.store.collections.chosen(environmentId, choice)).toBe(4);
    const counts = await db.store.collections.subtaskCounts(environmentId);
    expect(counts).toEqual([
      { taskType: "boil", split: "test", subtasks: 5 },
      { taskType: "boil", split: "train", subtasks: 5 },
      { taskType: "melt", split: "test", subtasks: 5 },
      { taskType: "melt", split: "train", subtasks: 5 },
    ]);
  });

  it("is every subtask once before any is played again", async () => {
    const environmentId = await house("twice");
    const choice = { keys: ["house_2", "house_19", "house_2"] };
    const { collectionId } = await start(environmentId, { config: { choice, attempts: 2 } });
    expect(await keysOf(collectionId)).toEqual(["house_19/0", "house_2/0", "house_19/1", "house_2/1"]);
    const first = await demand(collectionId);
    expect(first).toMatchObject({
      attempt: 0,
      epoch: 1,
      subtask: { subtaskKey: "house_19", split: "train" },
    });
  });

  it("is refused where there is no such subtask, none at all, or too many", async () => {
    const environmentId = await house("refused");
    const with_ = (choice: CollectionConfig["choice"], attempts = 1) =>
      start(environmentId, { config: { choice, attempts } });
    await expect(with_({ keys: ["house_1", "nowhere"] })).rejects.toMatchObject({ code: "not_found" });
    const none = { split: "dev" as const, taskType: null, first: 0, count: 1 };
    await expect(with_(none)).rejects.toMatchObject({ code: "invalid_input" });
    const { rows } = await db.store.collections.list(null, 100);
    expect(rows.some((row) => row.environmentId === environmentId)).toBe(false);
    const large = await house("large", 7000);
    const all = { split: null, taskType: null, first: 0, count: 100_000 };
    await expect(start(large, { config: { choice: all, attempts: 15 } })).rejects.toThrow(
      /more than 100,000/,
    );
    const since = performance.now();
    await start(large, { config: { choice: all } });
    expect(performance.now() - since).toBeLessThan(1000);
  });
});
