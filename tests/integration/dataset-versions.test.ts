import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { Decision } from "@/lib/core/review";
import { compareDatasets } from "@/lib/usecases/dataset-compare";
import { datasetManifest } from "@/lib/usecases/dataset-manifest";
import { rebuildDataset } from "@/lib/usecases/dataset-rebuild";
import { curateDataset, DatasetInput, previewDataset } from "@/lib/usecases/datasets";
import { countMask, previewMask } from "@/lib/usecases/mask-preview";
import { setRule } from "@/lib/usecases/runs";
import { aPlannedRun, aTrajectory, mineOut, solved, trajectories, unsolved } from "../support/factories";
import { mined } from "../support/queues";
import { brokenRules, examplesIn, useStore } from "../support/store";

const db = useStore();
let [ada, bob, runId] = [0, 0, 0];
let ids: number[] = [];

/** Decides after whatever was decided before. */
async function decide(trajectoryId: number, decision: Decision, targetIndex: number, personId = ada) {
  const before = (await db.store.reviews.list(runId, trajectoryId)).filter(
    (r) => r.targetIndex === targetIndex,
  );
  await db.store.reviews.append({
    ...{ runId, trajectoryId, target: "step", targetIndex, decision, personId, reason: null, note: null },
    ...{ verdictSeen: "beneficial", expectedVersion: before.length, clientId: randomUUID() },
  });
}

const input = (change: Partial<DatasetInput> = {}) =>
  DatasetInput.parse({ name: "house", selection: { trajectoryIds: ids }, runId, ...change });
const freeze = (change: Partial<DatasetInput> = {}) => curateDataset(db, ada, input(change));
const compared = async (a: number, b: number) => {
  const { unchanged, groups } = await compareDatasets(db, a, b);
  const told = groups.map(({ change, reason, by, count }) => `${change} ${count} ${reason} ${by ?? "-"}`);
  return { unchanged, told, groups };
};

beforeAll(async () => {
  [ada, bob] = [
    (await db.store.people.ensure("Ada")).personId,
    (await db.store.people.ensure("Bob")).personId,
  ];
  const { run, trajectoryIds } = await mined(db.store, 8);
  [runId, ids] = [run.runId, trajectoryIds];
  for (const id of ids.slice(0, 6)) for (const step of [0, 1]) await decide(id, "approve", step);
});

describe("versions of a dataset", () => {
  let [first, second] = [0, 0];

  it("follow each other under one name, and say what changed, why and by whom", async () => {
    const one = await freeze();
    expect(one).toMatchObject({ version: 1, previousId: null, exampleCount: 6 });
    await decide(ids[0]!, "veto", 0, bob);
    await decide(ids[0]!, "veto", 1, bob);
    await decide(ids[1]!, "veto", 1, bob);
    await decide(ids[2]!, "withdraw", 0);
    await decide(ids[2]!, "withdraw", 1);
    await decide(ids[6]!, "approve", 0, bob);
    const two = await freeze({ selection: { trajectoryIds: ids.filter((id) => id !== ids[3]) } });
    expect(two).toMatchObject({ version: 2, previousId: one.datasetId, exampleCount: 4 });
    [first, second] = [one.datasetId, two.datasetId];
    const { unchanged, told, groups } = await compared(first, second);
    expect(unchanged).toBe(2);
    expect(told.sort()).toEqual(
      [
        ...["changed 1 vetoed Bob", "in 1 approved Bob"],
        ...["out 1 filter -", "out 1 unapproved -", "out 1 vetoed Bob"],
      ].sort(),
    );
    const changed = groups.find(({ change }) => change === "changed");
    expect(changed?.rows).toMatchObject([
      { trajectoryId: ids[1], mask: [{ source: "expert", stepIndex: 1, trained: false }] },
    ]);
    expect((await compared(second, first)).told.sort()).toContain("in 1 unvetoed -");
    expect((await compared(first, first)).told).toEqual([]);
    expect((await db.store.datasets.versions("house")).map(({ version }) => version)).toEqual([2, 1]);
  });

  it("are made again to the byte, whatever came in since", async () => {
    for (const id of [first, second])
      expect(await rebuildDataset(db, id)).toMatchObject({ identical: true, differing: [], changes: [] });
    const probes = [0, 2, 4].flatMap((stateIndex) => [1, 2, 3].map((attempt) => ({ stateIndex, attempt })));
    await db.store.runs.plan(
      runId,
      ids.map((trajectoryId) => ({ trajectoryId, probes })),
    );
    for (const trajectoryId of ids)
      await mineOut(db.store, { runId, trajectoryId }, (state) => (state === 4 ? solved : unsolved));
    await setRule(db, runId, { alpha: 0.9, minAttempts: 2, ruleVersion: "eef-1" });
    const now = await previewDataset(db, input());
    expect(now.contentHash).not.toBe((await db.store.datasets.get(first)).contentHash);
    for (const id of [first, second])
      expect(await rebuildDataset(db, id)).toMatchObject({ identical: true, differing: [], changes: [] });
    await setRule(db, runId, { alpha: 0.5, minAttempts: 1, ruleVersion: "eef-1" });
  });

  it("name what is not as it was", async () => {
    await db.query("alter table rollout disable trigger all");
    await db.query(
      `update rollout set status = 'cancelled', success = null, reward = null where run_id = $1 and trajectory_id = $2
        and state_index = 2 and attempt = 0`,
      [runId, ids[4]],
    );
    const { identical, differing, changes } = await rebuildDataset(db, first);
    expect({ identical, changes }).toEqual({
      identical: false,
      changes: [`1 rollouts of trajectory ${ids[4]} in run ${runId} are not as they were`],
    });
    expect(differing.length).toBeGreaterThan(0);
  });

  it("have a manifest that traces every trained turn", async () => {
    const read = async () => {
      const { pieces } = await datasetManifest(db, second);
      let text = "";
      for await (const piece of pieces) text += piece;
      return text;
    };
    const text = await read();
    expect(await read()).toBe(text);
    const manifest = JSON.parse(text);
    const examples = await examplesIn(db.store, second);
    expect(manifest).toMatchObject({ version: 2, exampleCount: 4, recipe: { runId } });
    expect(manifest.examples).toHaveLength(4);
    for (const [i, example] of examples.entries()) {
      const entry = manifest.examples[i];
      expect(entry.trajectory).toEqual({
        id: example.provenance.trajectoryId,
        contentHash: example.provenance.trajectory,
      });
      expect(entry.evidence).toMatchObject([{ runId, checkpoint: "agent-1", ruleVersion: "eef-1" }]);
      expect(entry.evidence[0].rolloutIds).toHaveLength(3);
      const trained = example.provenance.turns.filter(({ train }) => train);
      expect(entry.turns.map((turn: { messageIndex: number }) => turn.messageIndex)).toEqual(
        trained.map(({ messageIndex }) => messageIndex),
      );
    }
  });
});

describe("a group of differences", () => {
  it("is counted whole, named in part, and gone through page by page", async () => {
    const solvedOnes = trajectories(130, { success: true, reward: 1 }, 300);
    const { trajectoryIds } = await db.store.trajectories.add(solvedOnes, null);
    const of = (chosen: number[]) =>
      freeze({
        ...{ name: "paged", runId: null, includeSolved: true },
        selection: { trajectoryIds: chosen },
      });
    const [one, two] = [await of(trajectoryIds), await of(trajectoryIds.slice(125))];
    const groupsOf = async (from: number | null) => {
      const part =
        from === null ? null : { change: "out" as const, reason: "filter" as const, by: null, from };
      return compareDatasets(db, one.datasetId, two.datasetId, part);
    };
    const [first, begun, rest] = [await groupsOf(null), await groupsOf(0), await groupsOf(100)];
    expect(first).toMatchObject({
      unchanged: 5,
      groups: [{ change: "out", reason: "filter", count: 125, from: 0 }],
    });
    expect(first.groups[0]?.rows).toHaveLength(20);
    expect(rest.groups[0]).toMatchObject({ count: 125, from: 100 });
    const named = [begun, rest].flatMap(({ groups }) => groups[0]?.rows ?? []);
    expect(named.map(({ trajectoryId }) => trajectoryId)).toEqual(trajectoryIds.slice(0, 125));
  });
});

describe("a dataset with a validation split", () => {
  it("has whole subtasks in it, the same in every version, and no more of one than the cap", async () => {
    const drafts = Array.from({ length: 24 }, (_, i) =>
      aTrajectory({ subtaskKey: `room_${i % 8}` }, 200 + i),
    );
    ids = (await db.store.trajectories.add(drafts, null)).trajectoryIds;
    runId = (await aPlannedRun(db.store, ids)).runId;
    for (const trajectoryId of ids)
      await mineOut(db.store, { runId, trajectoryId }, (state) => (state === 0 ? unsolved : solved));
    const of = async (datasetId: number) => {
      const keys = new Set<string>();
      for await (const { subtaskKey } of db.store.datasets.stream(datasetId, "validation"))
        keys.add(subtaskKey);
      return keys;
    };
    const recipe = {
      name: "split",
      reviewPolicy: "not_vetoed" as const,
      validationShare: 0.5,
      capPerSubtask: 2,
    };
    const one = await freeze(recipe);
    const two = await freeze({ ...recipe, selection: { trajectoryIds: ids.slice(2) } });
    const [before, after] = [await of(one.datasetId), await of(two.datasetId)];
    expect(one).toMatchObject({ exampleCount: 16, validationCount: 2 * before.size });
    expect(before.size).toBeGreaterThan(0);
    expect(two.exampleCount).toBe(16);
    expect((await compared(one.datasetId, two.datasetId)).told.sort()).toEqual([
      "in 2 recipe -",
      "out 2 filter -",
    ]);
    expect([...after].filter((key) => !before.has(key))).toEqual([]);
    const { card } = await previewDataset(db, input(recipe));
    expect(card.validation.examples).toBe(one.validationCount);
    const mask = await countMask(db, one.datasetId, "openai");
    expect(mask.validation).toMatchObject({
      examples: one.validationCount,
      trainedTurns: card.validation.trainedTurns,
    });
    expect(mask.train.trainedTurns).toBe(card.trainedTurns - card.validation.trainedTurns);
    const ask = { format: "openai", from: 0, limit: 50, split: "validation" as const };
    const { rows, next } = await previewMask(db, one.datasetId, ask);
    expect([rows.length, next]).toEqual([one.validationCount, null]);
    expect(new Set(rows.map(({ subtaskKey }) => subtaskKey))).toEqual(before);
    expect(await rebuildDataset(db, two.datasetId)).toMatchObject({ identical: true });
    expect(Object.keys(await brokenRules(db.query)).filter((rule) => rule.startsWith("dataset"))).toEqual([]);
  });
});

describe("what is undecided", () => {
  const strict = { alpha: 0.99, minAttempts: 3, ruleVersion: "eef-1" as const };

  it("is refused by name where somebody approved it, unless that is meant", async () => {
    const { run, trajectoryIds } = await mined(db.store, 2, 100);
    [runId, ids] = [run.runId, trajectoryIds];
    await decide(ids[0]!, "approve", 0, bob);
    await setRule(db, runId, strict);
    const byFilter = { selection: { filter: { source: "expert" as const, runId } } };
    const refused = await freeze({ name: "strict", ...byFilter }).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: "invalid_input",
      message: `chosen or approved, but undecided: trajectory ${ids[0]}, state 0 (action 0 approved by Bob)`,
      fix: expect.stringContaining("on purpose"),
    });
    const { card } = await previewDataset(db, input({ ...byFilter, leaveOut: ["undecided"] }));
    expect(card).toMatchObject({ examples: { eef: 0 }, leftOut: { undecided: 2 } });
    const taken = await freeze({ name: "strict", ...byFilter, includeUndecided: true });
    expect(taken).toMatchObject({ exampleCount: 1, card: { undecided: 1 } });
    expect(await rebuildDataset(db, taken.datasetId)).toMatchObject({ identical: true });
  });

  it("is refused where it was named and nothing of it would be there, and only counted where it was not", async () => {
    const named = await previewDataset(db, input({ reviewPolicy: "not_vetoed" }));
    expect(named.refused.counts).toEqual({ stale: 0, undecided: 2 });
    const selection = { filter: { source: "expert" as const, runId } };
    const described = await previewDataset(db, input({ reviewPolicy: "not_vetoed", selection }));
    expect(described.refused.counts.undecided).toBe(1);
    expect(described.card.leftOut.undecided).toBe(2);
  });
});
