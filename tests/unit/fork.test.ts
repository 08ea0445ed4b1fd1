import { describe, expect, it } from "vitest";
import { forkAt, forkStateOf, forkStates, type ForkRollout } from "@/lib/core/fork";
import { noReturnWords } from "@/components/charts/success-points";
import { firstDifference } from "@/lib/core/first-difference";
import { pointOfNoReturn } from "@/lib/core/no-return";

const state = (stateIndex: number, successes: number, attempts: number) => ({
  stateIndex,
  successes,
  attempts,
  errored: 0,
});

describe("the point of no return", () => {
  it("is the first state from which on nothing was solved, with all tries from there on", () => {
    const states = [state(0, 1, 4), state(2, 0, 4), state(4, 2, 4), state(6, 0, 4), state(8, 0, 8)];
    expect(pointOfNoReturn(states)).toEqual({ stateIndex: 6, states: 2, attempts: 12 });
  });
  it("is told without saying more than that some tries failed", () => {
    expect(noReturnWords({ stateIndex: 6, states: 1, attempts: 1 })).toBe(
      "not solved in 1 try at 1 probed state. It may still be solvable.",
    );
  });
  it("is nowhere while the last known state was solved, be it once", () => {
    expect(pointOfNoReturn([state(0, 0, 8), state(2, 1, 64)])).toBeNull();
    expect(pointOfNoReturn([state(0, 0, 8), state(2, 1, 1), state(4, 0, 0)])).toBeNull();
  });
  it("is nowhere where nothing was ever solved, or nothing is known", () => {
    expect(pointOfNoReturn([state(0, 0, 4), state(2, 0, 4)])).toBeNull();
    expect(pointOfNoReturn([state(0, 0, 0)])).toBeNull();
    expect(pointOfNoReturn([])).toBeNull();
  });
  it("does not count states where every rollout broke", () => {
    const states = [state(0, 1, 1), { ...state(1, 0, 0), errored: 3 }, state(2, 0, 2)];
    expect(pointOfNoReturn(states)).toEqual({ stateIndex: 2, states: 1, attempts: 2 });
  });
});

const rollout = (change: Partial<ForkRollout>): ForkRollout => ({
  stateIndex: 2,
  attempt: 0,
  status: "completed",
  success: false,
  stepCount: 5,
  reward: 0,
  ...change,
});

describe("a fork", () => {
  it("has the winning and the losing rollout of most reward, then fewest steps, then lowest attempt", () => {
    const rollouts = [
      rollout({ attempt: 0, reward: 0.5, stepCount: 9 }),
      rollout({ attempt: 1, reward: 0.5, stepCount: 4 }),
      rollout({ attempt: 2, reward: null, stepCount: 1 }),
      rollout({ attempt: 6, reward: 0.5, stepCount: 0 }),
      rollout({ attempt: 3, success: true, reward: 0.9, stepCount: 2 }),
      rollout({ attempt: 5, success: true, reward: 1, stepCount: 7 }),
      rollout({ attempt: 4, success: true, reward: 1, stepCount: 7 }),
    ];
    const fork = forkAt(rollouts, 2);
    expect([fork.winner?.attempt, fork.loser?.attempt]).toEqual([4, 1]);
    expect(fork).toMatchObject({ attempts: 7, successes: 3 });
  });
  it("has none of a kind that there is none of, and never a broken one or one of another state", () => {
    const rollouts = [
      rollout({ stateIndex: 0, success: true }),
      rollout({ status: "errored", success: null, reward: 1 }),
      rollout({ status: "running", success: null }),
    ];
    expect(forkAt(rollouts, 2)).toEqual({
      stateIndex: 2,
      winner: null,
      loser: null,
      attempts: 0,
      successes: 0,
    });
    expect(forkAt([rollout({})], 2).winner).toBeNull();
    expect(forkAt([rollout({ success: true })], 2).loser).toBeNull();
  });
  it("is at the last probed state at or before a step, else at the first", () => {
    const probed = [
      rollout({ stateIndex: 6 }),
      rollout({}),
      rollout({}),
      rollout({ stateIndex: 9, status: "cancelled" }),
    ];
    const states = forkStates(probed);
    expect(states).toEqual([2, 6]);
    expect([0, 2, 5, 6, 40].map((step) => forkStateOf(states, step))).toEqual([2, 2, 2, 6, 6]);
    expect(forkStateOf([], 3)).toBeNull();
  });
});

describe("where two trajectories part", () => {
  const seen = (words: string) =>
    words.split(" ").map((word) => ({ observation: `at ${word[0]}`, action: word, thought: word }));
  it("is the first step that differs in what was seen or done", () => {
    expect(firstDifference(seen("a b c"), seen("a b d"))).toBe(2);
    expect(firstDifference(seen("a bx c"), seen("a by c"))).toBe(1);
    const thoughtful = seen("a b").map((step) => ({ ...step, thought: "else" }));
    expect(firstDifference(seen("a b"), thoughtful)).toBeNull();
    expect(firstDifference([{ observation: "x", action: "a" }], [{ observation: "y", action: "a" }])).toBe(0);
  });
  it("is nowhere where one is the beginning of the other", () => {
    expect(firstDifference(seen("a b"), seen("a b c"))).toBeNull();
    expect(firstDifference([], seen("a"))).toBeNull();
  });
});
