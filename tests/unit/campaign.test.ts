import { describe, expect, it } from "vitest";
import { CampaignConfig, campaignFigures, expertFailed, type IterationFacts } from "@/lib/core/campaign";
import { wilson } from "@/lib/core/statistics";
import { numbersFrom } from "../support/factories";

const none = { attempts: 0, successes: 0 };

function facts(iteration: number, change: Partial<IterationFacts> = {}): IterationFacts {
  return {
    iteration,
    checkpoint: `pi_${iteration}`,
    prices: null,
    open: false,
    subtasks: 0,
    starts: none,
    fromStart: none,
    fromStates: none,
    solved: [],
    verdicts: 10,
    calls: 100,
    promptTokens: 3000,
    completionTokens: 1000,
    ...change,
  };
}

describe("the figures of a campaign", () => {
  it("count what the expert failed and an iteration solved, once", () => {
    const figures = campaignFigures(
      [1, 2, 3, 4],
      [facts(1, { solved: [1, 2, 9] }), facts(0, { solved: [1, 8] })],
    );
    expect(figures.map(({ coverage }) => coverage)).toEqual([
      { failed: 4, solvedBefore: 0, newlySolved: 1, remaining: 3 },
      { failed: 4, solvedBefore: 1, newlySolved: 1, remaining: 2 },
    ]);
  });

  it("say what a newly solved subtask took, and nothing where there is none or exploring goes on", () => {
    const prices = { promptPer1k: 1, completionPer1k: 2 };
    const [priced, free, none, open] = campaignFigures(
      [1, 2, 3],
      [
        facts(0, { solved: [1, 2], prices }),
        facts(1, { solved: [3] }),
        facts(2, { solved: [3], prices }),
        facts(3, { open: true }),
      ],
    );
    expect(priced?.spent).toEqual({ calls: 100, tokens: 4000, cost: 5 });
    expect(priced?.perNewlySolved).toEqual({ calls: 50, tokens: 2000, cost: 2.5 });
    expect(free?.perNewlySolved).toEqual({ calls: 100, tokens: 4000, cost: null });
    expect(none?.perNewlySolved).toBeNull();
    expect(open?.perNewlySolved).toBeNull();
    const half = campaignFigures([1, 2], [facts(0, { solved: [1], open: true })]);
    expect(half[0]).toMatchObject({ coverage: { newlySolved: 1 }, perNewlySolved: null });
  });

  it("give success from the start and from the expert's states with n and its interval", () => {
    const fromStates = { attempts: 8, successes: 4 };
    const [row] = campaignFigures([1], [facts(0, { fromStates })]);
    const [low, high] = wilson(fromStates);
    expect(row?.fromStates).toEqual({ ...fromStates, low, high });
    expect(row?.fromStart).toEqual({ attempts: 0, successes: 0, low: 0, high: 1 });
  });

  it("call verdicts stale by the newest checkpoint, wherever it was used before", () => {
    const used = ["a", "b", "a"].map((checkpoint, k) => facts(k, { checkpoint }));
    expect(campaignFigures([], used).map((each) => each.staleVerdicts)).toEqual([0, 10, 0]);
    expect(campaignFigures([], used.slice(0, 2)).map((each) => each.staleVerdicts)).toEqual([10, 0]);
  });
});

it("counts a subtask as failed only where the expert never solved it", () => {
  const tried = (subtaskId: number, success: boolean | null) => ({ subtaskId, success });
  const experts = [
    tried(1, false),
    tried(1, false),
    tried(2, false),
    tried(2, true),
    tried(3, null),
    tried(4, true),
  ];
  expect(expertFailed(experts)).toEqual([1]);
});

it("explores as in the paper unless told otherwise", () => {
  expect(CampaignConfig.parse({})).toMatchObject({
    run: { config: {}, minAttempts: 1 },
    starts: { attempts: 1 },
  });
  expect(CampaignConfig.parse({ starts: null }).starts).toBeNull();
});

/** Iterations that solve subtasks at random, whichever order they come in. */
function drawn(seed: number): { failed: number[]; iterations: IterationFacts[] } {
  const next = numbersFrom(seed);
  const failed = Array.from({ length: Math.floor(next() * 12) }, (_, i) => i);
  const iterations = Array.from({ length: Math.floor(next() * 6) }, (_, k) =>
    facts(k, { solved: Array.from({ length: 16 }, (_, i) => i).filter(() => next() < 0.3) }),
  );
  return { failed, iterations };
}

describe.each(Array.from({ length: 200 }, (_, seed) => seed))("whatever happened (%i)", (seed) => {
  const { failed, iterations } = drawn(seed);
  const figures = campaignFigures(failed, iterations);

  it("adds up, and counts each newly solved subtask in one iteration", () => {
    const ever = failed.filter((id) => iterations.some(({ solved }) => solved.includes(id)));
    expect(figures.reduce((sum, { coverage }) => sum + coverage.newlySolved, 0)).toBe(ever.length);
    for (const { coverage } of figures)
      expect(coverage.solvedBefore + coverage.newlySolved + coverage.remaining).toBe(failed.length);
  });

  it("never uncovers a subtask: a further iteration leaves the earlier ones as they are", () => {
    const before = campaignFigures(failed, iterations.slice(0, -1));
    expect(figures.slice(0, -1).map(({ coverage }) => coverage)).toEqual(
      before.map(({ coverage }) => coverage),
    );
    const remaining = figures.map(({ coverage }) => coverage.remaining);
    expect(remaining).toEqual(remaining.toSorted((a, b) => b - a));
  });
});
