import { createHash } from "node:crypto";
import { beforeAll, expect, it } from "vitest";
import { canonicalJson } from "@/lib/core/canonical";
import { countExample, emptyCard } from "@/lib/core/dataset";
import type { Example } from "@/lib/core/example";
import { exportDataset, exportFormats, exportKit, exportZip } from "@/lib/usecases/exports";
import { anExample, aStep, aTrajectory, trajectories } from "../support/factories";
import { bytesOf, filesOf, textOf } from "../support/folders";
import { useStore } from "../support/store";

const db = useStore();
let datasetId = 0;
/** Forks at which the agent did something else than the expert. */
let forks = 0;

/** More than one batch of the store, and two examples of every other trajectory. */
const TRAJECTORIES = 700;

/** An example whose agent won at the start, where the expert's first action lost the task. */
function fork(trajectoryId: number, seed: number): Example {
  const example = anExample(trajectoryId, seed);
  example.provenance.evidence = [
    { stateIndex: 0, attempts: 4, successes: 4 },
    { stateIndex: 1, attempts: 4, successes: 0 },
  ];
  return example;
}

beforeAll(async () => {
  const drafts = trajectories(TRAJECTORIES);
  const { trajectoryIds } = await db.store.trajectories.add(drafts, null);
  const { personId } = await db.store.people.ensure("Ada");
  const examples = trajectoryIds.flatMap((id, seed) =>
    seed % 2 === 0 ? [fork(id, seed), anExample(id, seed)] : [fork(id, seed)],
  );
  forks = drafts.filter(
    ({ steps }, seed) => steps[0]?.action !== anExample(0, seed).messages.at(-1)?.content,
  ).length;
  const card = emptyCard("approved");
  for (const example of examples) countExample(card, example);
  async function* frozen() {
    for (const [i, example] of examples.entries()) {
      const split = i >= 1000 ? ("validation" as const) : ("train" as const);
      yield { example, text: canonicalJson(example), split };
    }
  }
  const about = { name: "the first", reviewPolicy: "approved" as const, personId };
  const known = () => Promise.resolve({ selection: {}, card, contentHash: "c0ffee" });
  ({ datasetId } = await db.store.datasets.freeze(about, frozen(), known));
});

it("gives a folder with both splits, the same zip each time, and checksums that hold", async () => {
  const { files, folder } = await exportKit(db, datasetId, "openai");
  expect(folder).toBe("the-first-openai");
  const found = await filesOf(files);
  const lines = (path: string) => found.get(path)?.toString("utf8").trimEnd().split("\n") ?? [];
  expect([...found.keys()].slice(0, 4)).toEqual([
    "train.jsonl",
    "train.provenance.jsonl",
    "validation.jsonl",
    "validation.provenance.jsonl",
  ]);
  expect([lines("train.jsonl"), lines("validation.jsonl")].map(({ length }) => length)).toEqual([1000, 50]);
  for (const sum of lines("SHA256SUMS"))
    expect(
      createHash("sha256")
        .update(found.get(sum.slice(66)) ?? "")
        .digest("hex"),
    ).toBe(sum.slice(0, 64));
  const zips = [await exportZip(db, datasetId, "openai"), await exportZip(db, datasetId, "openai")];
  const [first, second] = await Promise.all(zips.map(({ body }) => bytesOf(body)));
  expect(first?.equals(second ?? Buffer.alloc(0))).toBe(true);
});

it("gives plain files of one split or of both, and no provenance of a table", async () => {
  const rows = async (split?: "train" | "validation") =>
    (await textOf((await exportDataset(db, datasetId, "openai", "rows", split)).bytes)).trimEnd().split("\n");
  expect(await rows()).toEqual([...(await rows("train")), ...(await rows("validation"))]);
  await expect(exportDataset(db, datasetId, "verdicts-csv", "provenance")).rejects.toMatchObject({
    code: "invalid_input",
  });
  await expect(exportKit(db, 999_999, "openai")).rejects.toMatchObject({ code: "not_found" });
  await expect(exportKit(db, datasetId, "zip")).rejects.toMatchObject({ code: "invalid_input" });
});

it("reads the expert's action at a fork from its trajectory, once per trajectory", async () => {
  const { bytes, dataset } = await exportDataset(db, datasetId, "dpo-trl", "rows");
  const pairs = (await textOf(bytes))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(forks).toBeGreaterThan(TRAJECTORIES / 2);
  expect(pairs).toHaveLength(forks);
  for (const { prompt, chosen, rejected } of pairs) {
    expect([prompt.length, chosen.length, rejected.length]).toEqual([2, 1, 1]);
    expect(rejected).not.toEqual(chosen);
  }
  expect(dataset.exampleCount).toBe(TRAJECTORIES * 1.5);
});

it.each(exportFormats().map(({ format }) => format))("writes a folder in %s", async (format) => {
  const found = await filesOf((await exportKit(db, datasetId, format)).files);
  expect([...found.keys()].slice(-3)).toEqual(["README.md", "manifest.json", "SHA256SUMS"]);
  for (const [path, bytes] of found) expect([path, bytes.length > 0]).toEqual([path, true]);
});

it("labels nothing bad that another trajectory of the subtask is trained on", async () => {
  const steps = ["look[a]", "look[b]"].map((action) => aStep({ action, messages: null }));
  const drafts = [0, 1].map((i) =>
    aTrajectory({ subtaskKey: "shared", externalId: `shared ${i}`, steps }, i),
  );
  const { trajectoryIds } = await db.store.trajectories.add(drafts, null);
  const { personId } = await db.store.people.ensure("Ada");
  const [lost = 0, won = 0] = trajectoryIds;
  const freeze = async (examples: Example[]) => {
    const card = emptyCard("approved");
    for (const example of examples) countExample(card, example);
    async function* frozen() {
      for (const example of examples)
        yield { example, text: canonicalJson(example), split: "train" as const };
    }
    const known = () => Promise.resolve({ selection: {}, card, contentHash: `of ${examples.length}` });
    const about = { name: "shared", reviewPolicy: "approved" as const, personId };
    return (await db.store.datasets.freeze(about, frozen(), known)).datasetId;
  };
  const cloned: Example = { ...anExample(won), kind: "bc" };
  cloned.messages[2]!.content = "look[a]";
  const count = async (id: number) =>
    (await textOf((await exportDataset(db, id, "dpo-trl", "rows")).bytes)).split("\n").length - 1;
  expect(await count(await freeze([fork(lost, 1)]))).toBe(1);
  expect(await count(await freeze([fork(lost, 1), cloned]))).toBe(0);
});
