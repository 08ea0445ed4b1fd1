import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CritiqueCall } from "@/lib/core/critique";
import { paperRule, type VerdictRule } from "@/lib/core/rule";
import { probabilityAbove, probabilityGreater } from "@/lib/core/statistics";
import { countAssessments, noComparison } from "@/lib/core/strategies/comparison";
import { disagreementsOf, disagrees, strategyPairs } from "@/lib/core/strategies/disagree";
import { strategyFacts } from "@/lib/core/strategies/facts";
import { assessAll, strategyList } from "@/lib/core/strategies/registry";
import type { StateReturns, StepCall, StrategyFacts } from "@/lib/core/strategies/strategy";
import { judgeSteps, segmentOf } from "@/lib/core/verdict";

const LENGTH = 8;
const state = (
  stateIndex: number,
  attempts: number,
  successes: number,
  returned = successes,
): StateReturns => ({
  ...{ stateIndex, attempts, successes, returned, errored: 0 },
});
const facts = (change: Partial<StrategyFacts> = {}): StrategyFacts => ({
  trajectory: { source: "expert", success: false, reward: 0 },
  length: LENGTH,
  states: [],
  diverged: [],
  rule: paperRule,
  critique: null,
  ...change,
});
const opinions = (calls: CritiqueCall[]) =>
  calls.map((call, stepIndex) => ({ stepIndex, call, reason: "because" }));
const letters = (steps: StepCall[]) =>
  steps.map(({ call, considered }) => (considered ? call[0] : "-")).join("");

const tallies = fc
  .record({ attempts: fc.integer({ min: 0, max: 9 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ attempts, share }) => ({ attempts, successes: Math.floor(attempts * share) }));
const anyFacts: fc.Arbitrary<StrategyFacts> = fc
  .record({
    source: fc.constantFrom("expert" as const, "agent" as const),
    success: fc.constantFrom(true, false, null),
    reward: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
    at: fc.uniqueArray(fc.integer({ min: 0, max: LENGTH }), { maxLength: 6 }),
    tallies: fc.array(tallies, { minLength: 6, maxLength: 6 }),
    alpha: fc.constantFrom(0, 0.9, 0.975),
    minAttempts: fc.integer({ min: 1, max: 4 }),
    said: fc.option(
      fc.array(
        fc.constantFrom("helpful" as const, "harmful" as const, "neutral" as const, "unsure" as const),
        {
          ...{ minLength: LENGTH, maxLength: LENGTH },
        },
      ),
      { nil: null },
    ),
  })
  .map((drawn) => ({
    trajectory: { source: drawn.source, success: drawn.success, reward: drawn.reward },
    length: LENGTH,
    states: [...drawn.at]
      .sort((a, b) => a - b)
      .map((at, i) => state(at, drawn.tallies[i]?.attempts ?? 0, drawn.tallies[i]?.successes ?? 0)),
    diverged: [],
    rule: { ruleVersion: "eef-1", alpha: drawn.alpha, minAttempts: drawn.minAttempts } satisfies VerdictRule,
    critique: drawn.said && opinions(drawn.said),
  }));

describe("every strategy", () => {
  it("says something of every action, in order, with a reason, and plans only examples of what it trains", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const all = assessAll(given);
        for (const { name } of strategyList) {
          const { steps, examples } = all[name];
          expect(steps.map((each) => each.stepIndex)).toEqual([...Array(LENGTH).keys()]);
          expect(steps.every(({ reason }) => reason.length > 10)).toBe(true);
          expect(steps.every(({ considered, call }) => considered || call === "exclude")).toBe(true);
          const trained = new Set(steps.filter(({ call }) => call === "train").map((each) => each.stepIndex));
          for (const { trainedSteps } of examples)
            for (const step of trainedSteps) expect(trained.has(step), `${name} ${step}`).toBe(true);
        }
      }),
    );
  });
});

describe("EEF", () => {
  it("trains exactly what the verdicts call beneficial", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const failed = {
          ...given,
          trajectory: { ...given.trajectory, source: "expert" as const, success: false },
        };
        fc.pre(failed.states.length > 0);
        const { segments } = judgeSteps(LENGTH, failed.states, failed.rule);
        for (const { stepIndex, call } of assessAll(failed).eef.steps) {
          const verdict = segmentOf(segments, stepIndex)?.verdict;
          expect(call).toBe(
            verdict === "beneficial" ? "train" : verdict === "undecided" ? "undecided" : "exclude",
          );
        }
      }),
    );
  });

  it("gives the worked example of the paper's figure its two examples", () => {
    const states = [state(0, 1, 0), state(2, 1, 1), state(4, 1, 0), state(6, 1, 1)];
    const { eef } = assessAll(facts({ states }));
    expect(letters(eef.steps)).toBe("tteettee");
    expect(eef.examples).toEqual([
      { trainedSteps: [0, 1], rolloutFrom: 2 },
      { trainedSteps: [4, 5], rolloutFrom: 6 },
    ]);
  });
});

describe("RFT and BC", () => {
  it("RFT trains no expert action and says whether state 0 has a solution", () => {
    const none = assessAll(facts({ states: [state(0, 2, 0), state(4, 2, 2)] })).rft;
    expect(letters(none.steps)).toBe("--------");
    expect(none).toMatchObject({ examples: [], note: "State 0 has no solution: 0 of 2 rollouts succeeded." });
    const some = assessAll(facts({ states: [state(0, 2, 1)] })).rft;
    expect(some).toMatchObject({ examples: [{ trainedSteps: [], rolloutFrom: 0 }] });
    expect(assessAll(facts()).rft.note).toBe("State 0 has no completed rollout.");
  });

  it("BC trains a solved expert trajectory as a whole, and nothing else", () => {
    const of = (source: "expert" | "agent", success: boolean | null) =>
      letters(assessAll(facts({ trajectory: { source, success, reward: null } })).bc.steps);
    expect(of("expert", true)).toBe("tttttttt");
    expect([of("expert", false), of("expert", null), of("agent", true)]).toEqual(Array(3).fill("--------"));
  });
});

describe("IPR", () => {
  const ipr = (states: StateReturns[], rule: Partial<VerdictRule> = {}, reward: number | null = 0) => {
    const trajectory = { source: "expert" as const, success: false, reward };
    return assessAll(facts({ states, rule: { ...paperRule, ...rule }, trajectory })).ipr.steps;
  };

  it("follows the mean return from probed state to probed state, and the expert's own return at the end", () => {
    const steps = ipr(
      [state(0, 2, 0, 0.5), state(2, 2, 1, 1.4), state(4, 2, 0, 0.2), state(6, 2, 0, 0.2)],
      {},
      0.6,
    );
    expect(letters(steps)).toBe("tteeeett");
    expect(steps.map(({ value }) => value && [value.before, value.after])[0]).toEqual([0.25, 0.7]);
    expect(steps[4]?.reason).toContain("does not change");
    expect(steps[7]?.reason).toContain("0.60 in the end (the expert's own return)");
  });

  it("says nothing before the first and after the last state it knows", () => {
    expect(letters(ipr([state(2, 1, 0), state(4, 1, 1), state(6, 0, 0)], {}, null))).toBe("uuttuuuu");
    expect(letters(ipr([]))).toBe("uuuuuuuu");
  });

  it("leaves thin evidence undecided by the same alpha and least number of rollouts as the verdicts", () => {
    const thin = [state(0, 1, 0), state(4, 1, 1)];
    // One success proves a value above nothing, which is what the expert came to in the end.
    expect(letters(ipr(thin, { alpha: 0.975 }))).toBe("uuuueeee");
    expect(letters(ipr(thin, { alpha: 0.975 }, 0.4))).toBe("uuuuuuuu");
    expect(letters(ipr(thin, { minAttempts: 2 }))).toBe("uuuuuuuu");
    const much = [state(0, 8, 0), state(4, 8, 8)];
    expect(letters(ipr(much, { alpha: 0.975, minAttempts: 8 }))).toBe("tttteeee");
  });

  it("is as sure of 0/1 returns as the verdicts are, and less sure where returns are middling", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(12),
        fc.nat(12),
        (n, m, x, y) => {
          const [before, after] = [state(0, n, Math.min(n, x)), state(4, m, Math.min(m, y))];
          const rise = after.returned / m - before.returned / n;
          fc.pre(Math.abs(rise) > 1e-6);
          const probability = probabilityGreater(after, before);
          const sure = (rise > 0 ? probability : 1 - probability) >= 0.9;
          const { call } = ipr([before, after], { alpha: 0.9 })[0] ?? {};
          expect(call).toBe(sure ? (rise > 0 ? "train" : "exclude") : "undecided");
        },
      ),
    );
  });

  it("knows how likely a rate is above a known one", () => {
    expect(probabilityAbove({ attempts: 4, successes: 2 }, 0.5)).toBeCloseTo(0.5, 6);
    expect(probabilityAbove({ attempts: 0, successes: 0 }, 0.25)).toBeCloseTo(2 / 3, 3);
    // 1 - Beta(1.5, 0.5) distribution at .5: 1/2 + 1/pi.
    expect(probabilityAbove({ attempts: 1, successes: 1 }, 0.5)).toBeCloseTo(0.5 + 1 / Math.PI, 3);
    expect([0, 1].map((rate) => probabilityAbove({ attempts: 3, successes: 1 }, rate))).toEqual([1, 0]);
  });
});

describe("disagreement", () => {
  it("needs one that trains and one that excludes, both having considered the action", () => {
    fc.assert(
      fc.property(anyFacts, (given) => {
        const all = assessAll(given);
        const found = new Map(disagreementsOf(all).map(({ pair, steps }) => [pair, steps]));
        for (const left of strategyList)
          for (const right of strategyList) {
            const steps = all[left.name].steps.filter((one, i) => disagrees(one, all[right.name].steps[i]!));
            const pair = strategyPairs.find((each) => each === `${left.name}-${right.name}`);
            const turned = strategyPairs.find((each) => each === `${right.name}-${left.name}`);
            // Pairs that are not listed never disagree.
            if (!pair && !turned) expect(steps).toEqual([]);
            if (pair) expect(found.get(pair) ?? []).toEqual(steps.map(({ stepIndex }) => stepIndex));
          }
      }),
    );
  });

  it("is found where the critic calls harmful what EEF trains, and helpful what it excludes", () => {
    const states = [state(0, 1, 0), state(2, 1, 1), state(4, 1, 0), state(6, 1, 1)];
    const critique = opinions(["harmful", "helpful", "helpful", ...Array<CritiqueCall>(5).fill("unsure")]);
    const found = disagreementsOf(assessAll(facts({ states, critique })));
    expect(found).toEqual([
      { pair: "eef-critic", steps: [0, 2] },
      { pair: "ipr-critic", steps: [0, 2] },
    ]);
  });

  it("is none where RFT and BC look away", () => {
    const critique = opinions(Array<CritiqueCall>(8).fill("helpful"));
    expect(disagreementsOf(assessAll(facts({ critique })))).toEqual([]);
    const solved = { source: "expert" as const, success: true, reward: 1 };
    const harmful = opinions(Array<CritiqueCall>(8).fill("harmful"));
    expect(disagreementsOf(assessAll(facts({ trajectory: solved, critique: harmful })))).toEqual([
      { pair: "bc-critic", steps: [0, 1, 2, 3, 4, 5, 6, 7] },
    ]);
  });
});

describe("a comparison", () => {
  it("counts actions, tokens, examples and disagreements of each strategy", () => {
    const states = [state(0, 1, 0), state(2, 1, 1), state(4, 1, 0), state(6, 1, 1)];
    const critique = opinions(["harmful", "helpful", "helpful", ...Array<CritiqueCall>(5).fill("unsure")]);
    const comparison = noComparison();
    const lengths = {
      steps: Array<number>(8).fill(40),
      rollouts: new Map([
        [2, 80],
        [6, 20],
      ]),
    };
    countAssessments(comparison, assessAll(facts({ states, critique })), lengths);
    expect(comparison.totals).toMatchObject({
      eef: { actions: 4, tokens: 65, trajectories: 1, examples: 2, undecided: 0 },
      rft: { actions: 0, tokens: 0, trajectories: 0, examples: 0 },
      ipr: { actions: 4, tokens: 40, examples: 1 },
      critic: { actions: 2, tokens: 20, examples: 1, undecided: 5 },
    });
    expect(comparison.disagreements["eef-critic"]).toEqual({ actions: 2, trajectories: 1 });
  });
});

it("facts sum the returns of completed rollouts only", () => {
  const rollout = { ...{ rolloutId: 1, runId: 1, trajectoryId: 1, attempt: 0, stepCount: 1 } };
  const rest = { errorMessage: null, promptVersion: null, promptTokens: 0, completionTokens: 0 };
  const completed = { ...rollout, ...rest, status: "completed" as const, errorCode: null, success: false };
  const broken = { ...completed, status: "errored" as const, success: null, errorCode: "replay_diverged" };
  const given = strategyFacts(
    { source: "expert", success: false, reward: 0.3, length: 8 },
    {
      rule: paperRule,
      rollouts: [
        { ...completed, stateIndex: 0, reward: 0.5 },
        { ...completed, stateIndex: 0, reward: 0.25 },
        { ...broken, stateIndex: 0, reward: null },
        { ...broken, stateIndex: 4, reward: null },
      ],
    },
    null,
  );
  expect(given.states).toEqual([
    { stateIndex: 0, attempts: 2, successes: 0, errored: 1, returned: 0.75 },
    { stateIndex: 4, attempts: 0, successes: 0, errored: 1, returned: 0 },
  ]);
  expect(given.diverged).toEqual([0, 4]);
});
