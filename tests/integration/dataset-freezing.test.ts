import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { rebuildDataset } from "@/lib/usecases/dataset-rebuild";
import { curateDataset, DatasetInput, previewDataset } from "@/lib/usecases/datasets";
import { aStep, aTrajectory } from "../support/factories";
import { mined } from "../support/queues";
import { useStore } from "../support/store";

const db = useStore();
let [ada, runId] = [0, 0];
let ids: number[] = [];

const veto = (trajectoryId: number) =>
  db.store.reviews.append({
    ...{ runId, trajectoryId, target: "step", targetIndex: 0, decision: "veto", personId: ada },
    ...{ reason: null, note: null, verdictSeen: "beneficial", expectedVersion: 0, clientId: randomUUID() },
  });
const one = () =>
  DatasetInput.parse({
    name: "as seen",
    selection: { trajectoryIds: ids },
    runId,
    reviewPolicy: "not_vetoed",
  });
const made = async () => (await db.query("select count(*)::int as n from dataset_example"))[0]?.n;

beforeAll(async () => {
  ada = (await db.store.people.ensure("Ada")).personId;
  const { run, trajectoryIds } = await mined(db.store, 3, 500);
  [runId, ids] = [run.runId, trajectoryIds];
});

describe("freezing", () => {
  it("is refused where it is not what the preview showed, and then stores nothing", async () => {
    const { contentHash } = await previewDataset(db, one());
    await veto(ids[0]!);
    const before = await made();
    const asSeen = curateDataset(db, ada, { ...one(), contentHash });
    await expect(asSeen).rejects.toMatchObject({ code: "conflict", fix: expect.stringContaining("preview") });
    expect(await made()).toBe(before);
    const now = await previewDataset(db, one());
    const frozen = await curateDataset(db, ada, { ...one(), contentHash: now.contentHash });
    expect(frozen.contentHash).toBe(now.contentHash);
  });

  it("is refused where a decision comes in after its trajectory was read, and not where one does not matter", async () => {
    const late = (after: () => Promise<unknown>): Pick<typeof db, "store"> => {
      const { rollouts, ...store } = db.store;
      const getMany: typeof rollouts.getMany = async (rolloutIds) => {
        const read = await rollouts.getMany(rolloutIds);
        await after();
        after = () => Promise.resolve();
        return read;
      };
      return { store: { ...store, rollouts: { ...rollouts, getMany } } };
    };
    const before = await made();
    const vetoed = curateDataset(
      late(() => veto(ids[1]!)),
      ada,
      one(),
    );
    await expect(vetoed).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("came in"),
    });
    expect(await made()).toBe(before);
    const probes = [{ stateIndex: 2, attempt: 9 }];
    const planned = () => db.store.runs.plan(runId, [{ trajectoryId: ids[2]!, probes }]);
    const frozen = await curateDataset(late(planned), ada, one());
    expect(await rebuildDataset(db, frozen.datasetId)).toMatchObject({ identical: true });
  });

  it("says how far it is, and stores nothing where it is stopped", async () => {
    const told: string[] = [];
    const before = await made();
    const stopped = curateDataset(db, ada, one(), (trajectories, of) => {
      told.push(`${trajectories} of ${of}`);
      if (trajectories === 2) throw new Error("stopped");
    });
    await expect(stopped).rejects.toThrow("stopped");
    expect(told).toEqual(["0 of 3", "1 of 3", "2 of 3"]);
    expect(await made()).toBe(before);
  });

  it("reads as many trajectories at once as can be held, in their order", async () => {
    const long = [0, 1, 2].map((i) =>
      aTrajectory({ steps: [aStep({ observation: randomBytes(900_000).toString("hex") })] }, 600 + i),
    );
    const { trajectoryIds } = await db.store.trajectories.add(long, null);
    const asked = trajectoryIds.toReversed();
    const sizes: number[] = [];
    for (let from = 0; from < asked.length;) {
      const batch = await db.store.trajectories.batch(asked.slice(from));
      expect(batch).toEqual(
        await Promise.all(batch.map(({ trajectoryId }) => db.store.trajectories.get(trajectoryId))),
      );
      expect(batch.map(({ trajectoryId }) => trajectoryId)).toEqual(asked.slice(from, from + batch.length));
      sizes.push(batch.length);
      from += batch.length;
    }
    expect(sizes).toEqual([1, 1, 1]);
    for (const ids of [[asked[0]!, 999_999], [999_999]])
      await expect(db.store.trajectories.batch(ids)).rejects.toMatchObject({ code: "not_found" });
  });
});
