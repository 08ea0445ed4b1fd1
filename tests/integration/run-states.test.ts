import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EnvironmentDriver } from "@/lib/core/ports";
import { AppError } from "@/lib/core/errors";
import { STREAK } from "@/lib/core/streak";
import type { Store } from "@/lib/core/store";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import type { Deps } from "@/lib/usecases/deps";
import { limitHistory } from "@/lib/usecases/endpoints";
import { putPolicy } from "@/lib/usecases/policies";
import { cancelRun, resumeRun, RunInput, runView, startRun } from "@/lib/usecases/runs";
import { openFailures, type Failures } from "../support/collecting";
import { startOpenAIServer, type OpenAIServer } from "../support/openai-server";
import { firstHit } from "../support/first-hit";

const never = new AbortController().signal;
let at: Failures;
let store: Store;
let deps: Deps;
let personId: number;
let selection: Failures["selection"];
const servers: OpenAIServer[] = [];

beforeAll(async () => {
  at = await openFailures(24);
  ({ store, deps, personId, selection } = at);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});
afterAll(() => at?.close());

async function serve(script: Parameters<typeof startOpenAIServer>[0]): Promise<OpenAIServer> {
  const server = await startOpenAIServer(script);
  servers.push(server);
  return server;
}

/** Starts a run that nobody works on yet. */
async function start(name: string, baseURL: string, attempts = 2): Promise<number> {
  const config = { baseURL, model: "first-hit", temperature: 0, attempts, backoffMs: 1 };
  const { policyId } = await putPolicy(deps, { name, kind: "openai", config });
  const input = RunInput.parse({ policyId, selection, config: { states: 5 } });
  return (await startRun(deps, personId, input)).runId;
}

const work = (runId: number, registries: Deps = deps, signal = never) =>
  mineHere(registries, runId, signal, () => {});

/** The shop, until it dies. */
function dying(code: "environment_unavailable" | "environment_error") {
  const state = { dead: false };
  const { webshop } = environments;
  const driver: EnvironmentDriver = {
    ...webshop,
    async connect(config) {
      const environment = await webshop.connect(webshop.Config.parse(config));
      return {
        ...environment,
        fingerprint: environment.fingerprint,
        capabilities: environment.capabilities,
        subtasks: () => environment.subtasks(),
        normalize: (text) => environment.normalize(text),
        close: () => environment.close(),
        open(subtaskKey, signal) {
          if (state.dead) throw new AppError(code, "the shop is gone", { fix: "open it again" });
          return environment.open(subtaskKey, signal);
        },
      };
    },
  };
  return { state, registries: { ...deps, environments: { ...environments, webshop: driver } } };
}

describe("a run says what is wrong, why, and what to do", () => {
  it("when nothing listens at the base URL: it waits, and says so", async () => {
    const gone = await startOpenAIServer(firstHit);
    await gone.close();
    const runId = await start("nobody", gone.baseURL);
    const stop = new AbortController();
    const working = work(runId, deps, stop.signal);
    const condition = async () => (await runView(deps, runId)).condition;
    await expect.poll(condition, { timeout: 20_000 }).toMatchObject({
      kind: "waiting",
      reason: expect.stringMatching(/does not answer .*ECONNREFUSED/),
      fix: expect.stringContaining("If the address is wrong"),
    });
    stop.abort();
    await working;
    expect((await store.runs.progress(runId)).rollouts).toMatchObject({ errored: 0, running: 0 });
    expect((await limitHistory(deps, runId)).map(({ breaker }) => breaker)).toEqual(["closed", "open"]);
    await cancelRun(deps, runId);
  });

  it.each([
    ["a wrong key", { fault: "status", status: 401, message: "bad key" }, /bad key/],
    ["an unknown model", { fault: "status", status: 404, message: "no such model" }, /no such model/],
  ] as const)("with %s: it stops, keeps what it has, and goes on", async (name, fault, said) => {
    let right = true;
    const server = await serve((request, index) => {
      right &&= index !== 30;
      return right ? firstHit(request) : fault;
    });
    const runId = await start(name, server.baseURL);
    await work(runId);
    const { run, condition, progress } = await runView(deps, runId);
    expect(run.state).toBe("failed");
    expect(condition).toMatchObject({ kind: "failed", reason: expect.stringMatching(said) });
    expect(condition?.reason).toMatch(/check the model's name, the key and the base URL/);
    expect(condition?.fix).toContain("go on");
    expect(progress.rollouts.completed).toBeGreaterThan(0);
    expect(progress.rollouts.errored).toBe(0);
    right = true;
    await resumeRun(deps, runId, ["errored"]);
    await work(runId);
    const after = await runView(deps, runId);
    expect(after).toMatchObject({ run: { state: "done" }, condition: null });
    expect(after.progress.rollouts.completed).toBe(progress.rollouts.completed + progress.rollouts.queued);
  });

  it("with a model that never answers in format: it stops after a streak, not after all", async () => {
    const server = await serve([{ reply: "Hm." }]);
    const runId = await start("chatter", server.baseURL);
    const planned = (await store.runs.progress(runId)).rollouts.queued;
    await work(runId);
    const { run, condition, progress } = await runView(deps, runId);
    expect(run.state).toBe("failed");
    expect(condition?.reason).toMatch(/last 20 rollouts all broke.*no action could be read.*use a model/);
    expect(progress.rollouts.errored).toBeGreaterThanOrEqual(STREAK);
    expect(progress.rollouts.errored).toBeLessThan(planned);
    expect(progress.rollouts.queued).toBeGreaterThan(0);
  });

  it("with one request that always fails: its rollout is given up, the rest goes on", async () => {
    const poisoned = new Set<string>();
    const server = await serve((request) => {
      const text = request.body.messages.map(({ content }) => content).join("\n");
      // Whoever was asked first is the one that never works.
      if (poisoned.size === 0 && text.length > 400) poisoned.add(text);
      return poisoned.has(text) ? { fault: "status", status: 500 } : firstHit(request);
    });
    const runId = await start("poison", server.baseURL);
    await work(runId);
    const { run, progress, errors } = await runView(deps, runId);
    expect(run.state).toBe("done");
    expect(progress.rollouts.errored).toBeGreaterThan(0);
    expect(progress.rollouts.completed).toBeGreaterThan(0);
    expect(progress.rollouts.queued + progress.rollouts.running).toBe(0);
    expect(errors).toMatchObject([{ code: "endpoint_unavailable" }]);
  });

  it("with one request that always fails and no other left: it ends all the same", async () => {
    const server = await serve(({ body }) =>
      body.messages.at(-1)?.content === "ping" ? { reply: "p" } : { fault: "status", status: 500 },
    );
    const runId = await start("alone", server.baseURL);
    const [first] = await store.runs.trajectoryIds(runId);
    await store.rollouts.cancelQueued(runId);
    const alone = await startRun(
      deps,
      personId,
      RunInput.parse({
        policyId: (await store.runs.get(runId)).policyId,
        selection: { trajectoryIds: [first ?? 0] },
        config: { states: 0, attempts: 1 },
        preset: "uniform",
      }),
    );
    await work(alone.runId);
    const { run, condition, progress } = await runView(deps, alone.runId);
    expect(run.state).toBe("done");
    expect(progress.rollouts).toMatchObject({ errored: 1, completed: 0 });
    expect(condition).toMatchObject({ kind: "broken", reason: expect.stringContaining("answered 500") });
  });

  it.each(["environment_unavailable", "environment_error"] as const)(
    "with an environment that dies (%s): it stops after a streak, keeps what it has, and goes on",
    async (code) => {
      const server = await serve(firstHit);
      const { state, registries } = dying(code);
      const runId = await start(code, server.baseURL);
      const progressed = async () => (await store.runs.progress(runId)).rollouts.completed;
      const dies = expect.poll(progressed, { timeout: 30_000, interval: 5 }).toBeGreaterThanOrEqual(5);
      await Promise.all([work(runId, registries), dies.then(() => (state.dead = true))]);
      const { run, condition, progress } = await runView(deps, runId);
      expect(run.state).toBe("failed");
      expect(condition?.reason).toMatch(/last 20 rollouts all broke.*the shop is gone.*open it again/);
      expect(progress.rollouts.completed).toBeGreaterThanOrEqual(5);
      state.dead = false;
      await resumeRun(deps, runId, ["errored"]);
      await work(runId, registries);
      const after = await runView(deps, runId);
      expect(after).toMatchObject({ run: { state: "done" }, condition: null });
      expect(after.progress.rollouts).toMatchObject({ errored: 0, queued: 0 });
    },
  );
});
