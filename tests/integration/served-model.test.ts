import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "@/lib/core/store";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import type { Deps } from "@/lib/usecases/deps";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { resumeRun, RunInput, startRun } from "@/lib/usecases/runs";
import { Filter } from "@/lib/usecases/selection";
import { verdictReports } from "@/lib/usecases/verdicts";
import { collect } from "../support/collecting";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startOpenAIServer, type Answer, type ChatRequest } from "../support/openai-server";

/** A model that buys the first thing it finds, reading nothing but the conversation it is sent. */
function firstHit({ body }: ChatRequest): Answer {
  const page = body.messages.at(-1)?.content ?? "";
  const product = /\[SEP\] (C[A-Z0-9]{9}) \[SEP\]/.exec(page)?.[1];
  const action = page.includes("Buy Now")
    ? "click[buy now]"
    : product
      ? `click[${product}]`
      : `search[${/Find me ([^,]*)/.exec(page)?.[1] ?? "gift"}]`;
  return { reply: `Thought:\nI take what comes first.\n\nAction:\n${action}` };
}

const faults: Answer[] = [
  { fault: "rate-limit", retryAfterMs: "5" },
  { fault: "status", status: 503 },
  { fault: "truncated-json" },
  { fault: "empty-choices" },
  { fault: "reset" },
];

describe("mining with a served model", () => {
  let database: TestDatabase;
  let store: Store;
  let deps: Deps;
  let personId: number;
  let selection: { filter: Filter };

  beforeAll(async () => {
    database = await createTestDatabase();
    store = createStore(database.url);
    deps = { store, queue: { send: () => Promise.resolve() }, environments, policies };
    personId = (await store.people.ensure("ada")).personId;
    const expert = await putPolicy(deps, { name: "expert", kind: "shopper-strong", config: {} });
    const shop = { name: "shop", driver: "webshop", config: { catalogue: { kind: "built-in" } } };
    const { environmentId } = await putEnvironment(deps, shop);
    await collect(deps, personId, { environmentId, policyId: expert.policyId, choice: { count: 12 } });
    selection = { filter: Filter.parse({ source: "expert", success: false, environmentId }) };
  });

  afterAll(async () => {
    await store?.close();
    await database?.drop();
  });

  async function mine(name: string, baseURL: string, attempts: number) {
    const config = { baseURL, model: "first-hit", temperature: 0, attempts, backoffMs: 1 };
    const { policyId } = await putPolicy(deps, { name, kind: "openai", config });
    const run = await startRun(
      deps,
      personId,
      RunInput.parse({ policyId, selection, config: { states: 3 } }),
    );
    await mineHere(deps, run.runId, new AbortController().signal, () => {});
    return run.runId;
  }

  async function evidence(runId: number) {
    const states = [];
    for await (const report of verdictReports(deps, runId, null)) states.push(report.states);
    return states;
  }

  it("learns the same from an endpoint that fails one time in five as from one that never fails", async () => {
    const good = await startOpenAIServer((request) => firstHit(request));
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

  it("takes a dead endpoint for no evidence at all, and learns once it is back", async () => {
    const server = await startOpenAIServer([{ fault: "status", status: 503 }]);
    const runId = await mine("dead", server.baseURL, 1);
    await server.close();
    const { rollouts, verdicts } = await store.runs.progress(runId);
    expect(rollouts).toMatchObject({ completed: 0, succeeded: 0 });
    expect(rollouts.errored).toBeGreaterThan(0);
    expect(verdicts).toMatchObject({ beneficial: 0, harmful: 0, redundant: 0, dead_end: 0 });
    expect((await store.runs.errors(runId))[0]).toMatchObject({ code: "endpoint_unavailable" });
    const back = await startOpenAIServer((request) => firstHit(request));
    const config = { baseURL: back.baseURL, model: "first-hit", temperature: 0 };
    await putPolicy(deps, { name: "dead", kind: "openai", config });
    await resumeRun(deps, runId, ["errored"]);
    await mineHere(deps, runId, new AbortController().signal, () => {});
    await back.close();
    expect((await store.runs.progress(runId)).rollouts).toMatchObject({ errored: 0 });
  });
});
