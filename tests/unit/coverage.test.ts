import { describe, expect, it } from "vitest";
import { coverageHref, parseCoverage } from "@/app/coverage/address";
import { coverageRows } from "@/components/charts/coverage-series";
import { costWords } from "@/components/charts/cost-per-solved";
import { vetoWords } from "@/components/charts/veto-rate";
import { coverageBy, coverageTotals, perNewlySolved, type RunSpent } from "@/lib/core/coverage";
import { summaryOf } from "@/lib/core/judge";
import type { Review } from "@/lib/core/review";
import { paperRule } from "@/lib/core/rule";
import type { RolloutRow } from "@/lib/core/rows";

const count = (environment: string, taskType: string | null, [remaining, solved, approved]: number[]) => ({
  ...{ environmentId: environment.length, environment, taskType },
  ...{ remaining: remaining ?? 0, solved: solved ?? 0, approved: approved ?? 0 },
});

describe("totals", () => {
  it("add up, with an interval", () => {
    const totals = coverageTotals([count("shop", "a", [3, 1, 0]), count("shop", "b", [2, 2, 2])]);
    expect(totals).toMatchObject({ remaining: 5, solved: 3, approved: 2, failed: 10, everSolved: 5 });
    expect([totals.low, totals.high].map((rate) => rate.toFixed(3))).toEqual(["0.237", "0.763"]);
  });

  it("say nothing where nothing failed", () => {
    expect(coverageTotals([])).toMatchObject({ failed: 0, everSolved: 0, low: 0, high: 1 });
  });

  it("are grouped, the most failures first", () => {
    const counts = [
      count("shop", "a", [1, 0, 0]),
      count("house", null, [0, 4, 0]),
      count("shop", "b", [1, 0, 1]),
    ];
    expect(coverageBy(counts, (c) => c.environment).map(({ key, failed }) => [key, failed])).toEqual([
      ["house", 4],
      ["shop", 3],
    ]);
  });
});

describe("the cost of a newly solved subtask", () => {
  const run: RunSpent = {
    ...{ runId: 1, name: "r", prices: { promptPer1k: 1, completionPer1k: 2 } },
    ...{ calls: 30, promptTokens: 2000, completionTokens: 1000, newlySolved: 4 },
  };
  it("is what the run spent, shared", () => {
    expect(perNewlySolved(run)).toEqual({ calls: 7.5, tokens: 750, cost: 1 });
  });
  it("has no money without prices, and is not known where none was solved", () => {
    expect(perNewlySolved({ ...run, prices: null })?.cost).toBeNull();
    expect(perNewlySolved({ ...run, newlySolved: 0 })).toBeNull();
  });
});

describe("what people decided", () => {
  const rollout = (stateIndex: number, success: boolean): RolloutRow => ({
    ...{
      rolloutId: stateIndex,
      runId: 1,
      trajectoryId: 1,
      stateIndex,
      attempt: 0,
      status: "completed",
      success,
    },
    ...{ stepCount: 1, reward: success ? 1 : 0, errorCode: null, errorMessage: null, promptVersion: null },
    ...{ promptTokens: 0, completionTokens: 0 },
  });
  const decision = (
    target: Review["target"],
    targetIndex: number,
    of: Review["decision"],
    version = 1,
  ): Review => ({
    ...{ reviewId: version, target, targetIndex, decision: of, reason: null, note: null, verdictSeen: null },
    ...{ version, reviewer: "Ada", at: new Date(0) },
  });
  /** Unsolved from the start, solved after two actions: two beneficial actions, one solution. */
  const after = (...reviews: Review[]) => {
    const rollouts = [rollout(0, false), rollout(2, true), rollout(4, true)];
    const { approved, vetoed, reviewed } = summaryOf(6, { rollouts, reviews }, paperRule);
    return { approved, vetoed, reviewed };
  };
  it("approves a solution by itself, or by an action of its expert part", () => {
    expect(after()).toEqual({ approved: false, vetoed: 0, reviewed: 0 });
    expect(after(decision("solution", 0, "approve")).approved).toBe(true);
    expect(after(decision("step", 1, "approve"))).toEqual({ approved: true, vetoed: 0, reviewed: 1 });
  });
  it("does not approve what is vetoed, whatever was approved of it", () => {
    expect(after(decision("step", 1, "approve"), decision("solution", 0, "veto")).approved).toBe(false);
    expect(after(decision("step", 1, "veto"), decision("step", 0, "approve"))).toEqual({
      ...{ approved: true, vetoed: 1, reviewed: 2 },
    });
    expect(after(decision("step", 0, "approve"), decision("step", 0, "withdraw", 2)).approved).toBe(false);
  });
});

describe("the page's address", () => {
  it("reads back what it prints, and takes nonsense as the default", () => {
    const view = {
      filter: { environmentId: 3, taskType: "pick & place", state: "solved" },
      sort: "newest",
      campaignId: 2,
    } as const;
    const query = new URL(coverageHref(view), "http://x").searchParams;
    expect(parseCoverage(Object.fromEntries(query))).toEqual(view);
    const nothing = parseCoverage({ environment: "-1", coverage: "x", sort: "y", campaign: "1e99" });
    expect(nothing).toEqual(parseCoverage({}));
    expect(coverageHref(nothing)).toBe("/coverage");
  });
});

describe("in words", () => {
  it("a veto rate has n and an interval, a cost says when nothing was solved", () => {
    expect(vetoWords({ decided: 20, vetoed: 3 })).toBe("15 % of 20, 5 %–36 %");
    const run = { runId: 1, name: "r", prices: null, calls: 1200, promptTokens: 0, completionTokens: 5000 };
    expect(costWords({ ...run, newlySolved: 0 })).toBe("none, 1,200 calls");
    expect(costWords({ ...run, newlySolved: 10 })).toBe("120 calls · n = 10");
  });
  it("a group says how much is solved, and how many groups are not drawn", () => {
    const groups = Array.from({ length: 10 }, (_, i) => ({
      ...coverageTotals([count("e", null, [3, 1, 1])]),
      name: `e${i}`,
    }));
    const { rows, more } = coverageRows(groups, "environments");
    expect(rows).toHaveLength(8);
    expect(rows[0]?.detail).toBe("2 of 5 solved");
    expect(more).toBe(" · 2 smaller environments not shown");
  });
});
