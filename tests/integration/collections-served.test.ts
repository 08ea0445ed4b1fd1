import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { collectionView, resumeCollection } from "@/lib/usecases/collections";
import { putPolicy } from "@/lib/usecases/policies";
import { collect, openCollecting, type Collecting } from "../support/collecting";
import { firstHit } from "../support/first-hit";
import { startOpenAIServer, type Answer } from "../support/openai-server";

let at: Collecting;
beforeAll(async () => {
  at = await openCollecting();
});
afterEach(() => at.rest());
afterAll(() => at?.close());

const faults: Answer[] = [
  { fault: "rate-limit", retryAfterMs: "5" },
  { fault: "status", status: 503 },
  { fault: "truncated-json" },
  { fault: "reset" },
];

describe("with a served model", () => {
  async function endpoint(name: string, baseURL: string, attempts = 6): Promise<number> {
    const config = { baseURL, model: "first-hit", temperature: 0, attempts, backoffMs: 1 };
    return (await putPolicy(at.deps, { name, kind: "openai", config })).policyId;
  }

  it("records the same from an endpoint that fails one time in five as from one that never fails", async () => {
    const good = await startOpenAIServer(firstHit);
    const flaky = await startOpenAIServer((request, index) =>
      index % 5 === 4
        ? (faults[Math.floor(index / 5) % faults.length] ?? { fault: "reset" })
        : firstHit(request),
    );
    const input = { environmentId: at.shop, choice: { count: 10 } };
    const calm = await collect(at.deps, at.personId, {
      ...input,
      policyId: await endpoint("calm", good.baseURL),
    });
    const stormy = await collect(at.deps, at.personId, {
      ...input,
      policyId: await endpoint("stormy", flaky.baseURL),
    });
    await Promise.all([good.close(), flaky.close()]);
    const [first, second] = [
      await at.store.collections.progress(calm),
      await at.store.collections.progress(stormy),
    ];
    expect(first).toMatchObject({ episodes: { completed: 10 }, duplicates: 0, calls: good.requests.length });
    expect(first.promptTokens).toBe(10 * good.requests.length);
    expect(first.completionTokens).toBe(3 * good.requests.length);
    expect(second).toMatchObject({
      episodes: { completed: 10, errored: 0 },
      duplicates: 10,
      calls: first.calls,
    });
    expect(flaky.requests.length).toBeGreaterThan(good.requests.length);
  });

  it("records nothing from a dead endpoint, and plays on once it is back", async () => {
    let down = true;
    const server = await startOpenAIServer((request) =>
      down ? { fault: "status", status: 503 } : firstHit(request),
    );
    const policyId = await endpoint("dead", server.baseURL, 2);
    const choice = { first: 20, count: 6 };
    const collecting = collect(at.deps, at.personId, { environmentId: at.shop, policyId, choice });
    const known = async () =>
      (await at.store.endpoints.list()).find(({ baseURL }) => baseURL === server.baseURL)?.breaker;
    await expect.poll(known, { timeout: 20_000 }).toBe("open");
    down = false;
    const { progress } = await collectionView(at.deps, await collecting);
    await server.close();
    expect(progress.episodes).toMatchObject({ completed: 6, errored: 0 });
  });

  it("never asks the model more often than the budget allows, whoever plays", async () => {
    const server = await startOpenAIServer(firstHit);
    const policyId = await endpoint("budgeted", server.baseURL);
    const input = { policyId, choice: { count: 40 }, config: { maxSteps: 6, concurrency: 8 } };
    const collectionId = await at.start({ ...input, budget: { maxCalls: 50 } });
    await Promise.all([at.work(), at.work()]);
    await at.ended(collectionId);
    await server.close();
    const { collection, progress } = await collectionView(at.deps, collectionId);
    expect(collection).toMatchObject({ state: "done", endReason: "call_budget" });
    expect(progress.calls).toBe(server.requests.length);
    expect(progress.calls).toBeLessThanOrEqual(50);
    expect(progress.calls + 6).toBeGreaterThan(50);
    expect(progress.episodes).toMatchObject({ queued: 0, running: 0, errored: 0 });
    expect(progress.episodes.completed + progress.episodes.skipped).toBe(40);
  });

  it("ends within one call of each running episode of its token budget, and goes on under a larger one", async () => {
    const server = await startOpenAIServer(firstHit);
    const policyId = await endpoint("tokens", server.baseURL);
    const input = { policyId, choice: { first: 40, count: 12 }, config: { maxSteps: 6, concurrency: 3 } };
    const collectionId = await at.start({ ...input, budget: { maxTokens: 200 } });
    await at.work();
    await at.ended(collectionId);
    const { collection, progress } = await collectionView(at.deps, collectionId);
    expect(collection.endReason).toBe("token_budget");
    expect(progress.promptTokens + progress.completionTokens).toBeLessThanOrEqual(200 + 3 * 13);
    expect(progress.episodes.completed).toBeGreaterThan(1);
    expect(progress.episodes.skipped).toBeGreaterThan(0);
    const budget = { maxCalls: null, maxTokens: null };
    expect(await resumeCollection(at.deps, collectionId, ["skipped"], budget)).toBe(
      progress.episodes.skipped,
    );
    await at.ended(collectionId);
    await server.close();
    expect((await at.store.collections.progress(collectionId)).episodes).toMatchObject({
      completed: 12,
      skipped: 0,
    });
  });

  it("stops when its key is refused, keeps what it has, and goes on with the right key", async () => {
    let locked = false;
    const server = await startOpenAIServer((request, index) => {
      locked ||= index === 25;
      return locked ? { fault: "status", status: 401, message: "bad key" } : firstHit(request);
    });
    const policyId = await endpoint("locked", server.baseURL, 2);
    const collectionId = await collect(at.deps, at.personId, {
      environmentId: at.shop,
      policyId,
      choice: { first: 60, count: 20 },
    });
    const { collection, progress } = await collectionView(at.deps, collectionId);
    expect(collection).toMatchObject({
      state: "failed",
      error: expect.stringMatching(/bad key.*check the model's/),
    });
    expect(progress.episodes).toMatchObject({ errored: 0, running: 0 });
    expect(progress.episodes.completed).toBeGreaterThan(0);
    expect(progress.episodes.queued).toBe(20 - progress.episodes.completed);
    expect(server.requests.length).toBeLessThan(25 + 20);
    locked = false;
    expect(await resumeCollection(at.deps, collectionId, ["errored"])).toBe(progress.episodes.queued);
    await at.work();
    await at.ended(collectionId);
    await server.close();
    expect((await collectionView(at.deps, collectionId)).collection).toMatchObject({
      state: "done",
      error: null,
    });
    expect((await at.store.collections.progress(collectionId)).episodes.completed).toBe(20);
  });

  it("stops after a streak of replies without an action, and counts what they took", async () => {
    const server = await startOpenAIServer([{ reply: "Hm." }]);
    const policyId = await endpoint("chatter", server.baseURL, 2);
    const collectionId = await collect(at.deps, at.personId, {
      environmentId: at.shop,
      policyId,
      choice: { first: 80, count: 60 },
    });
    const { collection, progress, errors } = await collectionView(at.deps, collectionId);
    await server.close();
    expect(collection.state).toBe("failed");
    expect(collection.error).toMatch(/last 20 episodes all broke.*no action could be read.*use a model/);
    expect(errors).toMatchObject([{ code: "bad_reply" }]);
    expect(progress.episodes.errored).toBeGreaterThanOrEqual(20);
    expect(progress.episodes.errored).toBeLessThan(30);
    expect(progress.promptTokens).toBe(10 * server.requests.length);
  });
});
