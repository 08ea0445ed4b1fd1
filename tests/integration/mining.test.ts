import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "@/lib/core/errors";
import { judge } from "@/lib/core/judge";
import { paperRule } from "@/lib/core/rule";
import type { Store } from "@/lib/core/store";
import { segmentOf } from "@/lib/core/verdict";
import { begin, bestAction, move, optimal, policyOf, solvable } from "../support/corridor";
import { openMining, rolloutsOf, wanderers, type Mining } from "../support/mining";

let mining: Mining;
let store: Store;
beforeEach(async () => {
  mining = await openMining();
  store = mining.store;
});
afterEach(() => mining.close());

describe("mining in process", () => {
  it("finds the truth of every action, and finishes the run", async () => {
    const planned = await mining.plan(wanderers, "optimal@1");
    const { deps } = mining.miner(optimal());
    await mining.mineAll(deps, planned);
    expect((await store.runs.get(planned.runId)).state).toBe("done");
    for (const [i, draft] of wanderers.entries()) {
      const facts = await mining.factsOf(planned, i);
      const judgement = judge(draft.steps.length, facts, paperRule);
      let place = begin(draft.subtaskKey);
      const solved = draft.steps.map(({ action }) => {
        const before = solvable(draft.subtaskKey, place, 6);
        place = move(draft.subtaskKey, place, action);
        return before;
      });
      draft.steps.forEach((_, t) => {
        const verdict = segmentOf(judgement.segments, t)?.verdict;
        const after = solved[t + 1] ?? true;
        const later = solved.slice(t).includes(true) ? "beneficial" : "dead_end";
        expect(verdict).toBe(solved[t] ? (after ? "redundant" : "harmful") : later);
      });
      expect(facts.entry).toMatchObject({
        state: "done",
        replay: "verified",
        divergence: null,
        errorCode: null,
      });
      const counts = facts.entry;
      const sum = counts.beneficial + counts.harmful + counts.redundant + counts.deadEnd + counts.undecided;
      expect(sum).toBe(draft.steps.length);
    }
  });

  it("keeps every step of a rollout readable, and replayable from the state it began at", async () => {
    const planned = await mining.plan(wanderers, "optimal@1");
    const { deps } = mining.miner(optimal());
    await mining.mineAll(deps, planned);
    const { rollouts } = await rolloutsOf(store, planned);
    const solved = rollouts.filter((r) => r.success);
    expect(solved.length).toBeGreaterThan(5);
    for (const rollout of rollouts) {
      expect(rollout.stepCount).toBe(rollout.steps.length);
      expect(rollout.promptVersion).toBe("corridor@1");
      expect(rollout.promptTokens).toBe(10 * rollout.steps.length);
      expect(rollout.finalObservation).toContain("You stand in cell");
    }
    const progress = await store.runs.progress(planned.runId);
    expect(progress.calls).toBe(rollouts.reduce((sum, r) => sum + r.stepCount, 0));
    expect(progress.rollouts).toMatchObject({
      completed: rollouts.length,
      succeeded: solved.length,
      queued: 0,
    });
  });

  it("changes nothing when the same job comes again", async () => {
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1");
    const { deps } = mining.miner(optimal());
    await mining.mineAll(deps, planned);
    const before = await rolloutsOf(store, planned);
    await mining.mineAll(deps, planned);
    expect(await rolloutsOf(store, planned)).toEqual(before);
  });

  it("shares one trajectory between two workers without doing anything twice", async () => {
    const seeds: number[] = [];
    const counting = policyOf("optimal@1", async ({ seed, observation }) => {
      seeds.push(seed);
      await pause(2);
      return bestAction(observation.text);
    });
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1", { attempts: 3 });
    const [one, two] = [mining.miner(counting, { owner: "one" }), mining.miner(counting, { owner: "two" })];
    await Promise.all([mining.mineAll(one.deps, planned), mining.mineAll(two.deps, planned)]);
    expect(new Set(seeds).size).toBe(seeds.length);
    const { rows } = await rolloutsOf(store, planned);
    expect(rows.every((r) => r.status === "completed")).toBe(true);
    expect((await store.runs.get(planned.runId)).state).toBe("done");
  });
});

describe("what broke", () => {
  it("is errored, never evidence, and is done again when asked", async () => {
    let down = true;
    const flaky = policyOf("flaky@1", ({ observation }) => {
      if (down) throw new AppError("endpoint_unavailable", "no answer from the model server");
      return bestAction(observation.text);
    });
    const planned = await mining.plan(wanderers.slice(0, 1), "flaky@1");
    const trajectoryId = planned.trajectoryIds[0]!;
    const { deps, lines } = mining.miner(flaky);
    await mining.mineAll(deps, planned);
    const broken = await mining.factsOf(planned);
    expect(broken.rollouts.map((r) => r.status)).toEqual(broken.rollouts.map(() => "errored"));
    expect(broken.rollouts[0]).toMatchObject({ errorCode: "endpoint_unavailable", success: null });
    expect(broken.entry).toMatchObject({ state: "errored", errorCode: "endpoint_unavailable", undecided: 8 });
    expect(lines.some((line) => line.includes("endpoint_unavailable"))).toBe(true);
    expect((await store.runs.get(planned.runId)).state).toBe("done");

    down = false;
    expect(await store.runs.requeue(planned.runId, ["errored"])).toEqual([trajectoryId]);
    await mining.mineAll(deps, planned);
    const mended = await mining.factsOf(planned);
    expect(mended.rollouts.every((r) => r.status === "completed")).toBe(true);
    expect(mended.entry).toMatchObject({ state: "done", undecided: 0, errorCode: null });
    expect((await store.runs.get(planned.runId)).state).toBe("done");
  });

  it("is undecided with both observations where the replay diverges, and judged up to there", async () => {
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1", { environment: { driftsAt: 5 } });
    await mining.mineAll(mining.miner(optimal()).deps, planned);
    const { entry, rollouts } = await mining.factsOf(planned);
    const recorded = wanderers[0]!.steps[5]!.observation;
    expect(entry).toMatchObject({
      replay: "diverged",
      divergence: { stepIndex: 5, recorded, replayed: `${recorded} A draught blows.` },
    });
    expect(rollouts.filter((r) => r.stateIndex < 5).every((r) => r.status === "completed")).toBe(true);
    expect(rollouts.filter((r) => r.stateIndex >= 5).map((r) => r.errorCode)).toEqual(
      Array(3).fill("replay_diverged"),
    );
    const { segments } = judge(8, { rollouts }, paperRule);
    expect(segmentOf(segments, 6)).toMatchObject({
      verdict: "undecided",
      undecidedReason: "replay_diverged",
    });
    expect(segmentOf(segments, 2)?.verdict).not.toBe("undecided");
  });

  it.each([
    [
      "the environment does not know the subtask",
      { ...wanderers[0]!, subtaskKey: "elsewhere-1" },
      "not_replayable",
    ],
    ["the policy has become another checkpoint", wanderers[0]!, "conflict"],
  ])("says so on every rollout when %s", async (_, draft, code) => {
    const planned = await mining.plan([draft], code === "conflict" ? "older@1" : "optimal@1");
    await mining.mineAll(mining.miner(optimal()).deps, planned);
    const { entry, rollouts } = await mining.factsOf(planned);
    expect(entry).toMatchObject({ state: "errored", errorCode: code, undecided: 8 });
    expect(new Set(rollouts.map((r) => r.errorCode))).toEqual(new Set([code]));
    expect((await store.runs.get(planned.runId)).state).toBe("done");
  });

  it("cannot be mined without a driver, which is said and not retried", async () => {
    const planned = await mining.plan(wanderers.slice(0, 1), "optimal@1");
    await store.environments.put(
      {
        name: "corridor",
        driver: null,
        config: {},
        fingerprint: null,
        successThreshold: 1,
      },
      null,
    );
    await mining.mineAll(mining.miner(optimal()).deps, planned);
    const { entry } = await mining.factsOf(planned);
    expect(entry).toMatchObject({ state: "errored", errorCode: "not_replayable" });
    expect(entry.errorMessage).toContain("no driver");
  });
});
