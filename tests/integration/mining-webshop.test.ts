import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { planProbes, seedOf } from "@/lib/core/plan";
import { recordEpisode } from "@/lib/core/record";
import { paperRule } from "@/lib/core/rule";
import { RunConfig } from "@/lib/core/run";
import type { TrajectoryDraft } from "@/lib/core/trajectory";
import { environments } from "@/lib/environments/registry";
import { createQueue } from "@/lib/jobs/queue";
import { bundled } from "../../lib/launch/bundled.mjs";
import { connectPolicy } from "../support/policies";
import { createStore } from "@/lib/store/store";
import { withDatabase } from "../support/database";

const root = fileURLToPath(new URL("../..", import.meta.url));
const FAILURES = 15;

/** Failures of the built-in expert in the built-in shop. */
async function recordFailures() {
  const { webshop } = environments;
  const environment = await webshop.connect(webshop.Config.parse({}));
  const policy = connectPolicy("shopper-strong", {}, null);
  const { signal } = new AbortController();
  const failures: TrajectoryDraft[] = [];
  for (const subtask of await environment.subtasks()) {
    if (failures.length === FAILURES) break;
    const seed = (index: number) => seedOf(0, subtask.subtaskKey, { stateIndex: 0, attempt: 0 }, index);
    const task = {
      environment,
      environmentName: "webshop",
      driverId: "webshop",
      subtask,
      policy,
      seed,
      signal,
    };
    const draft = await recordEpisode({ ...task, source: "expert", maxSteps: 15 });
    if (!draft.success) failures.push(draft);
  }
  return { failures, environment };
}

it("mines failures of the built-in shop with the worker as it is started", async () => {
  const { failures, environment } = await recordFailures();
  expect(failures).toHaveLength(FAILURES);
  await withDatabase(async (url) => {
    const store = createStore(url);
    const queue = createQueue(url, "web");
    const { personId } = await store.people.ensure("Ada");
    await store.environments.put(
      {
        name: "webshop",
        driver: "webshop",
        config: {},
        fingerprint: environment.fingerprint,
        successThreshold: 1,
      },
      null,
    );
    const { policyId } = await store.policies.put({ name: "weak", kind: "shopper-weak", config: {} });
    const { trajectoryIds } = await store.trajectories.add(failures, null);
    const config = RunConfig.parse({});
    const { checkpoint } = connectPolicy("shopper-weak", {}, null);
    const about = { name: "shop", origin: "mined", policyId, checkpoint, config, ...paperRule } as const;
    const { runId } = await store.runs.create({ ...about, personId });
    const planned = failures.map((f) => planProbes(f.steps.length, config));
    await store.runs.plan(
      runId,
      trajectoryIds.map((trajectoryId, i) => ({ trajectoryId, probes: planned[i] ?? [] })),
    );
    for (const trajectoryId of trajectoryIds) await queue.send("mine-trajectory", { runId, trajectoryId });

    const worker = spawn(process.execPath, [bundled("lib/jobs/worker.ts")], {
      cwd: root,
      env: { ...process.env, DATABASE_URL: url },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    worker.stdout.on("data", (text: Buffer) => (told += text.toString()));
    const ended = new Promise<number | null>((resolve) => worker.once("exit", resolve));
    try {
      const state = async () => (await store.runs.get(runId)).state;
      await expect.poll(state, { timeout: 45_000, interval: 200 }).toBe("done");
    } finally {
      worker.kill("SIGTERM");
    }
    expect(await ended).toBe(0);
    const progress = await store.runs.progress(runId);
    expect(progress.trajectories).toEqual({ total: FAILURES, done: FAILURES, errored: 0, diverged: 0 });
    expect(progress.rollouts).toMatchObject({ completed: planned.flat().length, errored: 0, queued: 0 });
    const steps = failures.reduce((sum, f) => sum + f.steps.length, 0);
    expect(Object.values(progress.verdicts).reduce((a, b) => a + b)).toBe(steps);
    expect(progress.verdicts.undecided).toBe(0);
    expect(told.match(/: started$/gm)).toHaveLength(FAILURES);
    await queue.close();
    await store.close();
  });
});
