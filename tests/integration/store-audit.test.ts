import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { summaryOf } from "@/lib/core/judge";
import { decisions, type Decision } from "@/lib/core/review";
import { contradictsMiner, seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { paperRule } from "@/lib/core/rule";
import { vetoRates } from "@/lib/core/vetoes";
import { exportReviews } from "@/lib/usecases/review-history";
import { setRule } from "@/lib/usecases/runs";
import { aPlannedRun, aStep, aTrajectory, mineOut, solved, unsolved } from "../support/factories";
import { brokenRules, useStore } from "../support/store";

const db = useStore();
let at = { runId: 0, trajectoryId: 0 };
let other = { runId: 0, trajectoryId: 0 };
let [ada, bob] = [0, 0];

const everything: ReviewFilter = {
  personId: null,
  decision: null,
  verdictSeen: null,
  reason: null,
  environmentId: null,
  runId: null,
  trajectoryId: null,
  from: null,
  until: null,
  contradicting: false,
  undone: null,
};

type Made = {
  decision: Decision;
  step: number;
  person?: number;
  reason?: string;
  seen?: string;
  of?: typeof at;
};

/** Decides after whatever was decided before. */
async function decide({ decision, step, person = ada, reason, seen = "beneficial", of = at }: Made) {
  const before = (await db.store.reviews.list(of.runId, of.trajectoryId)).filter(
    (r) => r.targetIndex === step,
  );
  return db.store.reviews.append({
    ...of,
    ...{ target: "step", targetIndex: step, decision, note: null, verdictSeen: seen, personId: person },
    ...{ reason: reason ?? null, expectedVersion: before.length, clientId: randomUUID() },
  });
}

beforeAll(async () => {
  const action = `<b>buy</b>[${"x".repeat(9000)}]`;
  const drafts = [
    aTrajectory(),
    aTrajectory({ environment: "shop", steps: Array.from({ length: 6 }, () => aStep({ action })) }, 1),
  ];
  const { trajectoryIds } = await db.store.trajectories.add(drafts, null);
  [ada, bob] = [
    (await db.store.people.ensure("Ada")).personId,
    (await db.store.people.ensure("Bob")).personId,
  ];
  for (const trajectoryId of trajectoryIds) {
    const { runId } = await aPlannedRun(db.store, [trajectoryId]);
    await mineOut(db.store, { runId, trajectoryId }, (state) => (state === 2 ? solved : unsolved));
    if (at.runId === 0) at = { runId, trajectoryId };
    else other = { runId, trajectoryId };
  }
  await decide({ decision: "approve", step: 0 });
  await decide({ decision: "veto", step: 0, person: bob, reason: "lucky" });
  await decide({ decision: "approve", step: 1 });
  await decide({ decision: "promote", step: 4, reason: "needed_later", seen: "harmful" });
  await decide({ decision: "veto", step: 2, of: other, seen: "harmful", person: bob });
  await decide({ decision: "withdraw", step: 2, of: other, seen: "harmful", person: bob });
  await decide({ decision: "veto", step: 3, of: other, reason: "unsafe", seen: "harmful" });
});

const page = (change: Partial<ReviewFilter>, cursor: string | null = null, limit = 50) =>
  db.store.reviews.history({ ...everything, ...change }, cursor, limit);
const told = async (change: Partial<ReviewFilter>) =>
  (await page(change)).rows.map((r) => `${r.reviewer} ${r.decision} ${r.targetIndex}`);

describe("the history of decisions", () => {
  it("tells who decided what of which action, newest first", async () => {
    const { rows, next, lookedUntil } = await page({});
    expect([rows.length, next, lookedUntil]).toEqual([7, null, null]);
    expect(rows[0]).toMatchObject({
      ...{ reviewer: "Ada", decision: "veto", reason: "unsafe", verdictSeen: "harmful", targetIndex: 3 },
      ...{ ...other, environment: "shop", runName: "a run", subtaskKey: "house_1", undone: false },
    });
    expect(rows[0]?.action).toHaveLength(200);
    expect(rows.map((r) => r.reviewId)).toEqual(rows.map((r) => r.reviewId).sort((a, b) => b - a));
  });

  it("can be filtered by each thing it tells, and by all of them", async () => {
    expect(await told({ personId: bob })).toEqual(["Bob withdraw 2", "Bob veto 2", "Bob veto 0"]);
    expect(await told({ decision: "promote" })).toEqual(["Ada promote 4"]);
    expect(await told({ verdictSeen: "beneficial" })).toEqual([
      "Ada approve 1",
      "Bob veto 0",
      "Ada approve 0",
    ]);
    expect(await told({ reason: "unsafe" })).toEqual(["Ada veto 3"]);
    expect(await told({ trajectoryId: at.trajectoryId })).toHaveLength(4);
    expect(await told({ runId: other.runId })).toHaveLength(3);
    const shop = (await db.store.environments.list()).find(({ name }) => name === "shop");
    expect(await told({ environmentId: shop?.environmentId ?? 0 })).toHaveLength(3);
    expect(await told({ contradicting: true })).toEqual(["Ada promote 4", "Bob veto 0"]);
    expect(await told({ undone: true })).toEqual(["Bob veto 2", "Ada approve 0"]);
    expect(await told({ undone: false, personId: bob })).toEqual(["Bob withdraw 2", "Bob veto 0"]);
    expect(await told({ personId: bob, decision: "veto", runId: other.runId })).toEqual(["Bob veto 2"]);
    expect(await told({ personId: ada, reason: "lucky" })).toEqual([]);
    const { rows } = await page({});
    const middle = rows[3]!.at;
    expect(await told({ from: middle })).toHaveLength(4);
    expect(await told({ until: middle })).toHaveLength(3);
  });

  it("is met page by page, each decision once", async () => {
    const met: number[] = [];
    let cursor: string | null = null;
    do {
      const { rows, next }: Awaited<ReturnType<typeof page>> = await page({}, cursor, 2);
      met.push(...rows.map((r) => r.reviewId));
      cursor = next;
    } while (cursor !== null);
    expect(met).toEqual((await page({})).rows.map((r) => r.reviewId));
    await expect(page({}, "nowhere")).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("names those who decided", async () => {
    expect((await db.store.reviews.reviewers(10)).map(({ name }) => name)).toEqual(["Ada", "Bob"]);
  });
});

it("counts vetoes of what stands: not what was taken back or decided again", async () => {
  const standing = await db.store.reviews.standing(everything, 1000);
  expect(standing.map((one) => one.decision).sort()).toEqual(["approve", "promote", "veto", "veto"]);
  const { by, reasons } = vetoRates(standing);
  expect(by.kind.map(({ name, vetoed, decided }) => [name, vetoed, decided])).toEqual([
    ["b", 1, 1],
    ["look", 1, 3],
  ]);
  expect(reasons.map(({ name }) => name)).toEqual(["lucky", "unsafe"]);
  expect(await db.store.reviews.standing({ ...everything, runId: other.runId }, 1000)).toHaveLength(1);
});

describe("the file of the history", () => {
  const fileOf = async (format: "csv" | "jsonl", change: Partial<ReviewFilter> = {}) => {
    let text = "";
    for await (const piece of exportReviews(db, { ...everything, ...change }, format)) text += piece;
    return text;
  };

  it("holds every decision that fits, in the order of the page", async () => {
    const lines = (await fileOf("jsonl")).trimEnd().split("\n");
    const told = lines.map((line): unknown => JSON.parse(line));
    const { rows } = await page({});
    expect(told).toMatchObject(
      rows.map(({ reviewId, decision, reviewer, at: when }) => {
        return { reviewId, decision, reviewer, at: when.toISOString() };
      }),
    );
    expect(told[3]).toMatchObject({ decision: "promote", contradictsMiner: true, undone: false });
    expect((await fileOf("jsonl", { personId: bob })).trimEnd().split("\n")).toHaveLength(3);
    expect(await fileOf("jsonl", { reason: "nobody's" })).toBe("");
  });

  it("as CSV has a head, and nothing in it runs in a spreadsheet", async () => {
    const note = '=HYPERLINK("http://evil")';
    const { personId } = await db.store.people.ensure("@Eve");
    await db.store.reviews.append({
      ...{ ...at, target: "step", targetIndex: 0, decision: "withdraw", reason: null, note },
      ...{ verdictSeen: "beneficial", expectedVersion: 2, clientId: randomUUID(), personId },
    });
    const [head, first] = (await fileOf("csv")).split("\r\n");
    expect(head).toMatch(/^"at","reviewer","decision","reason","note"/);
    expect(first).toContain(`,"'@Eve","withdraw",,"'=HYPERLINK(""http://evil"")",`);
    expect((await fileOf("csv", { runId: other.runId })).split("\r\n")).toHaveLength(5);
  });
});

describe("the counts of a trajectory", () => {
  const counted = async () => {
    const { entry, ...facts } = (await db.store.facts(at.runId, [at.trajectoryId])).get(at.trajectoryId)!;
    const { beneficial, harmful, redundant, deadEnd, undecided, toReview, reviewed, review } = entry;
    const [more] = await db.query(
      "select approved, vetoed from run_trajectory where run_id = $1 and trajectory_id = $2",
      [at.runId, at.trajectoryId],
    );
    return {
      stored: { beneficial, harmful, redundant, deadEnd, undecided, toReview, reviewed, review, ...more },
      derive: (rule: typeof paperRule) => summaryOf(6, facts, rule),
    };
  };

  it("are those of its decisions when many decide at once and the rule moves meanwhile", async () => {
    const strict = { ...paperRule, minAttempts: 5 };
    await Promise.all([
      ...[0, 1, 2, 3, 5].map((step) => decide({ decision: "veto", step, person: bob })),
      setRule({ store: db.store }, at.runId, strict),
    ]);
    const moved = await counted();
    expect(moved.stored).toEqual(moved.derive(strict));
    await setRule({ store: db.store }, at.runId, paperRule);
    const back = await counted();
    expect(back.stored).toEqual(back.derive(paperRule));
    expect(back.stored.reviewed).toBeGreaterThan(0);
    expect(await brokenRules(db.query)).toEqual({});
  });
});

it("finds the decisions that contradict the miner, as the core says which these are", async () => {
  for (const decision of decisions)
    for (const seen of seenVerdicts) await decide({ decision, step: 5, seen, of: other });
  const all = await page({ trajectoryId: other.trajectoryId }, null, 100);
  const found = await page({ trajectoryId: other.trajectoryId, contradicting: true }, null, 100);
  expect(found.rows).toEqual(all.rows.filter(contradictsMiner));
  expect(found.rows).toHaveLength(10);
});

it("looks at so many decisions for one page, says how far it came, and goes on from there", async () => {
  // All at one time: only their ids tell them apart.
  await db.query(
    `insert into review (run_id, trajectory_id, target, target_index, decision, version, client_id, person_id)
      select $1, $2, 'step', 100 + n, 'veto', 1, 'many ' || n, $3 from generate_series(1, 3500) n`,
    [at.runId, at.trajectoryId, ada],
  );
  const first = await page({ undone: true });
  expect(first.rows).toEqual([]);
  expect(first.lookedUntil).toBeInstanceOf(Date);
  const second = await page({ undone: true }, first.next);
  expect(second.rows.length).toBeGreaterThan(2);
  expect([second.next, second.lookedUntil]).toEqual([null, null]);
  const met = new Set<number>();
  let cursor: string | null = null;
  do {
    const { rows, next }: Awaited<ReturnType<typeof page>> = await page({ personId: ada }, cursor, 1000);
    for (const { reviewId } of rows) met.add(reviewId);
    cursor = next;
  } while (cursor !== null);
  const [row] = await db.query("select count(*)::int as n from review where person_id = $1", [ada]);
  expect(met.size).toBe(row?.n);
});
