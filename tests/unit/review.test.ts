import { describe, expect, it } from "vitest";
import { applyReviews, pendingDecision, summarise, type Review } from "@/lib/core/review";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps } from "@/lib/core/verdict";

const bits = (...ys: number[]) =>
  judgeSteps(
    ys.length,
    ys.map((y, stateIndex) => ({ stateIndex, attempts: 1, successes: y, errored: 0 })),
    paperRule,
  );

let reviewId = 0;
const review = (change: Partial<Review>): Review => ({
  reviewId: (reviewId += 1),
  target: "step",
  targetIndex: 0,
  decision: "approve",
  reason: null,
  note: null,
  verdictSeen: null,
  version: 1,
  reviewer: "Ada",
  at: new Date(0),
  ...change,
});

/** b h r n, solutions of states 0 and 2. */
const judgement = bits(0, 1, 0, 1);

describe("applyReviews", () => {
  it("leaves everything pending and the verdicts as they are without reviews", () => {
    const { steps, solutions } = applyReviews(4, judgement, []);
    expect(steps.map((s) => s.verdict)).toEqual(["beneficial", "harmful", "beneficial", "redundant"]);
    expect(steps.map((s) => s.recovery)).toEqual([false, false, true, false]);
    expect(steps.every((s) => s.decision === pendingDecision)).toBe(true);
    expect([...solutions]).toEqual([
      [0, pendingDecision],
      [2, pendingDecision],
    ]);
  });

  it.each([
    ["approve", "approved"],
    ["veto", "vetoed"],
    ["promote", "promoted"],
    ["withdraw", "pending"],
    ["dispute", "disputed"],
  ] as const)("%s makes a step %s, and only that step", (decision, state) => {
    const { steps } = applyReviews(4, judgement, [review({ targetIndex: 1, decision })]);
    expect(steps[1]?.decision).toEqual({ state, version: 1, reviewer: "Ada", at: new Date(0) });
    expect(steps.filter((s) => s.decision.state !== "pending").map((s) => s.stepIndex)).toEqual(
      state === "pending" ? [] : [1],
    );
  });

  it("lets the highest version decide, in whatever order they come", () => {
    const history = [
      review({ version: 2, decision: "veto", reviewer: "Grace" }),
      review({ version: 3, decision: "withdraw" }),
      review({ version: 1 }),
      review({ version: 4, decision: "approve", reviewer: "Grace" }),
    ];
    const decision = applyReviews(4, judgement, history).steps[0]?.decision;
    expect(decision).toMatchObject({ state: "approved", version: 4, reviewer: "Grace" });
    expect(applyReviews(4, judgement, history.slice(0, 3)).steps[0]?.decision).toMatchObject({
      state: "pending",
      version: 3,
    });
  });

  it("ends a dispute with the next decision, and opens it again when that is taken back", () => {
    const history = [
      review({ decision: "dispute" }),
      review({ version: 2, decision: "veto" }),
      review({ version: 3, decision: "withdraw" }),
    ];
    const states = [1, 2, 3].map(
      (n) => applyReviews(4, judgement, history.slice(0, n)).steps[0]?.decision.state,
    );
    expect(states).toEqual(["disputed", "vetoed", "disputed"]);
  });

  it("keeps steps and solutions of the same number apart", () => {
    const { steps, solutions } = applyReviews(4, judgement, [
      review({ target: "solution", targetIndex: 2, decision: "veto" }),
    ]);
    expect(solutions.get(2)?.state).toBe("vetoed");
    expect(steps[2]?.decision.state).toBe("pending");
  });

  it("never changes what the miner said", () => {
    const { steps } = applyReviews(4, judgement, [review({ targetIndex: 1, decision: "promote" })]);
    expect(steps[1]).toMatchObject({ verdict: "harmful", decision: { state: "promoted" } });
  });
});

describe("summarise", () => {
  const summary = (of: typeof judgement, reviews: Review[] = []) => {
    const length = of.segments.at(-1)?.to ?? 0;
    return summarise(applyReviews(length, of, reviews), of);
  };

  it("counts steps per verdict and has the beneficial ones to review", () => {
    expect(summary(judgement)).toEqual({
      beneficial: 2,
      harmful: 1,
      redundant: 1,
      deadEnd: 0,
      undecided: 0,
      toReview: 2,
      reviewed: 0,
      review: "pending",
    });
  });

  it("counts a dispute as nobody's decision", () => {
    const reviews = [review({ decision: "dispute" }), review({ targetIndex: 2 })];
    expect(summary(judgement, reviews)).toMatchObject({ toReview: 2, reviewed: 1, review: "partial" });
  });

  it("counts every action of a long segment", () => {
    const long = judgeSteps(10, [{ stateIndex: 0, attempts: 1, successes: 0, errored: 0 }], paperRule);
    expect(summary(long)).toMatchObject({ deadEnd: 10, toReview: 0, review: "none" });
    expect(summary(judgeSteps(7, [], paperRule))).toMatchObject({ undecided: 7, review: "none" });
  });

  it("asks to review the agent's own success, which has no expert part", () => {
    expect(summary(bits(1, 0, 0))).toMatchObject({ toReview: 1, review: "pending" });
    const approved = review({ target: "solution", targetIndex: 0 });
    expect(summary(bits(1, 0, 0), [approved])).toMatchObject({ reviewed: 1, review: "complete" });
  });

  it("is partial in between, complete when all are decided either way, and open again when one is withdrawn", () => {
    const first = review({ targetIndex: 0 });
    const second = review({ targetIndex: 2, decision: "veto" });
    expect(summary(judgement, [first])).toMatchObject({ reviewed: 1, review: "partial" });
    expect(summary(judgement, [first, second])).toMatchObject({ reviewed: 2, review: "complete" });
    const withdrawn = review({ targetIndex: 2, decision: "withdraw", version: 2 });
    expect(summary(judgement, [first, second, withdrawn])).toMatchObject({ reviewed: 1, review: "partial" });
  });

  it("does not count a decision on a step that needs none", () => {
    expect(summary(judgement, [review({ targetIndex: 3, decision: "promote" })])).toMatchObject({
      reviewed: 0,
    });
  });
});
