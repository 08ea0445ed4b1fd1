import { describe, expect, it } from "vitest";
import { emptyCard } from "@/lib/core/dataset";
import { whyChanged, whyMissing, type Held } from "@/lib/core/dataset-compare";
import { StoredRecipe, type DatasetSource, type LeftOut } from "@/lib/core/dataset-recipe";
import type { Side } from "@/lib/core/dataset-sides";
import { planExamples } from "@/lib/core/example-plan";
import { countJudged, leftOutOf, overruledIn } from "@/lib/core/left-out";
import { applyReviews, type Ballot, type Decision } from "@/lib/core/review";
import { paperRule } from "@/lib/core/rule";
import { judgeSteps } from "@/lib/core/verdict";
import { examples } from "../support/examples";

/** What a trajectory of two steps per probed state comes to, with decisions on some steps. */
function judged(solved: number[], decided: [number, Decision][], attempts = 1, rule = paperRule) {
  const evidence = solved.map((successes, j) => ({ stateIndex: j * 2, attempts, successes, errored: 0 }));
  const length = solved.length * 2;
  const judgement = judgeSteps(length, evidence, rule);
  const ballots = decided.map(([targetIndex, decision]): Ballot => ({
    ...{ target: "step", targetIndex, decision, version: 1, reviewer: "ada", at: new Date(0) },
  }));
  const effective = applyReviews(length, judgement, ballots);
  return { judgement, effective, plans: planExamples(judgement, effective, "approved") };
}

describe("approved actions that the evidence does not call beneficial any more", () => {
  const steps = (...of: Parameters<typeof judged>) =>
    overruledIn(judged(...of)).map((step) => step.stepIndex);

  it("are counted where it says redundant or harmful, and nothing else is", () => {
    expect(steps([0, 1], [[0, "approve"]])).toEqual([]);
    expect(steps([1, 1], [[0, "approve"]])).toEqual([0]);
    expect(
      steps(
        [1, 0, 1],
        [
          [0, "approve"],
          [1, "veto"],
          [2, "approve"],
        ],
      ),
    ).toEqual([0]);
    expect(steps([1, 1], [[0, "promote"]])).toEqual([]);
    const card = emptyCard("approved");
    const one = judged([1, 1], [[0, "approve"]]);
    countJudged(card, one, leftOutOf(1, one));
    expect(card.overruled).toBe(1);
  });

  it("of an undecided part are refused by name instead", () => {
    const strict = { alpha: 0.99, minAttempts: 3, ruleVersion: "eef-1" as const };
    const one = judged([0, 1], [[0, "approve"]], 1, strict);
    expect(one.judgement.solutions[0]).toMatchObject({ confirmed: false });
    expect(overruledIn(one)).toEqual([]);
  });
});

describe("a start that gave way to another of its subtask", () => {
  const { recipe } = StoredRecipe.parse({ selection: null });
  const leftOut: LeftOut = { trajectoryId: 4, importantState: 0, reason: "otherStart", reviewer: null };
  const side = (note: LeftOut | null): Side => ({
    ...{ recipe, chosen: true, sources: [], leftOut: note, untold: false },
  });

  it("is told as that when two datasets are compared", () => {
    const why = (direction: "in" | "out") => whyMissing(examples.shop, side(null), side(leftOut), direction);
    expect(why("out")).toEqual({ reason: "other_start", by: null });
    expect(why("in")).toEqual({ reason: "other_start", by: null });
  });
});

describe("what differs between two datasets", () => {
  const { recipe } = StoredRecipe.parse({ selection: null });
  const source: DatasetSource = {
    ...{
      trajectoryId: 4,
      runId: 2,
      alpha: 0,
      minAttempts: 1,
      ruleVersion: "eef-1",
      checkpoint: "a",
      stale: false,
    },
    ...{ completed: [1, 2], open: [], lastReviewId: 0 },
  };
  const side = (
    over: Partial<DatasetSource> = {},
    reviewPolicy: Side["recipe"]["reviewPolicy"] = "approved",
  ) => ({
    recipe: { ...recipe, reviewPolicy },
    sources: [{ ...source, ...over }],
  });
  const lacking = (reason: LeftOut["reason"], ...of: Parameters<typeof side>): Side => {
    const leftOut = { trajectoryId: 4, importantState: 0, reason, reviewer: null };
    return { ...side(...of), chosen: true, leftOut, untold: false };
  };
  const having = (...of: Parameters<typeof side>): Side => ({ ...lacking("vetoed", ...of), leftOut: null });
  const unreviewed = structuredClone(examples.shop);
  for (const turn of unreviewed.provenance.turns)
    Object.assign(turn, { decision: "pending", reviewer: null });

  it("is the recipe where nobody approved what only one of them asks to be approved", () => {
    const notApproved = lacking("notApproved");
    const open = having({}, "not_vetoed");
    expect(whyMissing(unreviewed, open, notApproved, "in")).toEqual({ reason: "recipe", by: null });
    expect(whyMissing(unreviewed, open, notApproved, "out")).toEqual({ reason: "recipe", by: null });
    const ada = structuredClone(examples.shop);
    for (const turn of ada.provenance.turns) turn.reviewer = "ada";
    expect(whyMissing(ada, having(), notApproved, "in")).toEqual({ reason: "approved", by: "ada" });
  });

  it("is the rule where the same rollouts come to something else by another α, and else the evidence", () => {
    const why = (over: Partial<DatasetSource>) =>
      whyMissing(unreviewed, having(), lacking("undecided", over), "out").reason;
    expect(why({ alpha: 0.9 })).toBe("other_rule");
    expect(why({ ruleVersion: "eef-2" })).toBe("other_rule");
    expect(why({ alpha: 0.9, completed: [1, 2, 3] })).toBe("new_evidence");
    expect(why({ completed: [1, 2, 3] })).toBe("new_evidence");
    expect(why({ alpha: 0.9, checkpoint: "b" })).toBe("new_checkpoint");
  });

  it("is told of an example that both hold", () => {
    const held = (of: Held["side"], split: Held["split"] = "train"): Held => ({
      example: unreviewed,
      split,
      side: of,
    });
    const why = (after: Held) => whyChanged(held(side()), after).reason;
    expect(why(held(side({}, "not_vetoed")))).toBe("recipe");
    expect(why(held(side({ minAttempts: 3 })))).toBe("other_rule");
    expect(why(held(side(), "validation"))).toBe("split");
    expect(why(held(side()))).toBe("content");
  });
});
