import type { z } from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Prices } from "@/lib/core/ports";
import { costOf, RunBudget } from "@/lib/core/run-budget";
import type { Store } from "@/lib/core/store";
import { mineHere } from "@/lib/jobs/mine-here";
import type { Deps } from "@/lib/usecases/deps";
import { putPolicy } from "@/lib/usecases/policies";
import { resumeRun, RunInput, runView, startRun } from "@/lib/usecases/runs";
import { verdictReports } from "@/lib/usecases/verdicts";
import { openFailures, type Failures } from "../support/collecting";
import { firstHit } from "../support/first-hit";
import { startOpenAIServer, type Answer } from "../support/openai-server";

const faults: Answer[] = [
  { fault: "rate-limit", retryAfterMs: "5" },
  { fault: "status", status: 503 },
  { fault: "truncated-json" },
  { fault: "empty-choices" },
  { fault: "reset" },
  { fault: "reset-midway" },
  { fault: "not-json" },
];

const never = new AbortController().signal;
type RunChange = z.input<typeof RunInput>["config"];

describe("mining with a served model", () => {
  let at: Failures;
  let store: Store;
  let deps: Deps;
  let personId: number;
  let selection: Failures["selection"];

  beforeAll(async () => {
    at = await openFailures(12);
    ({ store, deps, personId, selection } = at);
  });

  afterAll(() => at?.close());

  async function mine(
    name: string,
    baseURL: string,
    attempts: number,
    change: RunChange = {},
    budget?: RunBudget,
    prices: Prices | null = null,
  ) {
    const config = { baseURL, model: "first-hit", temperature: 0, attempts, backoffMs: 1, prices };
    const { policyId } = await putPolicy(deps, { name, kind: "openai", config });
    const run = await startRun(
      deps,
      personId,
      RunInput.parse({ policyId, selection, config: { states: 3, ...change }, budget }),
    );
    await mineHere(deps, run.runId, never, () => {});
    return run.runId;
  }

  async function evidence(runId: number) {
    const states = [];
    for await (const report of verdictReports(deps, runId, null)) states.push(report.states);
    return states;
  }

  it("learns the same from an endpoint that fails one time in five as from one that never fails", async () => {
    const good = await startOpenAIServer(firstHit);
    const flaky = await startOpenAIServer((request, index) =>
      index % 5 === 4
        ? (faults[Math.floor(index / 5) % faults.length] ?? { fault: "reset" })
        : firstHit(request),
    );
    const calm = await mine("calm", good.baseURL, 6);
    const stormy = await mine("stormy", flaky.baseURL, 6);
    await Promise.all([good.close(), flaky.close()]);
    const progress = await store.runs.progress(stormy);
    expect(progress.rollouts).toMatchObject({ errored: 0, queued: 0, running: 0 });
    expect(progress.promptTokens).toBeGreaterThan(0);
    expect(await evidence(stormy)).toEqual(await evidence(calm));
    expect(flaky.requests.length).toBeGreaterThan(good.requests.length);
    const prompts = new Set(good.requests.map((r) => JSON.stringify(r.body.messages.slice(0, -1))));
    expect(prompts.size).toBeLessThan(good.requests.length);
  });

  it("waits for a dead endpoint with its work in hand, and errors nothing", async () => {
    let down = true;
    const server = await startOpenAIServer((request) =>
      down ? { fault: "status", status: 503 } : firstHit(request),
    );
    const mining = mine("dead", server.baseURL, 2);
    const waiting = async () =>
      (await store.endpoints.list()).find((endpoint) => endpoint.baseURL === server.baseURL);
    await expect.poll(waiting, { timeout: 20_000 }).toMatchObject({ breaker: "open" });
    const [newest] = (await store.runs.list(null, 1)).rows;
    expect(newest?.progress.rollouts).toMatchObject({ completed: 0, errored: 0 });
    expect(newest?.progress.rollouts.running).toBeGreaterThanOrEqual(4);
    const seen = await runView(deps, newest?.runId ?? 0);
    expect(seen.endpoint).toMatchObject({ breaker: "open", reason: expect.stringContaining("failed") });
    down = false;
    const runId = await mining;
    await server.close();
    const { rollouts } = await store.runs.progress(runId);
    expect(rollouts).toMatchObject({ errored: 0, queued: 0, running: 0 });
    expect(rollouts.completed).toBeGreaterThan(0);
    expect(await waiting()).toMatchObject({ breaker: "closed" });
  });

  it("stops a run whose key is refused, loses nothing, and goes on with the right key", async () => {
    let asked = 0;
    let locked = false;
    const server = await startOpenAIServer((request) => {
      asked += 1;
      locked ||= asked === 15;
      return locked ? { fault: "status", status: 401, message: "bad key" } : firstHit(request);
    });
    const runId = await mine("locked", server.baseURL, 2);
    const stopped = await store.runs.get(runId);
    expect(stopped).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/bad key.*check the model's/),
    });
    const before = (await store.runs.progress(runId)).rollouts;
    expect(before).toMatchObject({ errored: 0, running: 0 });
    expect(before.completed).toBeGreaterThan(0);
    expect(before.queued).toBeGreaterThan(0);
    locked = false;
    asked = 100;
    expect(await resumeRun(deps, runId, ["errored"])).toBeGreaterThan(0);
    await mineHere(deps, runId, never, () => {});
    await server.close();
    const after = await store.runs.progress(runId);
    expect((await store.runs.get(runId)).state).toBe("done");
    expect(after.rollouts).toMatchObject({ errored: 0, queued: 0 });
    expect(after.rollouts.completed).toBe(before.completed + before.queued);
  });

  it("ends a run whose budget is used up without an error, and goes on under a larger one", async () => {
    const server = await startOpenAIServer(firstHit);
    const budget = (maxCalls: number) => RunBudget.parse({ maxCalls });
    const runId = await mine("thrifty", server.baseURL, 2, { maxSteps: 5 }, budget(30));
    const { rollouts } = await store.runs.progress(runId);
    expect((await store.runs.get(runId)).state).toBe("done");
    expect(await store.runs.ledger(runId)).toMatchObject({ endReason: "call_budget", running: 0 });
    expect(rollouts).toMatchObject({ errored: 0, queued: 0 });
    expect(rollouts.completed).toBeGreaterThan(0);
    expect(rollouts.cancelled).toBeGreaterThan(0);
    expect(server.requests.length).toBeLessThanOrEqual(30);
    expect(server.requests.length).toBeGreaterThan(25);
    expect((await store.runs.ledger(runId)).callsCommitted).toBe(server.requests.length);
    await resumeRun(deps, runId, ["cancelled"], budget(100_000));
    await mineHere(deps, runId, never, () => {});
    await server.close();
    expect((await store.runs.progress(runId)).rollouts).toMatchObject({ errored: 0, cancelled: 0 });
    expect(await store.runs.ledger(runId)).toMatchObject({ endReason: null });
  });

  it("stops at a cost, in the policy's prices", async () => {
    const server = await startOpenAIServer(firstHit);
    const prices = { promptPer1k: 1, completionPer1k: 10 };
    const maxCost = RunBudget.parse({ maxCost: 1 });
    const runId = await mine("priced", server.baseURL, 2, { maxSteps: 5 }, maxCost, prices);
    await server.close();
    const { endReason, promptSpent, completionSpent } = await store.runs.ledger(runId);
    expect(endReason).toBe("cost_budget");
    const cost = costOf(prices, promptSpent, completionSpent);
    expect(cost).toBeCloseTo(server.requests.length * 0.04);
    expect(cost).toBeLessThanOrEqual(1.2);
    expect(cost).toBeGreaterThan(0.5);
    await expect(mine("unpriced", server.baseURL, 2, {}, maxCost)).rejects.toThrow("has no prices");
  });

  it("counts the tokens of replies that led nowhere, and an overflow as failure only where it is declared", async () => {
    const chatter = await startOpenAIServer([{ reply: "Hm." }]);
    const noisy = await store.runs.progress(await mine("noisy", chatter.baseURL, 2));
    await chatter.close();
    expect(noisy.rollouts.errored).toBeGreaterThan(0);
    expect(noisy.promptTokens).toBe(10 * chatter.requests.length);
    const full = { fault: "status", status: 400, code: "context_length_exceeded" } as const;
    const small = await startOpenAIServer((request) =>
      request.body.messages.length > 4 ? full : firstHit(request),
    );
    const plain = await mine("small", small.baseURL, 2);
    const declared = await mine("declared", small.baseURL, 2, { countsAsFailure: ["context_overflow"] });
    await small.close();
    expect((await store.runs.errors(plain))[0]).toMatchObject({ code: "context_overflow" });
    expect((await store.runs.progress(declared)).rollouts).toMatchObject({ errored: 0, succeeded: 0 });
  });
});
