import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { nextProbes } from "@/lib/core/planner";
import type { RunConfig } from "@/lib/core/run";
import type { Policy } from "@/lib/core/ports";
import { mineTrajectory } from "@/lib/jobs/handlers/mine-trajectory";
import { sweep } from "@/lib/jobs/sweep";
import { bestAction, corridorActions, policyOf } from "../support/corridor";
import { openMining, rolloutsOf, running, wanderers, type Mining, type Planned } from "../support/mining";

let mining: Mining;
beforeEach(async () => {
  mining = await openMining();
});
afterEach(() => mining.close());

/** Knows the way two times in three, by the seed and nothing else: the same rollout always goes the same way. */
const wavering = (): Policy =>
  policyOf("wavering@1", ({ seed, observation }) =>
    seed % 3 === 0 ? (corridorActions[seed % 5] ?? "left") : bestAction(observation.text),
  );

const careful = { preset: "careful", states: 5 } as const;
const find = { preset: "find", states: 5 } as const;

/** Every rollout of a run and how it ended, by its natural key. */
async function found(planned: Planned): Promise<string[]> {
  const { rows } = await rolloutsOf(mining.store, planned);
  const at = (trajectoryId: number) => planned.trajectoryIds.indexOf(trajectoryId);
  return rows
    .map((r) => `${at(r.trajectoryId)}/${r.stateIndex}/${r.attempt} ${r.status} ${r.success} ${r.stepCount}`)
    .sort();
}

async function expectFinished(planned: Planned): Promise<void> {
  const run = await mining.store.runs.get(planned.runId);
  expect(run.state).toBe("done");
  for (const [i, draft] of wanderers.entries()) {
    const facts = await mining.factsOf(planned, i);
    expect(facts.entry.state).toBe("done");
    expect(nextProbes(draft.steps.length, run.config, facts.rollouts)).toMatchObject({ state: "finished" });
  }
}

/** What an undisturbed worker makes of the same failures. */
async function undisturbed(settings: Partial<RunConfig>): Promise<string[]> {
  const planned = await mining.plan(wanderers, "wavering@1", settings);
  await mining.mineAll(mining.miner(wavering()).deps, planned);
  await expectFinished(planned);
  return found(planned);
}

// The rollouts of the first failure whose end is cancelled: in the midst of a plan, and the last of one.
const cases = [
  { ...careful, cancelled: [9, 24] },
  { ...find, cancelled: [1, 9] },
];

describe.each(cases)("an adaptive run, $preset", ({ cancelled, ...settings }) => {
  it("plans on until the planner is finished, and says why it stopped", async () => {
    const planned = await mining.plan(wanderers, "wavering@1", settings);
    const first = (await rolloutsOf(mining.store, planned)).rows.length;
    const { deps, lines } = mining.miner(wavering());
    await mining.mineAll(deps, planned);
    await expectFinished(planned);
    expect((await found(planned)).length).toBeGreaterThan(first);
    expect(lines.filter((line) => /; (stopped|found|given up): /.test(line))).toHaveLength(3);
  });

  it("ends with the rollouts of an undisturbed run when two workers share it and all is planned twice", async () => {
    const expected = await undisturbed(settings);
    const planned = await mining.plan(wanderers, "wavering@1", settings);
    const workers = ["one", "two"].map((owner) => mining.miner(wavering(), { owner }).deps);
    const { runId, trajectoryIds } = planned;
    const replan = async () => {
      const run = await mining.store.runs.get(runId);
      for (const [i, trajectoryId] of trajectoryIds.entries()) {
        const rollouts = await mining.store.rollouts.list(runId, trajectoryId);
        const next = nextProbes(wanderers[i]?.steps.length ?? 1, run.config, rollouts);
        if (next.state === "probe")
          await mining.store.runs.plan(runId, [{ trajectoryId, probes: next.probes }]);
      }
    };
    const passes = async () => {
      while ((await mining.store.runs.get(runId)).state !== "done") {
        const jobs = workers.flatMap((deps) =>
          trajectoryIds.map((trajectoryId) => mineTrajectory(deps, { runId, trajectoryId }, running)),
        );
        await Promise.all([...jobs, replan(), replan()]);
      }
    };
    await passes();
    await expectFinished(planned);
    expect(await found(planned)).toEqual(expected);
  });

  it("ends with the rollouts of an undisturbed run when its worker goes again and again", async () => {
    const expected = await undisturbed(settings);
    const planned = await mining.plan(wanderers, "wavering@1", settings);
    const { runId } = planned;
    const sent: number[] = [];
    const queue = { send: async (_: string, job: object) => void sent.push(job as never) };
    for (let life = 0; (await mining.store.runs.get(runId)).state !== "done"; life++) {
      let calls = 0;
      const mortal = policyOf("wavering@1", async (turn) => {
        calls += 1;
        // Gone without a word: the lease stays and runs out.
        if (calls > 7) await new Promise(() => undefined);
        return (await wavering().act(turn)).action;
      });
      const { deps, silence } = mining.miner(mortal, { owner: `life ${life}`, leaseMs: 60 });
      const all = mining.mineAll(deps, planned);
      await Promise.race([all, expect.poll(() => calls > 7, { timeout: 20_000 }).toBe(true)]);
      silence();
      await expect
        .poll(async () => {
          await sweep({ store: mining.store, queue }, () => false);
          const { rollouts } = await mining.store.runs.progress(runId);
          return rollouts.running;
        })
        .toBe(0);
    }
    await expectFinished(planned);
    expect(await found(planned)).toEqual(expected);
  });

  it("goes on where it was when it is cancelled and resumed, at whatever rollout", async () => {
    const expected = await undisturbed(settings);
    for (const after of cancelled) {
      const planned = await mining.plan(wanderers, "wavering@1", settings);
      const { runId, trajectoryIds } = planned;
      const { deps } = mining.miner(wavering());
      const { rollouts, runs } = mining.store;
      let ended = 0;
      const store = {
        ...mining.store,
        rollouts: {
          ...rollouts,
          end: async (...how: Parameters<typeof rollouts.end>) => {
            ended += 1;
            // Cancelled while this rollout is in hand: nothing of the trajectory is queued behind it any more.
            if (ended === after) {
              await runs.move(runId, ["queued", "running"], "cancelling");
              await rollouts.cancelQueued(runId);
            }
            return rollouts.end(...how);
          },
        },
      };
      await mining.mineAll({ ...deps, store }, planned);
      await rollouts.cancelQueued(runId);
      expect((await runs.get(runId)).state).toBe("cancelled");
      await runs.requeue(runId, ["cancelled"]);
      await mining.mineAll(deps, { runId, trajectoryIds });
      await expectFinished(planned);
      expect(await found(planned)).toEqual(expected);
    }
  });
});

it("a state whose rollouts all break is tried a few times and left undecided", async () => {
  const planned = await mining.plan(wanderers.slice(0, 1), "broken@1", careful);
  const broken = policyOf("broken@1", () => {
    throw new Error("no answer");
  });
  await mining.mineAll(mining.miner(broken).deps, planned);
  const { entry, rollouts } = await mining.factsOf(planned);
  expect((await mining.store.runs.get(planned.runId)).state).toBe("done");
  expect(entry).toMatchObject({ state: "errored", undecided: wanderers[0]?.steps.length });
  expect(rollouts.every((r) => r.status === "errored")).toBe(true);
  expect(rollouts.length).toBeLessThanOrEqual(6 * 4);
});
