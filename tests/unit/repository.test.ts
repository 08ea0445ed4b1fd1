import { describe, expect, it } from "vitest";
import { planExamples } from "@/lib/core/example-plan";
import { judge } from "@/lib/core/judge";
import {
  chooseExamples,
  choosePositive,
  chooseStarts,
  successesOf,
  type ChosenExample,
  type JudgedIteration,
} from "@/lib/core/repository";
import { applyReviews, type Decision } from "@/lib/core/review";
import type { RolloutRow } from "@/lib/core/rows";
import { paperRule } from "@/lib/core/rule";
import { numbersFrom } from "../support/factories";

const LENGTH = 4;
type Outcome = { state: number; success: boolean; steps?: number; attempt?: number };

function rolloutsIn(iteration: number, outcomes: Outcome[]): RolloutRow[] {
  return outcomes.map(({ state, success, steps = 3, attempt = 0 }, i) => ({
    rolloutId: iteration * 100 + i,
    runId: iteration + 1,
    trajectoryId: 1,
    stateIndex: state,
    attempt,
    status: "completed",
    success,
    stepCount: steps,
    reward: success ? 1 : 0,
    errorCode: null,
    errorMessage: null,
    promptVersion: null,
    promptTokens: 0,
    completionTokens: 0,
  }));
}

type Said = { target: "step" | "solution"; targetIndex: number; decision: Decision };

/** What an iteration says of a trajectory of four steps. */
function judgedIn(iteration: number, outcomes: Outcome[], said: Said[] = []): JudgedIteration {
  const rollouts = rolloutsIn(iteration, outcomes);
  const judgement = judge(LENGTH, { rollouts }, paperRule);
  const ballots = said.map((each) => ({ ...each, version: 1, reviewer: "Ada", at: new Date(0) }));
  const effective = applyReviews(LENGTH, judgement, ballots);
  const plans = planExamples(judgement, effective, "not_vetoed");
  return { iteration, checkpoint: `pi_${iteration}`, plans, effective, rollouts };
}

const yes = (state: number, steps?: number, attempt?: number): Outcome => ({
  state,
  success: true,
  steps,
  attempt,
});
const no = (state: number): Outcome => ({ state, success: false });

/** Each example in short: its important state, the expert's steps trained, who ends it. */
const short = (examples: ChosenExample[]) =>
  examples.map(({ plan, success, stale }) => ({
    state: plan.importantState,
    trained: plan.trainedSteps,
    by: success && `${success.iteration}:${success.stateIndex}/${success.attempt}`,
    stale,
  }));

describe("one success is chosen", () => {
  it("by fewest steps, then earliest iteration, then lowest attempt", () => {
    const a = { stepCount: 3, iteration: 1, attempt: 0 };
    const b = { stepCount: 3, iteration: 0, attempt: 2 };
    const c = { stepCount: 3, iteration: 0, attempt: 1 };
    const d = { stepCount: 2, iteration: 5, attempt: 9 };
    expect(choosePositive([a, b, c, d])).toBe(d);
    expect(choosePositive([a, b, c])).toBe(c);
    expect(choosePositive([a, b])).toBe(b);
    expect(choosePositive([])).toBeNull();
  });

  it("for each subtask, wherever it comes from", () => {
    const start = (subtaskId: number, stepCount: number) => ({
      subtaskId,
      stepCount,
      iteration: 0,
      attempt: 0,
    });
    const chosen = chooseStarts([start(1, 4), start(2, 9), start(1, 3)]);
    expect([...chosen].map(([id, { stepCount }]) => [id, stepCount])).toEqual([
      [1, 3],
      [2, 9],
    ]);
  });
});

describe("the examples of a trajectory over iterations", () => {
  it("end with a shorter success of an earlier iteration where there is one", () => {
    const judged = [judgedIn(0, [yes(0, 5)]), judgedIn(1, [yes(0, 7)])];
    expect(short(chooseExamples(judged, "pi_1"))).toEqual([
      { state: 0, trained: [], by: "0:0/0", stale: false },
    ]);
    const longer = [judgedIn(0, [yes(0, 9)]), judgedIn(1, [yes(0, 7)])];
    expect(short(chooseExamples(longer, "pi_1"))[0]?.by).toBe("1:0/0");
  });

  it("train no expert action that the newest checkpoint does without", () => {
    const judged = [judgedIn(0, [no(0), yes(2, 1)]), judgedIn(1, [yes(0, 9), yes(2, 2)])];
    expect(short(chooseExamples(judged.slice(0, 1), "pi_0"))).toEqual([
      { state: 0, trained: [0, 1], by: "0:2/0", stale: false },
    ]);
    expect(short(chooseExamples(judged, "pi_1"))).toEqual([
      { state: 0, trained: [], by: "1:0/0", stale: false },
    ]);
  });

  it("keep what an older checkpoint found where the newest finds nothing, and call it stale", () => {
    const judged = [judgedIn(0, [no(0), yes(2, 1)]), judgedIn(1, [no(0), no(2)])];
    expect(short(chooseExamples(judged, "pi_1"))).toEqual([
      { state: 0, trained: [0, 1], by: "0:2/0", stale: true },
    ]);
  });

  it("never train what is harmful by the newest verdicts, or vetoed since", () => {
    const older = judgedIn(0, [no(0), yes(3, 1)]);
    expect(short(chooseExamples([older], "pi_0"))[0]?.trained).toEqual([0, 1, 2]);
    // Harmful from 1 to 2; state 0 stays unsolved before it only for want of a confirmed solution.
    const harmful = judgedIn(1, [no(0), yes(1), no(2)]);
    const withoutNewest = { ...harmful, plans: harmful.plans.filter((plan) => plan.importantState !== 0) };
    expect(chooseExamples([older, withoutNewest], "pi_1")).toEqual([]);
    const vetoedStep: Said = { target: "step", targetIndex: 1, decision: "veto" };
    expect(chooseExamples([older, judgedIn(1, [no(0), no(3)], [vetoedStep])], "pi_1")).toEqual([]);
    const vetoedSolution: Said = { target: "solution", targetIndex: 0, decision: "veto" };
    expect(chooseExamples([older, judgedIn(1, [no(0), no(3)], [vetoedSolution])], "pi_1")).toEqual([]);
    expect(chooseExamples([older, judgedIn(1, [no(0), no(3)])], "pi_1")).toHaveLength(1);
  });

  it("are one per important state", () => {
    const recovers = [yes(0), no(1), no(2), yes(3)];
    const judged = [judgedIn(0, recovers), judgedIn(1, [yes(0), no(1), yes(2, 1)])];
    expect(short(chooseExamples(judged, "pi_1"))).toEqual([
      { state: 0, trained: [], by: "0:0/0", stale: false },
      { state: 1, trained: [1], by: "1:2/0", stale: false },
    ]);
  });
});

describe.each(Array.from({ length: 200 }, (_, seed) => seed))(
  "whatever the iterations found (%i)",
  (seed) => {
    const next = numbersFrom(seed);
    const iterations = Array.from({ length: 1 + Math.floor(next() * 4) }, (_, k) =>
      judgedIn(
        k,
        [0, 1, 2, 3].flatMap((state) =>
          [0, 1].map((attempt) => ({
            state,
            attempt,
            success: next() < 0.35,
            steps: 1 + Math.floor(next() * 5),
          })),
        ),
      ),
    );
    const last = iterations.length - 1;

    it("only grows: a further iteration loses no success and makes none longer", () => {
      const before = iterations.slice(0, -1).flatMap(successesOf);
      const after = iterations.flatMap(successesOf);
      expect(after).toEqual(expect.arrayContaining(before));
      for (const state of [0, 1, 2, 3]) {
        const at = (all: typeof after) =>
          choosePositive(all.filter(({ stateIndex }) => stateIndex === state));
        const [old, now] = [at(before), at(after)];
        if (old) expect(now?.stepCount).toBeLessThanOrEqual(old.stepCount);
      }
    });

    it("gives one example per important state, never trains a harmful action, and does not depend on the order", () => {
      const examples = chooseExamples(iterations, `pi_${last}`);
      const states = examples.map(({ plan }) => plan.importantState);
      expect(new Set(states).size).toBe(states.length);
      const harmful = iterations[last]?.effective.steps.filter(({ verdict }) => verdict === "harmful") ?? [];
      const trained = new Set(examples.flatMap(({ plan }) => plan.trainedSteps));
      expect(harmful.filter(({ stepIndex }) => trained.has(stepIndex))).toEqual([]);
      for (const { plan, success, judged, stale } of examples) {
        expect(success?.stateIndex).toBe(plan.rolloutFrom);
        expect(stale).toBe(judged.iteration !== last && plan.kind !== "rft");
      }
      expect(chooseExamples(iterations.toReversed(), `pi_${last}`)).toEqual(examples);
    });
  },
);
