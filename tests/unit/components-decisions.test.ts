import { describe, expect, it } from "vitest";
import {
  deskRows,
  isOpen,
  nextStep,
  refusal,
  restoring,
  reviewProgress,
  scopeOf,
  versionOf,
  withWishes,
  type Wish,
} from "@/app/trajectories/[trajectoryId]/decisions";
import { stepMoves } from "@/app/trajectories/[trajectoryId]/step-moves";
import { buildReviewRows } from "@/lib/core/build-review-rows";
import type { Review } from "@/lib/core/review";
import type { RolloutRow, RunRow } from "@/lib/core/rows";

const at = new Date("2026-11-20T12:00:00Z");
const run: RunRow = {
  runId: 1,
  name: "first",
  origin: "mined",
  policyId: 1,
  checkpoint: "shopper@1",
  config: { preset: "paper", states: 3, attempts: 1, maxSteps: 15, countsAsFailure: [], seed: 0 },
  alpha: 0,
  minAttempts: 1,
  ruleVersion: "eef-1",
  state: "done",
  error: null,
  budget: { maxCalls: null, maxTokens: null, maxCost: null },
  prices: null,
  endReason: null,
  createdBy: "anna",
  createdAt: at,
  startedAt: at,
  finishedAt: at,
};

const rollout = (stateIndex: number, success: boolean): RolloutRow => ({
  rolloutId: stateIndex + 1,
  runId: 1,
  trajectoryId: 7,
  stateIndex,
  attempt: 0,
  status: "completed",
  success,
  stepCount: 2,
  reward: success ? 1 : 0,
  errorCode: null,
  errorMessage: null,
  promptVersion: null,
  promptTokens: 0,
  completionTokens: 0,
});

const review = (version: number, decision: Review["decision"], reason: string | null): Review => ({
  reviewId: version,
  target: "step",
  targetIndex: 0,
  decision,
  reason,
  note: null,
  verdictSeen: "beneficial",
  version,
  reviewer: "anna",
  at,
});

/** Eight steps probed at 0, 2, 4, 6 with y = 0 1 0 1: the worked example of eef.md, l = 2. */
function rows(reviews: Review[] = []) {
  const built = buildReviewRows({
    critiques: { counting: null, newest: null },
    trajectory: {
      trajectoryId: 7,
      environmentId: 1,
      environment: "corridor",
      environmentName: "corridor",
      subtaskKey: "c1",
      instruction: "walk",
      source: "expert",
      model: null,
      reward: 0,
      success: false,
      bestReward: 1,
      opening: [],
      tools: null,
      stepCount: 8,
      recorded: { observations: 8, rewards: 1 },
      finalObservation: null,
      externalId: null,
      contentHash: "h",
      createdAt: at,
    },
    run,
    runs: [run],
    stale: null,
    replay: { trajectoryId: 7, state: "verified", divergence: null, reason: null, checkedAt: at },
    facts: {
      rollouts: [rollout(0, false), rollout(2, true), rollout(4, false), rollout(6, true)],
      reviews,
      entry: {
        runId: 1,
        trajectoryId: 7,
        state: "done",
        replay: "verified",
        divergence: null,
        errorCode: null,
        errorMessage: null,
        beneficial: 4,
        harmful: 2,
        redundant: 2,
        deadEnd: 0,
        undecided: 0,
        toReview: 4,
        reviewed: 0,
        review: "pending",
      },
    },
  });
  return deskRows(built);
}

const wish = (change: Partial<Wish>): Wish => ({
  clientId: "w",
  target: "step",
  targetIndex: 0,
  decision: "approve",
  reason: null,
  note: null,
  ...change,
});
const stepAt = (all: ReturnType<typeof rows>, index: number) => {
  const step = all.steps[index];
  if (!step) throw new Error(`no step ${index}`);
  return step;
};

describe("decisions on their way", () => {
  it("are shown at once, the latest wish of a target winning, and never on another target", () => {
    const wishes = [wish({}), wish({ clientId: "v", decision: "veto", reason: "lucky" })];
    const shown = withWishes(rows(), wishes, at);
    expect(stepAt(shown, 0).decision).toMatchObject({ state: "vetoed", reviewer: "you" });
    expect(stepAt(shown, 1).decision.state).toBe("pending");
    expect(shown.solutions.every((s) => s.decision.state === "pending")).toBe(true);
    expect(shown.history.map((r) => r.decision)).toEqual(["veto", "approve"]);
  });

  it("leave verdicts, versions and what is trained to the server", () => {
    const before = rows();
    const shown = withWishes(before, [wish({})], at);
    expect(stepAt(shown, 0)).toMatchObject({ verdict: "beneficial", trained: stepAt(before, 0).trained });
    expect(versionOf(shown, wish({}))).toBe(0);
    expect(versionOf(rows([review(1, "approve", null)]), wish({}))).toBe(1);
  });

  it("are undone by a new fact that says what stood before", () => {
    expect(restoring(rows(), "step", 0, "u")).toEqual(wish({ clientId: "u", decision: "withdraw" }));
    const vetoed = rows([review(1, "approve", null), review(2, "veto", "lucky")]);
    expect(restoring(vetoed, "step", 0, "u")).toEqual(
      wish({ clientId: "u", decision: "veto", reason: "lucky" }),
    );
    const waiting = withWishes(vetoed, [wish({})], at);
    expect(restoring(waiting, "step", 0, "u").decision).toBe("approve");
  });

  it("fit the verdict or say why not", () => {
    const all = rows();
    expect(all.steps.map((s) => s.verdict?.[0]).join("")).toBe("bbhhbbrr");
    expect(refusal(stepAt(all, 0), "approve")).toBeNull();
    expect(refusal(stepAt(all, 0), "promote")).toContain("approve it");
    expect(refusal(stepAt(all, 2), "approve")).toContain("harmful");
    expect(refusal(stepAt(all, 2), "promote")).toBeNull();
    expect(refusal({ ...stepAt(all, 0), verdict: null }, "veto")).toContain("not mined");
  });

  it("cover one step, or the segment judged together", () => {
    expect(scopeOf(rows(), 3, false).map((s) => s.stepIndex)).toEqual([3]);
    expect(scopeOf(rows(), 3, true).map((s) => s.stepIndex)).toEqual([2, 3]);
    expect(scopeOf(rows(), 99, true)).toEqual([]);
  });

  it("are walked by step, by what is left to review, by what is undecided, and never past the ends", () => {
    const { steps } = withWishes(rows(), [wish({ targetIndex: 1 })], at);
    let stepIndex = 0;
    const moves = stepMoves(
      steps.map((step) => (step.stepIndex === 6 ? { ...step, verdict: "undecided" as const } : step)),
      {
        get: () => ({ stepIndex, fork: false }),
        subscribe: () => () => undefined,
        select: (to) => (stepIndex = Math.min(Math.max(0, to), 7)),
        showFork: () => undefined,
      },
    );
    const after = (move: keyof typeof moves) => {
      moves[move]();
      return stepIndex;
    };
    expect([after("next"), after("nextOpen"), after("nextUndecided"), after("nextUndecided")]).toEqual([
      1, 4, 6, 6,
    ]);
    expect([after("previousOpen"), after("previousOpen"), after("previousOpen")]).toEqual([5, 4, 0]);
    expect([after("previousUndecided"), after("previous")]).toEqual([0, 0]);
  });

  it("leave open what is beneficial and undecided", () => {
    const all = withWishes(rows(), [wish({ targetIndex: 1 })], at);
    expect(nextStep(all.steps, 0, 1, isOpen)).toBe(4);
    expect(nextStep(all.steps, 4, -1, isOpen)).toBe(0);
    expect(nextStep(all.steps, 5, 1, isOpen)).toBeNull();
    expect(reviewProgress(all)).toEqual({ done: 1, total: 4 });
  });
});
