import { describe, expect, it } from "vitest";
import { projectCost, spentBy } from "@/lib/core/project";
import type { RunProgress } from "@/lib/core/rows";
import { RunConfig } from "@/lib/core/run";
import { RunBudget } from "@/lib/core/run-budget";

const progress = (
  rollouts: Partial<RunProgress["rollouts"]>,
  change: Partial<RunProgress> = {},
): RunProgress => ({
  trajectories: { total: 4, done: 0, errored: 0, diverged: 0 },
  rollouts: { queued: 0, running: 0, completed: 0, errored: 0, cancelled: 0, succeeded: 0, ...rollouts },
  calls: 0,
  promptTokens: 0,
  completionTokens: 0,
  verdicts: { beneficial: 0, harmful: 0, redundant: 0, dead_end: 0, undecided: 0 },
  ...change,
});
const run = (config: object = {}, budget: object = {}, prices = false) => ({
  config: RunConfig.parse({ preset: "uniform", maxSteps: 20, ...config }),
  budget: RunBudget.parse(budget),
  prices: prices ? { promptPer1k: 1, completionPer1k: 10 } : null,
});
const half = progress(
  { completed: 9, errored: 1, queued: 10 },
  { calls: 100, promptTokens: 9000, completionTokens: 1000 },
);

describe("what a run will have cost", () => {
  it("is what it took so far, and what is left at that average; at most every step", () => {
    const ahead = projectCost(run({}, {}, true), half);
    expect(spentBy(run({}, {}, true), half)).toEqual({ calls: 100, tokens: 10_000, money: 19 });
    expect(ahead?.about).toEqual({ calls: 200, tokens: 20_000, money: 38 });
    expect(ahead?.most).toEqual({ calls: 300, tokens: 30_000, money: 57 });
    expect(projectCost(run(), half)?.about.money).toBeNull();
  });

  it("is never more than a budget allows, and never less than is spent", () => {
    expect(projectCost(run({}, { maxCalls: 150 }), half)?.most.calls).toBe(150);
    expect(projectCost(run({}, { maxTokens: 12_000 }), half)?.about.tokens).toBe(12_000);
    expect(projectCost(run({}, { maxCost: 20.9 }, true), half)?.most.money).toBeCloseTo(20.9);
    expect(projectCost(run({}, { maxCalls: 50 }), half)?.about.calls).toBe(100);
  });

  it("counts a running rollout as half done", () => {
    const running = progress({ completed: 8, running: 4 }, { calls: 100 });
    expect(projectCost(run(), running)?.about.calls).toBe(120);
  });

  it("takes an open trajectory of an adaptive run to need what a finished one did", () => {
    const adaptive = run({ preset: "careful", careful: { budget: 30 } });
    const begun = { calls: 100, trajectories: { total: 4, done: 1, errored: 0, diverged: 0 } };
    const ahead = projectCost(adaptive, progress({ completed: 10, queued: 9 }, begun));
    expect(ahead).toMatchObject({ rolloutsLeft: 30, about: { calls: 400 }, most: { calls: 1900 } });
    expect(projectCost(adaptive, progress({ completed: 10, queued: 9 }, { calls: 100 }))).toBeNull();
  });

  it("is not told from a handful", () => {
    expect(projectCost(run(), progress({ completed: 4, queued: 40 }, { calls: 40 }))).toBeNull();
  });
});
