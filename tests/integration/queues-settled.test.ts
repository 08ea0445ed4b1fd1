import { beforeEach, describe, expect, it } from "vitest";
import { DatasetInput, previewDataset } from "@/lib/usecases/datasets";
import { claimNext, finishItem, queueDesk, queueView, voteOn, VoteInput } from "@/lib/usecases/queues";
import { ReviewInput, reviewStep } from "@/lib/usecases/reviews";
import { aQueue, mined, vote } from "../support/queues";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let seed = 0;
let [ada, bob, cat] = [0, 0, 0];

beforeEach(async () => {
  seed += 100;
  const person = async (name: string) => (await db.store.people.ensure(name)).personId;
  [ada, bob, cat] = [await person("Ada"), await person("Bob"), await person("Cat")];
});

const take = async (queueId: number, personId: number) => ({
  queueId,
  trajectoryId: (await claimNext(db, personId, { queueId })) ?? 0,
});
async function judge(queueId: number, personId: number, steps: Parameters<typeof vote>[2]) {
  const at = await take(queueId, personId);
  await vote(db.store, { ...at, personId }, steps);
  await finishItem(db, personId, at);
  return at;
}
/** How many examples a dataset of that policy would hold. */
async function examples(runId: number, reviewPolicy: "approved" | "not_vetoed"): Promise<number> {
  const selection = { trajectoryIds: await db.store.runs.trajectoryIds(runId) };
  const input = DatasetInput.parse({ name: "d", selection, runId, reviewPolicy });
  const { card } = await previewDataset(db, input);
  return Object.values(card.examples).reduce((sum, each) => sum + each, 0);
}
const decide = (runId: number, trajectoryId: number, change: object) =>
  reviewStep(
    db,
    cat,
    ReviewInput.parse({
      ...{
        runId,
        trajectoryId,
        target: "step",
        targetIndex: 0,
        decision: "approve",
        reason: null,
        note: null,
      },
      ...{ expectedVersion: 0, ...change },
    }),
  );

describe("a disagreement", () => {
  it("is nobody's decision and in no dataset until somebody adjudicates", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { runId } = run;
    const { queueId } = await aQueue(db.store, runId, { reviewers: 2 });
    await judge(queueId, ada, { 0: "approve", 1: "approve" });
    const at = await judge(queueId, bob, { 0: "veto", 1: "veto" });
    const [entry] = (await db.store.facts(runId, [at.trajectoryId])).values();
    expect(entry?.entry).toMatchObject({ toReview: 2, reviewed: 0, review: "pending" });
    for (const policy of ["approved", "not_vetoed"] as const) expect(await examples(runId, policy)).toBe(0);

    const { disputes, queue } = await queueView(db, queueId);
    expect(queue.disputed).toBe(1);
    expect(disputes).toMatchObject(
      [
        {
          ...at,
          targets: [0, 1].map((targetIndex) => ({ target: "step", targetIndex })),
          voters: [{ name: "Ada" }, { name: "Bob" }],
        },
      ].map(({ queueId: _, ...dispute }) => dispute),
    );
    const { rows, desk } = await queueDesk(db, cat, { ...at, adjudicating: true });
    expect(rows.decisions.map((d) => d.decision.state)).toEqual(["disputed", "disputed"]);
    expect(desk.votes.map((v) => v.reviewer)).toEqual(["Ada", "Bob", "Ada", "Bob"]);

    await decide(runId, at.trajectoryId, { expectedVersion: 1 });
    expect(await examples(runId, "approved")).toBe(1);
    expect((await queueView(db, queueId)).disputes[0]?.targets).toHaveLength(1);
    await decide(runId, at.trajectoryId, { targetIndex: 1, decision: "veto", expectedVersion: 1 });
    expect((await db.store.queues.get(queueId)).disputed).toBe(0);
    const marked = await db.query(
      "select target_index, decision from review where queue_id = $1 order by id",
      [queueId],
    );
    expect(marked.map((r) => r.decision)).toEqual(["dispute", "dispute", "approve", "veto"]);
    expect(await brokenRules(db.query)).toEqual({});
  });

  it("is open again when the adjudication is taken back", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId, { reviewers: 2 });
    await judge(queueId, ada, { 0: "approve", 1: "approve" });
    const { trajectoryId } = await judge(queueId, bob, { 0: "veto", 1: "approve" });
    await decide(run.runId, trajectoryId, { expectedVersion: 1 });
    const rows = await decide(run.runId, trajectoryId, { decision: "withdraw", expectedVersion: 2 });
    expect(rows.decisions[0]?.decision.state).toBe("disputed");
    expect((await db.store.queues.get(queueId)).disputed).toBe(1);
  });

  it("is also one between the votes and what somebody decided outside in the meantime", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId);
    const at = await take(queueId, ada);
    await decide(run.runId, at.trajectoryId, { decision: "veto" });
    await vote(db.store, { ...at, personId: ada }, { 0: "approve", 1: "approve" });
    await finishItem(db, ada, at);
    const reviews = await db.store.reviews.list(run.runId, at.trajectoryId);
    expect(reviews.map((r) => r.decision)).toEqual(["veto", "dispute", "approve"]);
  });
});

it("agreement is a decision like any other: it is exported, and a later one outside the queue replaces it", async () => {
  const { run } = await mined(db.store, 1, seed);
  const { queueId } = await aQueue(db.store, run.runId, { reviewers: 2 });
  await judge(queueId, ada, { 0: "approve", 1: "approve" });
  expect(await examples(run.runId, "approved")).toBe(0);
  const { trajectoryId } = await judge(queueId, bob, { 0: "approve", 1: "approve" });
  expect(await examples(run.runId, "approved")).toBe(1);
  await decide(run.runId, trajectoryId, { decision: "veto", expectedVersion: 1 });
  await decide(run.runId, trajectoryId, { decision: "veto", targetIndex: 1, expectedVersion: 1 });
  expect(await examples(run.runId, "approved")).toBe(0);
  expect((await db.store.queues.get(queueId)).disputed).toBe(0);
});

describe("blind items", () => {
  it("say nothing of the miner before the person is done, keep no verdict seen, and reveal it then", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId, { blindShare: 1 });
    const at = await take(queueId, ada);
    const look = () => queueDesk(db, ada, { ...at, adjudicating: false });
    const before = await look();
    expect(before.rows).toMatchObject({
      hidden: true,
      segments: [],
      rollouts: [],
      states: [],
      solutions: [],
    });
    expect(JSON.stringify(before)).not.toMatch(/beneficial|harmful|redundant|recovery/);
    await expect(finishItem(db, ada, at)).rejects.toMatchObject({ code: "invalid_input" });
    await vote(db.store, { ...at, personId: ada }, { 0: "approve", 4: "approve", 5: "veto" });
    const about = {
      ...at,
      runId: run.runId,
      target: "step",
      targetIndex: 1,
      decision: "promote",
      reason: null,
      note: null,
    };
    const promoting = voteOn(db, ada, VoteInput.parse({ ...about, expectedVersion: 0 }));
    await expect(promoting).rejects.toMatchObject({ code: "invalid_input" });
    expect(JSON.stringify(await look())).not.toMatch(/beneficial|harmful|redundant|recovery/);
    expect(await finishItem(db, ada, at)).toEqual({ revealed: true });
    const after = await look();
    expect(after.rows).toMatchObject({ hidden: false });
    expect(after.rows.segments.length).toBeGreaterThan(0);
    const votes = await db.query(
      "select target_index, verdict, verdict_seen from review_vote where queue_id = $1 order by id",
      [queueId],
    );
    expect(votes).toEqual([
      { target_index: 0, verdict: "beneficial", verdict_seen: null },
      { target_index: 4, verdict: "redundant", verdict_seen: null },
      { target_index: 5, verdict: "redundant", verdict_seen: null },
    ]);
    const reviews = await db.store.reviews.list(run.runId, at.trajectoryId);
    expect(reviews.map((r) => [r.targetIndex, r.decision, r.verdictSeen])).toEqual([
      [0, "approve", null],
      [4, "promote", null],
      [5, "veto", null],
    ]);
  });

  it("are the same share again with the same seed, and tell how much seeing the verdict sways people", async () => {
    const { run } = await mined(db.store, 24, seed);
    const [queue, again] = [
      await aQueue(db.store, run.runId, { blindShare: 0.5, seed: 5 }),
      await aQueue(db.store, run.runId, { blindShare: 0.5, seed: 5 }),
    ];
    const { queueId, blindItems } = queue;
    expect(again.blindItems).toBe(blindItems);
    expect(blindItems).toBeGreaterThan(5);
    expect(blindItems).toBeLessThan(19);
    for (let i = 0; i < 24; i++) {
      const at = await take(queueId, ada);
      const { blind } = await db.store.queues.item(queueId, at.trajectoryId, ada);
      await vote(db.store, { ...at, personId: ada }, { 0: blind ? "veto" : "approve", 1: "approve" });
      await finishItem(db, ada, at);
    }
    const { anchoring, miner } = (await queueView(db, queueId)).report;
    expect(anchoring.seen).toMatchObject({
      attempts: 2 * (24 - blindItems),
      successes: 2 * (24 - blindItems),
    });
    expect(anchoring.blind).toMatchObject({ attempts: 2 * blindItems, successes: blindItems });
    expect(anchoring.effect?.value).toBeCloseTo(0.5, 10);
    expect(miner[0]?.n).toBe(48);
  });
});

describe("gold items", () => {
  it("measure a person by what was decided before, are not told apart, and change no decision", async () => {
    const { run, trajectoryIds } = await mined(db.store, 4, seed);
    const [known] = trajectoryIds;
    await decide(run.runId, known!, {});
    await decide(run.runId, known!, { targetIndex: 1, decision: "veto" });
    const queue = await aQueue(db.store, run.runId, { gold: 3 });
    expect(queue).toMatchObject({ items: 4, goldItems: 1 });
    const seen = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const at = await take(queue.queueId, ada);
      const { rows, desk } = await queueDesk(db, ada, { ...at, adjudicating: false });
      seen.add(JSON.stringify([Object.keys(desk.item), rows.history, rows.decisions]));
      await vote(db.store, { ...at, personId: ada }, { 0: "approve", 1: "approve" });
      await finishItem(db, ada, at);
    }
    expect(seen.size).toBe(1);
    const { report } = await queueView(db, queue.queueId);
    expect(report.gold).toMatchObject([{ personId: ada, attempts: 2, successes: 1 }]);
    expect((await db.store.reviews.list(run.runId, known!)).map((r) => r.decision)).toEqual([
      "approve",
      "veto",
    ]);
    expect((await db.store.queues.get(queue.queueId)).complete).toBe(4);
    expect(await brokenRules(db.query)).toEqual({});
  });
});
