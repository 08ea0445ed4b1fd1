import { describe, expect, it } from "vitest";
import { costOf, isLimited, overRunBudget, RunBudget, type RunSpending } from "@/lib/core/run-budget";

const spent = (change: Partial<RunSpending> = {}): RunSpending => ({
  callsCommitted: 0,
  promptSpent: 0,
  completionSpent: 0,
  largestTokens: null,
  running: 0,
  ...change,
});
const prices = { promptPer1k: 1, completionPer1k: 3 };
const over = (budget: Partial<RunBudget>, spending: RunSpending) =>
  overRunBudget(RunBudget.parse(budget), prices, spending, 6);

describe("a run's budget", () => {
  it("is no limit unless one is set", () => {
    expect(isLimited(RunBudget.parse({}))).toBe(false);
    expect(over({}, spent({ callsCommitted: 1e9, promptSpent: 1e12 }))).toBeNull();
  });

  it("holds back a rollout that could go over it", () => {
    expect(over({ maxCalls: 10 }, spent({ callsCommitted: 4 }))).toBeNull();
    expect(over({ maxCalls: 10 }, spent({ callsCommitted: 5 }))).toBe("call_budget");
    const tokens = spent({ promptSpent: 60, completionSpent: 20, largestTokens: 15 });
    expect(over({ maxTokens: 95 }, tokens)).toBeNull();
    expect(over({ maxTokens: 94 }, tokens)).toBe("token_budget");
  });

  it("knows the cost of tokens in and out", () => {
    expect(costOf(prices, 2000, 1000)).toBe(5);
    expect(costOf(null, 2000, 1000)).toBe(0);
    const cost = spent({ promptSpent: 2000, completionSpent: 1000, largestTokens: 300 });
    expect(over({ maxCost: 5.5 }, cost)).toBeNull();
    expect(over({ maxCost: 5.5 }, { ...cost, running: 1 })).toBe("cost_budget");
    expect(over({ maxCost: 5 }, { ...cost, largestTokens: 0 })).toBe("cost_budget");
  });

  it("begins with one rollout while nobody knows what one costs", () => {
    expect(over({ maxCost: 1 }, spent())).toBeNull();
    expect(over({ maxCost: 1 }, spent({ running: 1 }))).toBe("cost_budget");
  });
});
