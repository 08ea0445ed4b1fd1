import { afterEach, beforeEach, expect, it } from "vitest";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import { moreRollouts, planRun, RunInput, startRun } from "@/lib/usecases/runs";
import { corridor, corridorActions, bestAction, policyDriver, policyOf } from "../support/corridor";
import { openMining, wanderers, type Mining } from "../support/mining";

let mining: Mining;
beforeEach(async () => {
  mining = await openMining();
});
afterEach(() => mining.close());

const wavering = policyDriver("test", () =>
  policyOf("wavering@1", ({ seed, observation }) =>
    seed % 3 === 0 ? (corridorActions[seed % 5] ?? "left") : bestAction(observation.text),
  ),
);

async function setUp() {
  // A run of its own makes person, environment, policy and trajectories; the runs below choose them.
  const { trajectoryIds } = await mining.plan(wanderers, "wavering@1");
  const { store } = mining;
  const [policy] = await store.policies.list();
  const deps = {
    store,
    queue: { send: () => Promise.resolve() },
    environments: { ...environments, corridor },
    policies: { test: wavering },
  };
  const input = (change: object) =>
    RunInput.parse({
      policyId: policy?.policyId ?? 0,
      selection: { trajectoryIds },
      ...change,
    });
  const { personId } = await store.people.ensure("Ada");
  return { deps, input, personId };
}

it.each(["paper", "uniform", "careful", "find"] as const)(
  "%s is planned, started and mined as it was announced, within what it costs at most",
  async (preset) => {
    const { deps, input, personId } = await setUp();
    const asked = input({
      preset,
      config: { maxSteps: 6, ...(preset === "uniform" ? { attempts: 3 } : {}) },
    });
    const plan = await planRun(deps, asked);
    expect(plan.trajectories).toBe(3);
    expect(plan.calls).toBeGreaterThan(0);
    expect(plan.calls).toBeLessThanOrEqual(plan.maxCalls);
    const run = await startRun(deps, personId, asked);
    expect(run.config.preset).toBe(preset);
    expect(run.alpha).toBe(preset === "careful" || preset === "find" ? 0.975 : 0);
    await mineHere(deps, run.runId, new AbortController().signal, () => undefined);
    const { rollouts, calls } = await mining.store.runs.progress(run.runId);
    expect((await mining.store.runs.get(run.runId)).state).toBe("done");
    expect(rollouts.completed).toBeLessThanOrEqual(plan.maxRollouts);
    expect(calls).toBeLessThanOrEqual(plan.maxCalls);
    if (preset === "paper" || preset === "uniform") {
      expect(rollouts.completed).toBe(plan.maxRollouts);
      expect(plan.rollouts).toBe(plan.maxRollouts);
    }
  },
);

it("the paper's preset is the paper's, and nothing else goes by its name", async () => {
  const { deps, input } = await setUp();
  await expect(planRun(deps, input({ preset: "paper", config: { attempts: 4 } }))).rejects.toThrow(
    /the paper's preset is M = 5, k = 1, α = 0/,
  );
});

it("more rollouts are worth something exactly where confidence keeps changes undecided", async () => {
  const { deps, input, personId } = await setUp();
  const mined = async (alpha: number) => {
    const run = await startRun(
      deps,
      personId,
      input({ config: { states: 50, maxSteps: 6, seed: 2 }, alpha }),
    );
    await mineHere(deps, run.runId, new AbortController().signal, () => undefined);
    return { run, bought: await moreRollouts(deps, run.runId, 100) };
  };
  expect((await mined(0)).bought).toEqual({ doubts: 0, confirmed: 0, rollouts: 0 });
  const { bought } = await mined(0.975);
  expect(bought.doubts).toBeGreaterThan(0);
  expect(bought.confirmed).toBeGreaterThan(0);
  expect(bought.confirmed).toBeLessThanOrEqual(bought.doubts);
  expect(bought.rollouts).toBeLessThanOrEqual(100);
});
