import { describe, expect, it } from "vitest";
import { conditionOf } from "@/lib/core/run-condition";
import type { RunProgress } from "@/lib/core/rows";
import { RunBudget } from "@/lib/core/run-budget";
import { isStreak, STREAK, streakReason } from "@/lib/core/streak";

const ends = (code: string | null, count: number, places = 5) =>
  Array.from({ length: count }, (_, i) => ({ code, place: i % places }));

describe("a streak", () => {
  it("is so many of one kind in a row, from several places", () => {
    expect(isStreak(ends("bad_reply", STREAK))).toBe(true);
    expect(isStreak(ends("bad_reply", STREAK - 1))).toBe(false);
    expect(isStreak(ends("bad_reply", STREAK, 2))).toBe(false);
    expect(isStreak([...ends("bad_reply", STREAK - 1), { code: null, place: 9 }])).toBe(false);
    expect(isStreak([...ends("bad_reply", STREAK - 1), { code: "environment_error", place: 9 }])).toBe(false);
    expect(isStreak(ends(null, STREAK))).toBe(false);
  });

  it("is no matter of single trajectories or requests", () => {
    for (const code of ["replay_diverged", "not_replayable", "context_overflow", "content_filter", "poison"])
      expect(isStreak(ends(code, STREAK))).toBe(false);
  });

  it("is told with what to do", () => {
    expect(streakReason("rollouts", { message: "gone", fix: "start it" })).toBe(
      "the last 20 rollouts all broke in the same way: gone; start it",
    );
  });
});

const progress: RunProgress = {
  trajectories: { total: 4, done: 0, errored: 0, diverged: 0 },
  rollouts: { queued: 0, running: 0, completed: 3, errored: 1, cancelled: 7, succeeded: 0 },
  calls: 95,
  promptTokens: 900,
  completionTokens: 100,
  verdicts: { beneficial: 0, harmful: 0, redundant: 0, dead_end: 0, undecided: 0 },
};
const done = {
  state: "done" as const,
  error: null,
  endReason: null,
  prices: null,
  budget: RunBudget.parse({}),
};
const fault = { code: "bad_reply", message: "no action", rollouts: 4, examples: [] };

describe("the condition of a run", () => {
  it("is none where all is well, or some rollouts broke", () => {
    expect(conditionOf({ run: done, progress, errors: [fault], endpoint: null })).toBeNull();
  });

  it("says which budget is used up, what was spent, and what was left out", () => {
    const run = { ...done, endReason: "call_budget" as const, budget: RunBudget.parse({ maxCalls: 100 }) };
    expect(conditionOf({ run, progress, errors: [], endpoint: null })).toMatchObject({
      kind: "budget",
      reason: expect.stringMatching(/95 of 100 calls.*7 rollouts were not made/),
    });
  });

  it("says what broke where nothing gave evidence", () => {
    const none = { ...progress, rollouts: { ...progress.rollouts, completed: 0, errored: 4 } };
    expect(conditionOf({ run: done, progress: none, errors: [fault], endpoint: null })).toMatchObject({
      kind: "broken",
      reason: expect.stringContaining("all 4 broke, most of them so: no action"),
    });
  });
});
