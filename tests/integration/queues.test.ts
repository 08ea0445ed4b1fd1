import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createStore } from "@/lib/store/store";
import {
  claimNext,
  finishItem,
  keepItem,
  lastSkipped,
  queueDesk,
  queueView,
  skipItem,
  unskipItem,
  voteOn,
  VoteInput,
} from "@/lib/usecases/queues";
import { Filter } from "@/lib/usecases/selection";
import { aQueue, mined, vote } from "../support/queues";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let seed = 0;
let [ada, bob, cat] = [0, 0, 0];
const person = async (name: string) => (await db.store.people.ensure(name)).personId;

beforeEach(async () => {
  seed += 100;
  [ada, bob, cat] = [await person("Ada"), await person("Bob"), await person("Cat")];
});

const both = { 0: "approve", 1: "approve" } as const;
const next = (queueId: number, personId: number) => claimNext(db, personId, { queueId });
const done = async (queueId: number, personId: number, steps: Parameters<typeof vote>[2] = both) => {
  const trajectoryId = (await next(queueId, personId)) ?? 0;
  await vote(db.store, { queueId, trajectoryId, personId }, steps);
  await finishItem(db, personId, { queueId, trajectoryId });
  return trajectoryId;
};
const expire = (queueId: number, personId: number) =>
  db.query(
    "update review_assignment set lock_until = now() - interval '1 s' where queue_id = $1 and person_id = $2",
    [queueId, personId],
  );

describe("a queue", () => {
  it("holds what matched when it was made, in the list's order, by the run that looked at it", async () => {
    const { run, trajectoryIds } = await mined(db.store, 4, seed);
    const queue = await aQueue(db.store, run.runId, { sort: "newest" });
    await mined(db.store, 1, seed + 10);
    expect(queue).toMatchObject({ items: 4, complete: 0, disputed: 0, createdBy: "Maker", people: [] });
    const order = [];
    for (let id = await next(queue.queueId, ada); id !== null; id = await next(queue.queueId, ada)) {
      order.push(id);
      await skipItem(db, ada, { queueId: queue.queueId, trajectoryId: id });
    }
    expect(order).toEqual([...trajectoryIds].reverse());
    expect(await db.store.queues.get(queue.queueId)).toEqual(queue);
    expect((await db.store.queues.list(null, 1)).rows).toEqual([queue]);
  });

  it("is refused where nothing is mined, and where more people are asked for than named", async () => {
    const { run } = await mined(db.store, 1, seed);
    const nothing = aQueue(db.store, run.runId, {
      filter: Filter.parse({ runId: run.runId, verdict: "harmful" }),
    });
    await expect(nothing).rejects.toMatchObject({ code: "invalid_input" });
    await expect(aQueue(db.store, run.runId, { reviewers: 2, people: ["Ada"] })).rejects.toMatchObject({
      code: "invalid_input",
    });
  });

  it("that names its people is for them only", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId, { people: ["Ada"] });
    await expect(next(queueId, bob)).rejects.toMatchObject({
      code: "forbidden",
      message: "this queue is for Ada",
    });
    expect(await next(queueId, ada)).not.toBeNull();
  });
});

describe("who gets what", () => {
  it("is never more people on a trajectory than were asked for, however many ask at once", async () => {
    const { run, trajectoryIds } = await mined(db.store, 6, seed);
    const { queueId } = await aQueue(db.store, run.runId, { reviewers: 2 });
    const people = await Promise.all(Array.from({ length: 14 }, (_, i) => person(`Reviewer ${i}`)));
    const other = createStore(db.url);
    const given = await Promise.all(
      people.map((id, i) => claimNext({ store: i % 2 ? db.store : other }, id, { queueId })),
    );
    await other.close();
    for (const id of trajectoryIds) expect(given.filter((each) => each === id)).toHaveLength(2);
    expect(given.filter((each) => each === null)).toHaveLength(2);
  });

  it("is one's own unfinished trajectory first, and what was skipped never again", async () => {
    const { run, trajectoryIds } = await mined(db.store, 2, seed);
    const { queueId } = await aQueue(db.store, run.runId);
    const [first, second] = trajectoryIds;
    expect(await Promise.all([next(queueId, ada), next(queueId, ada)])).toEqual([first, first]);
    expect(await next(queueId, bob)).toBe(second);
    expect(await next(queueId, cat)).toBeNull();
    await skipItem(db, ada, { queueId, trajectoryId: first! });
    expect(await next(queueId, ada)).toBeNull();
    const late = vote(db.store, { queueId, trajectoryId: first!, personId: ada }, both);
    await expect(late).rejects.toMatchObject({ message: expect.stringContaining("skipped") });
    expect(await next(queueId, cat)).toBe(first);
    expect(await db.store.queues.people(queueId)).toEqual([
      { personId: ada, name: "Ada", holding: 0, done: 0, skipped: 1 },
      { personId: bob, name: "Bob", holding: 1, done: 0, skipped: 0 },
      { personId: cat, name: "Cat", holding: 1, done: 0, skipped: 0 },
    ]);
  });

  it("is a skipped one again once the skip is taken back, while it is free", async () => {
    const { run, trajectoryIds } = await mined(db.store, 2, seed);
    const { queueId } = await aQueue(db.store, run.runId);
    const [first, second] = trajectoryIds.map((trajectoryId) => ({ queueId, trajectoryId }));
    const skipped = () => lastSkipped(db, ada, queueId);
    expect(await skipped()).toBeNull();
    await expect(unskipItem(db, ada, first!)).rejects.toMatchObject({ code: "conflict" });
    await next(queueId, ada);
    await vote(db.store, { ...first!, personId: ada }, both);
    await skipItem(db, ada, first!);
    expect(await skipped()).toBe(first!.trajectoryId);
    for (let twice = 0; twice < 2; twice++)
      expect(await unskipItem(db, ada, first!)).toEqual({ trajectoryId: first!.trajectoryId });
    expect(await skipped()).toBeNull();
    expect(await next(queueId, bob)).toBe(second!.trajectoryId);
    expect(await next(queueId, ada)).toBe(first!.trajectoryId);
    await finishItem(db, ada, first!);
    await skipItem(db, bob, second!);
    expect(await next(queueId, cat)).toBe(second!.trajectoryId);
    expect(await lastSkipped(db, bob, queueId)).toBeNull();
    await expect(unskipItem(db, bob, second!)).rejects.toMatchObject({ code: "conflict" });
    expect((await queueDesk(db, bob, { ...second!, adjudicating: false })).desk.item.state).toBe("skipped");
  });

  it("is free again when a lock runs out, and its old holder is told", async () => {
    const { run, trajectoryIds } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId);
    const at = { queueId, trajectoryId: trajectoryIds[0]! };
    await next(queueId, ada);
    expect(await next(queueId, bob)).toBeNull();
    await expire(queueId, ada);
    await keepItem(db, ada, at);
    expect(await next(queueId, bob)).toBeNull();
    await expire(queueId, ada);
    expect(await next(queueId, bob)).toBe(at.trajectoryId);
    await expect(keepItem(db, ada, at)).rejects.toMatchObject({ code: "conflict" });
    await expect(vote(db.store, { ...at, personId: ada }, both)).rejects.toMatchObject({ code: "conflict" });
    await vote(db.store, { ...at, personId: bob }, both);
    await finishItem(db, bob, at);
    expect(await next(queueId, ada)).toBeNull();
  });
});

describe("votes", () => {
  it("of two people on one trajectory neither see nor hinder one another before both are done", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId, { reviewers: 2 });
    const [trajectoryId] = await Promise.all([next(queueId, ada), next(queueId, bob)]);
    const at = { queueId, trajectoryId: trajectoryId! };
    await Promise.all([
      vote(db.store, { ...at, personId: ada }, { 0: "approve", 1: "approve" }),
      vote(db.store, { ...at, personId: bob }, { 0: "veto", 1: "approve" }),
    ]);
    await finishItem(db, ada, at);
    const look = (personId: number) => queueDesk(db, personId, { ...at, adjudicating: false });
    const [adas, bobs] = [await look(ada), await look(bob)];
    expect(bobs.rows.history.map((r) => r.reviewer)).toEqual(["Bob", "Bob"]);
    expect(bobs.rows.decisions.map((d) => d.decision.state)).toEqual(["vetoed", "approved"]);
    expect(bobs.desk.votes).toEqual([]);
    expect(adas.rows.decisions.map((d) => d.decision.state)).toEqual(["approved", "approved"]);
    expect(await db.store.reviews.list(run.runId, at.trajectoryId)).toEqual([]);
    await finishItem(db, bob, at);
    expect(
      (await look(ada)).desk.votes.map((v) => `${v.targetIndex} ${v.reviewer} ${v.decision}`).sort(),
    ).toEqual(["0 Ada approve", "0 Bob veto", "1 Ada approve", "1 Bob approve"]);
  });

  it("sent again are stored once, and from two windows are a conflict", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId);
    const trajectoryId = (await next(queueId, ada))!;
    const about = {
      queueId,
      runId: run.runId,
      trajectoryId,
      target: "step",
      targetIndex: 0,
      reason: null,
      note: null,
    };
    const input = VoteInput.parse({
      ...about,
      decision: "approve",
      expectedVersion: 0,
      clientId: randomUUID(),
    });
    await Promise.all([1, 2, 3].map(() => voteOn(db, ada, input)));
    await expect(voteOn(db, ada, { ...input, clientId: randomUUID() })).rejects.toMatchObject({
      code: "conflict",
    });
    expect(await db.query("select version from review_vote where queue_id = $1", [queueId])).toHaveLength(1);
  });

  it("must cover what is to review before somebody is done, and stand from then on", async () => {
    const { run } = await mined(db.store, 1, seed);
    const { queueId } = await aQueue(db.store, run.runId, { reviewers: 2 });
    const at = { queueId, trajectoryId: (await next(queueId, ada))! };
    await vote(db.store, { ...at, personId: ada }, { 0: "approve" });
    await expect(finishItem(db, ada, at)).rejects.toMatchObject({ code: "invalid_input" });
    await vote(db.store, { ...at, personId: ada }, { 1: "veto" });
    await finishItem(db, ada, at);
    await finishItem(db, ada, at);
    await expect(vote(db.store, { ...at, personId: ada }, { 2: "veto" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("of many who finish at once are settled once, and break no rule", async () => {
    const { run, trajectoryIds } = await mined(db.store, 3, seed);
    const { queueId } = await aQueue(db.store, run.runId, { reviewers: 3 });
    await Promise.all(
      [ada, bob, cat].map(async (id) => {
        for (const _ of trajectoryIds) await done(queueId, id);
      }),
    );
    expect(await db.store.queues.get(queueId)).toMatchObject({ complete: 3, disputed: 0 });
    for (const id of trajectoryIds) {
      const reviews = await db.store.reviews.list(run.runId, id);
      expect(reviews.map((r) => [r.targetIndex, r.decision, r.version])).toEqual([
        [0, "approve", 1],
        [1, "approve", 1],
      ]);
      expect(reviews[0]?.note).toBe("Ada, Bob, Cat agree");
    }
    expect(await brokenRules(db.query)).toEqual({});
    const { report } = await queueView(db, queueId);
    expect(report.alpha).toEqual({ value: null, n: 6 });
    expect(report.pairs.map((p) => p.n)).toEqual([6, 6, 6]);
  });
});
