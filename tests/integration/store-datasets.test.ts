import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "@/lib/core/canonical";
import type { DatasetSplit } from "@/lib/core/dataset-split";
import type { Example } from "@/lib/core/example";
import { openClient } from "@/lib/store/client";
import { openBulk } from "@/lib/store/bulk";
import { datasetsIn } from "@/lib/store/datasets";
import { anExample, aTrajectory } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let trajectoryId = 0;
let personId = 0;

beforeAll(async () => {
  trajectoryId = (await db.store.trajectories.add([aTrajectory()], null)).trajectoryIds[0]!;
  ({ personId } = await db.store.people.ensure("Ada"));
});

async function* from(examples: Example[], fail?: Error, splitOf = (_: number): DatasetSplit => "train") {
  for (const [i, example] of examples.entries())
    yield { example, text: canonicalJson(example), split: splitOf(i) };
  if (fail) throw fail;
}
const examples = (count: number) => Array.from({ length: count }, (_, seed) => anExample(trajectoryId, seed));
const asked = (change: object = {}): Parameters<typeof db.store.datasets.freeze>[0] => ({
  name: "first",
  reviewPolicy: "approved",
  personId,
  ...change,
});
const about = () => Promise.resolve({ selection: { runId: null }, card: { examples: 3 }, contentHash: "h" });
const freeze = (source: Parameters<typeof db.store.datasets.freeze>[1], change: object = {}) =>
  db.store.datasets.freeze(asked(change), source, about);
async function all(datasetId: number, split?: DatasetSplit): Promise<Example[]> {
  const read: Example[] = [];
  for await (const example of db.store.datasets.stream(datasetId, split)) read.push(example);
  return read;
}

describe("a dataset", () => {
  it("gives back its examples in order, whole and in parts", async () => {
    const given = examples(1203);
    const dataset = await freeze(from(given));
    expect(dataset).toMatchObject({
      name: "first",
      exampleCount: 1203,
      reviewPolicy: "approved",
      card: { examples: 3 },
      createdBy: "Ada",
    });
    expect(await all(dataset.datasetId)).toEqual(given);
    const texts = await db.store.datasets.texts(dataset.datasetId, { from: 1200, limit: 50 });
    expect(texts.map(({ text }) => JSON.parse(text))).toEqual(given.slice(1200));
    const among = [1100, 3, 9999];
    const some = await db.store.datasets.texts(dataset.datasetId, { from: 0, limit: 50, among });
    expect(some.map(({ exampleIndex }) => exampleIndex)).toEqual([3, 1100]);
    expect(await db.store.datasets.get(dataset.datasetId)).toEqual(dataset);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("is written however long its examples take to read", async () => {
    const [hasty, bulk] = [openClient(db.url, 2000), openBulk(db.url)];
    async function* slowly() {
      yield* from(examples(501));
      await pause(3000);
      yield* from(examples(1));
    }
    const dataset = await datasetsIn(hasty, bulk).freeze(asked({ name: "slow" }), slowly(), about);
    expect(dataset.exampleCount).toBe(502);
    await Promise.all([hasty.$disconnect(), bulk.close()]);
  });

  it("gives one split of its examples, in the same order", async () => {
    const given = examples(1203);
    const isHeldOut = (i: number) => i % 5 === 2;
    const dataset = await freeze(from(given, undefined, (i) => (isHeldOut(i) ? "validation" : "train")));
    expect(dataset).toMatchObject({ exampleCount: 1203, validationCount: 241 });
    expect(await all(dataset.datasetId, "validation")).toEqual(given.filter((_, i) => isHeldOut(i)));
    expect(await all(dataset.datasetId, "train")).toEqual(given.filter((_, i) => !isHeldOut(i)));
    expect(await all(dataset.datasetId)).toEqual(given);
  });

  it("keeps each example as the text it was given", async () => {
    const example = anExample(trajectoryId, 5);
    const text = `  ${canonicalJson(example)} `;
    const { datasetId } = await freeze(
      (async function* () {
        yield { example, text, split: "train" as const };
      })(),
    );
    expect(await db.query("select example from dataset_example where dataset_id = $1", [datasetId])).toEqual([
      { example: text },
    ]);
  });

  it("reads long examples in short batches", async () => {
    const long = examples(5).map((example) => ({ ...example, subtaskKey: "x".repeat(5_000_000) }));
    const { datasetId } = await freeze(from(long));
    expect(await db.store.datasets.texts(datasetId, { from: 0, limit: 5 })).toHaveLength(2);
    expect((await all(datasetId)).map((e) => e.subtaskKey.length)).toEqual(Array(5).fill(5_000_000));
  });

  it("takes back a batch once the next one is asked for, and says so", async () => {
    const { datasetId } = await freeze(from(examples(1203)));
    const kept: Iterable<unknown>[] = [];
    for await (const batch of db.store.datasets.batches(datasetId)) kept.push(batch);
    expect(kept.length).toBeGreaterThan(1);
    expect(() => Array.from(kept[0] ?? [])).toThrow("before the next one");
  });

  it("names an example that is not as it was stored, and gives nothing after it", async () => {
    const given = examples(3);
    const { datasetId } = await freeze(
      (async function* () {
        for (const [i, example] of given.entries()) {
          const text = i === 1 ? canonicalJson({ ...example, messages: "none" }) : canonicalJson(example);
          yield { example, text, split: "train" as const };
        }
      })(),
    );
    const read: Example[] = [];
    const reading = (async () => {
      for await (const example of db.store.datasets.stream(datasetId)) read.push(example);
    })();
    await expect(reading).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining(`example 1 of dataset ${datasetId} is not as it was stored`),
    });
    expect(read.length).toBeLessThan(2);
    expect(read).toEqual(given.slice(0, read.length));
  });

  it("is there whole or not at all", async () => {
    const before = await db.query("select count(*) from dataset_example");
    const reason = new Error("a review came in");
    await expect(freeze(from(examples(700), reason))).rejects.toBe(reason);
    const refused = () => Promise.reject(reason);
    await expect(db.store.datasets.freeze(asked(), from(examples(700)), refused)).rejects.toBe(reason);
    await expect(freeze(from([anExample(999_999)]))).rejects.toMatchObject({ code: "not_found" });
    await expect(freeze(from(examples(2)), { personId: 999_999 })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(freeze(from(examples(2)), { name: "\0" })).rejects.toMatchObject({ code: "invalid_input" });
    expect(await db.query("select count(*) from dataset_example")).toEqual(before);
  });

  it("never changes again", async () => {
    const { datasetId } = await freeze(from(examples(2)));
    for (const change of [
      `update dataset set name = 'other' where id = ${datasetId}`,
      `delete from dataset where id = ${datasetId}`,
      `update dataset_example set example = '{}' where dataset_id = ${datasetId}`,
      `delete from dataset_example where dataset_id = ${datasetId}`,
      `insert into dataset_example values (${datasetId}, 2, 'bc', ${trajectoryId}, '{}')`,
    ])
      await expect(db.query(change)).rejects.toThrow(/is refused|is frozen/);
  });

  it("is listed newest first, in pages", async () => {
    const made = [await freeze(from(examples(1))), await freeze(from(examples(1)), { name: "second" })];
    const first = await db.store.datasets.list(null, 1);
    expect(first.rows).toEqual([made[1]]);
    expect((await db.store.datasets.list(first.next, 1)).rows).toEqual([made[0]]);
  });

  it("must exist to be read", async () => {
    for (const id of [999_999, 2 ** 40]) {
      await expect(db.store.datasets.get(id)).rejects.toMatchObject({ code: "not_found" });
      await expect(db.store.datasets.texts(id, { from: 0, limit: 1 })).rejects.toMatchObject({
        code: "not_found",
      });
      await expect(all(id)).rejects.toMatchObject({ code: "not_found" });
    }
  });

  it("whose stored text is damaged says which example", async () => {
    await db.query(`insert into dataset_example values (777, 0, 'bc', ${trajectoryId}, '{"kind":"bc"}');
      insert into dataset (id, name, content_hash, review_policy, selection, card, example_count, person_id)
      values (777, 'bad', 'h', 'approved', '{}', '{}', 1, ${personId})`);
    await expect(all(777)).rejects.toMatchObject({
      code: "internal",
      message: expect.stringContaining("example 0 of dataset 777"),
    });
  });
});
