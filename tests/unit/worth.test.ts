import { describe, expect, it } from "vitest";
import { applyReviews, type Review } from "@/lib/core/review";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps } from "@/lib/core/verdict";
import { hasApproved, worthOf } from "@/lib/core/worth";

/** Attempts and successes of states 0, 1, … of as many steps. */
const judged = (tried: [number, number][], rule = paperRule) =>
  judgeSteps(
    tried.length,
    tried.map(([attempts, successes], stateIndex) => ({ stateIndex, attempts, successes, errored: 0 })),
    rule,
  );

const review = (change: Partial<Review>): Review => ({
  reviewId: 1,
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

const weighed = (
  judgement: ReturnType<typeof judged>,
  reviews: Review[] = [],
  change: Partial<Parameters<typeof worthOf>[0]> = {},
) => {
  const effective = applyReviews(judgement.segments.at(-1)?.to ?? 0, judgement, reviews);
  return { judgement, effective, disputed: [], solvedElsewhere: false, ...change };
};

const helped = judged([
  [1, 0],
  [1, 1],
]);

describe("what a look is worth", () => {
  it("is nothing where nothing is left to decide", () => {
    const hopeless = judged([
      [1, 0],
      [1, 0],
    ]);
    expect(worthOf(weighed(hopeless))).toBe(0);
    expect(worthOf(weighed(helped, [review({})]))).toBe(0);
    expect(worthOf(weighed(judged([])))).toBe(0);
  });

  it("is half for a solution that waits, and a quarter of that where the subtask has an approved one", () => {
    expect(worthOf(weighed(helped))).toBe(0.5);
    expect(worthOf(weighed(helped, [], { solvedElsewhere: true }))).toBe(0.125);
  });

  it("rises with the probability that an undecided action helps", () => {
    const doubtful = (attempts: number, successes: number) => {
      const judgement = judged(
        [
          [attempts, 0],
          [attempts, successes],
        ],
        { ...paperRule, alpha: 0.99 },
      );
      expect(judgement.segments[0]).toMatchObject({ verdict: "undecided", proposed: "beneficial" });
      return worthOf(weighed(judgement));
    };
    const worths = [doubtful(4, 1), doubtful(1, 1), doubtful(2, 2)];
    expect(worths).toEqual([...worths].sort((a, b) => a - b));
    expect(new Set(worths).size).toBe(3);
    expect(worths[0]).toBeGreaterThan(0);
    expect(worths[2]).toBeLessThan(0.3);
  });

  it("rises with the actions strategies disagree on, until people decided on them", () => {
    const disputed = (steps: number[], reviews: Review[] = []) =>
      worthOf(
        weighed(
          judged([
            [1, 0],
            [1, 0],
            [1, 0],
          ]),
          reviews,
          { disputed: steps },
        ),
      );
    expect(disputed([1])).toBe(0.1);
    expect(disputed([1, 2])).toBe(0.15);
    expect(disputed([1, 1])).toBe(0.1);
    expect(disputed([1], [review({ targetIndex: 1, decision: "promote" })])).toBe(0);
  });

  it("stays within 0 and 1 with every reason at once", () => {
    const all = weighed(helped, [], { disputed: [0, 1] });
    expect(worthOf(all)).toBe(0.65);
  });
});

describe("an approved solution", () => {
  it("is one that is trained under the policy approved", () => {
    expect(hasApproved(weighed(helped))).toBe(false);
    expect(hasApproved(weighed(helped, [review({})]))).toBe(true);
    expect(hasApproved(weighed(helped, [review({ decision: "veto" })]))).toBe(false);
    const own = judged([[1, 1]]);
    expect(hasApproved(weighed(own, [review({ target: "solution" })]))).toBe(true);
  });
});
