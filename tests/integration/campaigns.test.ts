import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import type { Example } from "@/lib/core/example";
import { choosePositive } from "@/lib/core/repository";
import { wilson } from "@/lib/core/statistics";
import { policies } from "@/lib/policies/registry";
import {
  CampaignDatasetInput,
  CampaignInput,
  campaignView,
  createCampaign,
  freezeCampaignDataset,
  previewCampaignDataset,
  startIteration,
} from "@/lib/usecases/campaigns";
import { rebuildDataset } from "@/lib/usecases/dataset-rebuild";
import { curateDataset, DatasetInput, previewDataset } from "@/lib/usecases/datasets";
import { exportDataset } from "@/lib/usecases/exports";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { reviewRows } from "@/lib/usecases/trajectories";
import { countOneByOne } from "../support/campaigns";
import { collect, openCollecting, type Collecting } from "../support/collecting";
import { textOf } from "../support/folders";
import { brokenRules } from "../support/store";

let at: Collecting;
/** The weak crafter is π_0, the strong one π_1, “the trained one”; the expert is the strong one on other draws. */
let ids = { environment: 0, campaign: 0, weak: 0, strong: 0 };
const choice = { first: 60, count: 30 };
const checkpoints = [policies["crafter-weak"], policies["crafter-strong"]].map(
  (driver) => driver.connect({}, null).checkpoint,
);

beforeAll(async () => {
  at = await openCollecting();
  const shop = { name: "workshop", driver: "textcraft", config: {} };
  const { environmentId } = await putEnvironment(at.deps, shop);
  const policy = async (name: string, kind: string) =>
    (await putPolicy(at.deps, { name, kind, config: {} })).policyId;
  const [weak, strong] = [await policy("weak", "crafter-weak"), await policy("strong", "crafter-strong")];
  await collect(at.deps, at.personId, { environmentId, policyId: strong, choice });
  const config = { run: { config: { seed: 7 } }, starts: { seed: 7 } };
  const input = CampaignInput.parse({ name: "crafting", environmentId, choice, config });
  const { campaignId } = await createCampaign(at.deps, at.personId, input);
  ids = { environment: environmentId, campaign: campaignId, weak, strong };
}, 60_000);
afterEach(() => at.rest());
afterAll(() => at?.close());
const view = () => campaignView(at.deps, ids.campaign);
const start = (iteration: number, policyId: number) =>
  startIteration(at.deps, at.personId, { campaignId: ids.campaign, iteration, policyId });
const recipe = (change: { includeStale?: boolean; reviewPolicy?: "approved" } = {}) =>
  CampaignDatasetInput.parse({ campaignId: ids.campaign, ...change });

async function explored(iteration: number): Promise<void> {
  await at.work();
  const open = async () => (await view()).iterations[iteration]?.figures.open;
  await expect.poll(open, { timeout: 110_000, interval: 200 }).toBe(false);
}

async function iterationRow(iteration: number) {
  const row = (await view()).iterations[iteration];
  if (!row || row.runId === null || row.collectionId === null) throw new Error("it explored");
  return { ...row, runId: row.runId, collectionId: row.collectionId };
}

const counted = async (iteration: number) => countOneByOne(at.store, await iterationRow(iteration));

async function examplesOf(datasetId: number | null): Promise<Example[]> {
  const examples: Example[] = [];
  for await (const example of at.store.datasets.stream(datasetId ?? 0)) examples.push(example);
  return examples;
}

it("starts an iteration once, whoever asks how often, and goes on where a start was cut off", async () => {
  await Promise.all([start(0, ids.weak), start(0, ids.weak)]);
  const { runId, collectionId } = await iterationRow(0);
  expect(await start(0, ids.weak)).toMatchObject({ runId, collectionId });
  expect((await at.store.runs.list(null, 10)).rows).toHaveLength(1);
  expect((await at.store.collections.list(null, 10)).rows).toHaveLength(2);
  const client = new pg.Client({ connectionString: at.url });
  await client.connect();
  await client.query("delete from rollout");
  await client.query("delete from run_trajectory");
  await client.query("delete from run_total");
  await client.end();
  await start(0, ids.weak);
  const failed = (await view()).experts.failed;
  expect(await at.store.runs.trajectoryIds(runId)).toHaveLength(failed);
  await expect(start(0, ids.strong)).rejects.toMatchObject({ code: "conflict" });
  await expect(start(1, ids.strong)).rejects.toThrow("still explores");
  await expect(freezeCampaignDataset(at.deps, at.personId, recipe())).rejects.toThrow("still explores");
});

it("explores with π_0 and says what came of it", async () => {
  await explored(0);
  const { rollouts, episodes, failed, solved } = await counted(0);
  const { figures, checkpoint } = await iterationRow(0);
  expect(checkpoint).toBe(checkpoints[0]);
  const tally = (of: { success: boolean | null }[]) => ({
    attempts: of.length,
    successes: of.filter(({ success }) => success).length,
  });
  const rate = (of: { success: boolean | null }[]) => {
    const [low, high] = wilson(tally(of));
    return { ...tally(of), low, high };
  };
  const done = rollouts.filter(({ status }) => status === "completed");
  expect(figures.starts).toEqual(rate(episodes));
  expect(figures.subtasks).toBe(choice.count);
  expect(figures.fromStart).toEqual(rate(done.filter(({ stateIndex }) => stateIndex === 0)));
  expect(figures.fromStates).toEqual(rate(done.filter(({ stateIndex }) => stateIndex > 0)));
  const newlySolved = [...failed].filter((key) => solved.has(key)).length;
  expect(newlySolved).toBeGreaterThan(0);
  const remaining = failed.size - newlySolved;
  expect(figures.coverage).toEqual({ failed: failed.size, solvedBefore: 0, newlySolved, remaining });
  expect(figures.spent.calls).toBe(
    [...done.map((each) => each.stepCount), ...episodes.map((each) => each.calls)].reduce((a, b) => a + b),
  );
  expect(figures.perNewlySolved?.calls).toBeCloseTo(figures.spent.calls / newlySolved, 9);
  expect(figures.spent.cost).toBeNull();
  expect(figures.staleVerdicts).toBe(0);
}, 120_000);

it("freezes D_0: the expert's successes, and one solution per important state", async () => {
  await expect(start(1, ids.strong)).rejects.toThrow("has no dataset yet");
  const { card, contentHash } = await previewCampaignDataset(at.deps, recipe());
  const dataset = await freezeCampaignDataset(at.deps, at.personId, recipe());
  expect(dataset.contentHash).toBe(contentHash);
  expect(card.examples.bc).toBe((await view()).experts.solved);
  expect(card.stale).toBe(0);
  expect(card.leftOut.otherStart).toBeGreaterThan(0);
  await expect(freezeCampaignDataset(at.deps, at.personId, recipe())).rejects.toMatchObject({
    code: "conflict",
  });
  const examples = await examplesOf(dataset.datasetId);
  const starts = examples.filter(({ kind, provenance }) => kind !== "bc" && provenance.importantState === 0);
  expect(new Set(starts.map(({ subtaskKey }) => subtaskKey)).size).toBe(starts.length);
  expect(starts.some(({ provenance }) => provenance.rollout === null)).toBe(true);
  expect((await previewDataset(at.deps, ordinary((await iterationRow(0)).runId))).card.leftOut.stale).toBe(0);
  await expect(start(1, ids.weak)).rejects.toThrow("explored with");
});

const ordinary = (runId: number, includeStale = false) => {
  const filter = { source: "expert" as const, success: false, environmentId: ids.environment };
  return DatasetInput.parse({
    name: "x",
    runId,
    includeStale,
    reviewPolicy: "not_vetoed",
    selection: { filter },
  });
};

it("explores with π_1, and π_0's verdicts are stale from then on", async () => {
  await start(1, ids.strong);
  const [old, now] = [await iterationRow(0), await iterationRow(1)];
  expect(old.figures.staleVerdicts).toBe(old.figures.verdicts);
  expect(old.figures.verdicts).toBeGreaterThan(0);
  const filter = { ...ordinary(old.runId).selection, runId: old.runId };
  const any = {
    subtaskId: null,
    coverage: null,
    model: null,
    minReward: null,
    maxReward: null,
    verdict: null,
    review: null,
    replay: null,
    disagreement: null,
    text: null,
    said: null,
  };
  const asked = { ...any, source: "expert" as const, success: false, environmentId: null };
  const listed = await at.store.trajectories.list({ ...asked, runId: filter.runId }, "newest", null, 100);
  expect(listed.rows.every(({ mined }) => mined?.stale)).toBe(true);
  const [first] = listed.rows;
  expect((await reviewRows(at.deps, first?.trajectoryId ?? 0, old.runId)).stale).toEqual({
    campaignId: ids.campaign,
    name: "crafting",
    checkpoint: checkpoints[1],
  });
  const { card, refused } = await previewDataset(at.deps, ordinary(old.runId));
  expect(card).toMatchObject({ stale: 0, examples: { eef: 0 } });
  expect(refused.counts.stale).toBe(card.leftOut.stale);
  const [named] = refused.named;
  await expect(curateDataset(at.deps, at.personId, ordinary(old.runId))).rejects.toThrow(
    `trajectory ${named?.trajectoryId}, state ${named?.importantState}`,
  );
  expect(card.leftOut.stale).toBeGreaterThan(0);
  const included = await previewDataset(at.deps, ordinary(old.runId, true));
  expect(included.card.stale).toBe(card.leftOut.stale);
  expect(included.card.examples.eef).toBe(card.leftOut.stale);

  await explored(1);
  const done = await at.store.trajectories.list({ ...asked, runId: now.runId }, "newest", null, 100);
  expect(done.rows.length).toBeGreaterThan(0);
  expect(done.rows.some(({ mined }) => mined?.stale)).toBe(false);
}, 120_000);

it("counts each newly solved subtask in one iteration", async () => {
  const [before, after] = [await counted(0), await counted(1)];
  const newly = [...before.failed].filter((key) => after.solved.has(key) && !before.solved.has(key));
  const { iterations } = await view();
  const [first, second] = iterations.map(({ figures }) => figures.coverage);
  expect(second).toEqual({
    failed: before.failed.size,
    solvedBefore: first?.newlySolved,
    newlySolved: newly.length,
    remaining: (first?.remaining ?? 0) - newly.length,
  });
  expect(iterations[1]?.figures.perNewlySolved === null).toBe(newly.length === 0);
});

it("freezes D_1 with iteration 0's solutions where they are better, and the mask right", async () => {
  const [, second] = [await iterationRow(0), await iterationRow(1)];
  const { datasetId } = await freezeCampaignDataset(at.deps, at.personId, recipe());
  expect((await iterationRow(1)).datasetId).toBe(datasetId);
  const examples = await examplesOf(datasetId);
  const rollouts = [await counted(0), await counted(1)].flatMap(({ rollouts }, iteration) =>
    rollouts.filter(({ success }) => success).map((each) => ({ ...each, iteration })),
  );
  let earlier = 0;
  for (const { kind, provenance } of examples) {
    if (kind === "bc" || provenance.rollout === null) continue;
    const from = rollouts.filter(
      (each) =>
        each.trajectoryId === provenance.trajectoryId && each.stateIndex === provenance.rollout?.stateIndex,
    );
    const best = choosePositive(from);
    expect(provenance.rollout).toMatchObject({ runId: best?.runId, attempt: best?.attempt });
    if (provenance.rollout.runId !== second.runId) earlier += 1;
  }
  expect(earlier).toBeGreaterThan(0);
  const keys = examples.map(({ provenance }) => `${provenance.trajectoryId}/${provenance.importantState}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { messages, provenance } of examples)
    for (const turn of provenance.turns) {
      expect(messages[turn.messageIndex]?.train).toBe(turn.train);
      if (turn.source === "expert" && turn.verdict !== null)
        expect(turn.train && turn.verdict !== "beneficial").toBe(false);
      if (turn.source === "agent") expect(turn.train).toBe(true);
    }
  // An environment set up anew may number its subtasks otherwise: the choice would come to others.
  for (let order = 0; order < 2; order++) {
    expect(await rebuildDataset(at.deps, datasetId)).toMatchObject({ identical: true, changes: [] });
    await query("update subtask set position = 1000 - position");
  }
  const { bytes } = await exportDataset(at.deps, datasetId, "openai", "rows");
  expect((await textOf(bytes)).trimEnd().split("\n")).toHaveLength(examples.length);
});

it("leaves stale verdicts out when asked, and the agent's own episodes where only approval counts", async () => {
  const { card } = await previewAgain({ includeStale: false });
  expect(card.stale).toBe(0);
  const { card: approved } = await previewAgain({ reviewPolicy: "approved" });
  expect(approved.examples).toMatchObject({ rft: 0, eef: 0 });
  expect(approved.examples.bc).toBe((await view()).experts.solved);
});

/** D_1 as it would be, though it is frozen. */
async function previewAgain(change: Parameters<typeof recipe>[0]) {
  const { reviewPolicy, includeStale } = recipe(change);
  const experts = await at.store.campaigns.experts(ids.campaign);
  const selection = { trajectoryIds: experts.map(({ trajectoryId }) => trajectoryId) };
  const iteration = { campaignId: ids.campaign, iteration: 1 };
  const input = { name: "x", selection, reviewPolicy, includeStale, includeSolved: true, iteration };
  return previewDataset(at.deps, DatasetInput.parse(input));
}

it("keeps every rule of the database", async () => {
  expect(await brokenRules(query)).toEqual({});
});

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const pool = new pg.Pool({ connectionString: at.url });
  return (await pool.query(sql).finally(() => pool.end())).rows;
}

it("is refused where nothing can be explored", async () => {
  const { environmentId } = await putEnvironment(at.deps, { name: "read only", driver: null, config: {} });
  const input = (environment: number) => CampaignInput.parse({ name: "no", environmentId: environment });
  await expect(createCampaign(at.deps, at.personId, input(environmentId))).rejects.toMatchObject({
    code: "not_replayable",
  });
  await expect(createCampaign(at.deps, at.personId, input(at.shop))).rejects.toThrow("no failed expert");
  const where = { name: "elsewhere", environmentId: ids.environment };
  const elsewhere = CampaignInput.parse({ ...where, choice: { keys: ["no such"] } });
  await expect(createCampaign(at.deps, at.personId, elsewhere)).rejects.toMatchObject({ code: "not_found" });
  const unfailed = { ...elsewhere, choice: null, model: "nobody" };
  await expect(createCampaign(at.deps, at.personId, unfailed)).rejects.toThrow("no failed expert");
  const empty = { ...elsewhere, choice: { split: null, taskType: "depth-1", first: 0, count: 1 } };
  const { campaignId } = await createCampaign(at.deps, at.personId, empty);
  const first = { campaignId, iteration: 0, policyId: ids.weak };
  await expect(startIteration(at.deps, at.personId, first)).rejects.toThrow(
    "has no failed expert trajectory",
  );
  await expect(campaignView(at.deps, 99)).rejects.toMatchObject({ code: "not_found" });
});
