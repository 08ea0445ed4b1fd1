import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseRollout, gatherEvidence, rolloutStatuses, type RolloutOutcome } from "@/lib/core/evidence";

const rollout = (change: Partial<RolloutOutcome>): RolloutOutcome => ({
  stateIndex: 0,
  attempt: 0,
  status: "completed",
  success: false,
  stepCount: 3,
  ...change,
});

const anyRollout = fc
  .record({
    stateIndex: fc.nat(4),
    attempt: fc.nat(8),
    status: fc.constantFrom(...rolloutStatuses),
    success: fc.boolean(),
    stepCount: fc.nat(5),
  })
  .map((r) => ({ ...r, success: r.status === "completed" ? r.success : null }));

describe("gatherEvidence", () => {
  it("counts completed rollouts, and errored ones apart", () => {
    const rollouts = [
      rollout({ stateIndex: 4 }),
      rollout({ success: true }),
      rollout({ attempt: 1 }),
      rollout({ attempt: 2, status: "errored", success: null }),
      rollout({ attempt: 3, status: "running", success: null }),
      rollout({ attempt: 4, status: "queued", success: null }),
    ];
    expect(gatherEvidence(rollouts)).toEqual([
      { stateIndex: 0, attempts: 2, successes: 1, errored: 1 },
      { stateIndex: 4, attempts: 1, successes: 0, errored: 0 },
    ]);
  });

  it("knows of a state whose only rollout broke, and nothing of one whose only rollout was cancelled", () => {
    const rollouts = [
      rollout({ stateIndex: 2, status: "errored", success: null }),
      rollout({ stateIndex: 5, status: "cancelled", success: null }),
    ];
    expect(gatherEvidence(rollouts)).toEqual([{ stateIndex: 2, attempts: 0, successes: 0, errored: 1 }]);
  });

  it("never counts a broken rollout for or against, whatever the order", () => {
    fc.assert(
      fc.property(fc.array(anyRollout, { maxLength: 40 }), (rollouts) => {
        const evidence = gatherEvidence(rollouts);
        const tallies = (of: typeof evidence) =>
          of.filter((s) => s.attempts > 0).map(({ errored: _errored, ...tally }) => tally);
        const unbroken = rollouts.filter((r) => r.status === "completed");
        expect(tallies(evidence)).toEqual(tallies(gatherEvidence(unbroken)));
        expect(gatherEvidence([...rollouts].reverse())).toEqual(evidence);
        expect(evidence.map((s) => s.stateIndex)).toEqual(
          [...new Set(evidence.map((s) => s.stateIndex))].sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe("chooseRollout", () => {
  it("takes the fewest steps, then the lowest attempt", () => {
    const rollouts = [
      rollout({ attempt: 0, success: true, stepCount: 5 }),
      rollout({ attempt: 3, success: true, stepCount: 2 }),
      rollout({ attempt: 1, success: true, stepCount: 2 }),
      rollout({ attempt: 2, success: false, stepCount: 1 }),
      rollout({ stateIndex: 1, attempt: 0, success: true, stepCount: 1 }),
    ];
    expect(chooseRollout(rollouts, 0)?.attempt).toBe(1);
    expect(chooseRollout([...rollouts].reverse(), 0)?.attempt).toBe(1);
  });

  it("takes none where none succeeded, an errored success included", () => {
    const rollouts = [rollout({}), rollout({ attempt: 1, status: "errored", success: true })];
    expect(chooseRollout(rollouts, 0)).toBeNull();
  });
});
