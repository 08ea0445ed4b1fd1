import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { endpointNameOf } from "@/lib/core/gate";
import type { Store } from "@/lib/core/store";
import { mineHere } from "@/lib/jobs/mine-here";
import type { Deps } from "@/lib/usecases/deps";
import { endpointsOf } from "@/lib/usecases/endpoints";
import { putPolicy } from "@/lib/usecases/policies";
import { RunInput, startRun } from "@/lib/usecases/runs";
import { openFailures, type Failures } from "../support/collecting";
import { firstHit } from "../support/first-hit";
import {
  startOpenAIServer,
  type ChatRequest,
  type OpenAIServer,
  type Script,
} from "../support/openai-server";

const never = new AbortController().signal;
/** What all prompts of a subtask begin with: the opening and the first page. */
const subtaskOf = ({ body }: ChatRequest) => JSON.stringify(body.messages.slice(0, 4));

describe("a model on several servers", () => {
  let at: Failures;
  let store: Store;
  let deps: Deps;
  let personId: number;
  let selection: Failures["selection"];
  let servers: OpenAIServer[] = [];

  beforeAll(async () => {
    at = await openFailures(40);
    ({ store, deps, personId, selection } = at);
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  afterAll(() => at?.close());

  async function serve(...scripts: Script[]): Promise<OpenAIServer[]> {
    servers = await Promise.all(scripts.map((script) => startOpenAIServer(script)));
    return servers;
  }

  async function startMining(name: string) {
    const [baseURL, ...replicas] = servers.map((server) => server.baseURL);
    const config = { baseURL, replicas, model: name, temperature: 0, backoffMs: 20 };
    const policy = await putPolicy(deps, { name, kind: "openai", config });
    const input = RunInput.parse({
      policyId: policy.policyId,
      selection,
      config: { states: 3, attempts: 2 },
    });
    const { runId } = await startRun(deps, personId, input);
    return { policy, runId, mining: mineHere(deps, runId, never, () => {}) };
  }

  async function everythingCounts(runId: number) {
    const { rollouts } = await store.runs.progress(runId);
    expect(rollouts).toMatchObject({ errored: 0, queued: 0, running: 0, cancelled: 0 });
    expect(rollouts.completed).toBeGreaterThan(0);
  }

  it("answers all calls about one subtask from one server, and does not leave all to one server", async () => {
    await serve(firstHit, firstHit, firstHit);
    const { policy, runId, mining } = await startMining("spread");
    await mining;
    await everythingCounts(runId);
    const subtasks = servers.map(({ requests }) => new Set(requests.map(subtaskOf)));
    const all = new Set(subtasks.flatMap((each) => [...each]));
    expect(subtasks.reduce((sum, { size }) => sum + size, 0)).toBe(all.size);
    // How even the shares are depends on the servers' ports, which are drawn: tests/unit/replicas.test.ts counts them.
    expect(subtasks.filter(({ size }) => size > 0).length).toBeGreaterThan(1);
    const rows = await endpointsOf(deps, policy);
    expect(rows.map(({ endpoint }) => endpoint.baseURL)).toEqual(servers.map(({ baseURL }) => baseURL));
    expect(rows.map(({ row }) => row?.breaker)).toEqual(["closed", "closed", "closed"]);
    expect((await store.runs.get(runId)).checkpoint).toBe("spread");
  });

  it("goes on without a server that died for good, errors nothing, and moves only what it had", async () => {
    await serve(firstHit, firstHit);
    const { policy, runId, mining } = await startMining("bereft");
    const [alive, dying] = servers;
    await expect.poll(() => dying?.requests.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(3);
    await dying?.close();
    const before = new Set(dying?.requests.map(subtaskOf));
    await mining;
    await everythingCounts(runId);
    const [up, down] = (await endpointsOf(deps, policy)).map(({ row }) => row);
    expect(up).toMatchObject({ breaker: "closed" });
    expect(down?.breaker).not.toBe("closed");
    const moved = alive?.requests.filter((request) => before.has(subtaskOf(request))) ?? [];
    expect(moved.length).toBeGreaterThan(0);
  });

  it("tries a down server again and takes its subtasks back to it", async () => {
    let down = false;
    const flaky: Script = (request) => (down ? { fault: "status", status: 503 } : firstHit(request));
    await serve(flaky, firstHit);
    const { runId, mining } = await startMining("returning");
    const [first, second] = servers;
    await expect.poll(() => first?.requests.length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(3);
    down = true;
    const name = endpointNameOf({ baseURL: first?.baseURL ?? "", model: "returning" });
    const breaker = async () =>
      (await store.endpoints.list()).find(
        ({ baseURL, model }) => baseURL === name.baseURL && model === name.model,
      )?.breaker;
    await expect.poll(breaker, { timeout: 20_000, interval: 20 }).toBe("open");
    const whenDown = first?.requests.length ?? 0;
    const elsewhere = second?.requests.length ?? 0;
    await expect
      .poll(() => second?.requests.length, { timeout: 20_000, interval: 5 })
      .toBeGreaterThan(elsewhere + 3);
    // A down server sees one call now and then, however much there is to do.
    expect((first?.requests.length ?? 0) - whenDown).toBeLessThanOrEqual(8);
    down = false;
    const whenBack = first?.requests.length ?? 0;
    await mining;
    await everythingCounts(runId);
    expect((first?.requests.length ?? 0) - whenBack).toBeGreaterThan(10);
  });

  it("waits with everything in hand while all are down", async () => {
    let down = true;
    const flaky: Script = (request) => (down ? { fault: "status", status: 503 } : firstHit(request));
    await serve(flaky, flaky);
    const { policy, runId, mining } = await startMining("dark");
    const breakers = async () => (await endpointsOf(deps, policy)).map(({ row }) => row?.breaker ?? "closed");
    const dark = async () => !(await breakers()).includes("closed");
    await expect.poll(dark, { timeout: 30_000, interval: 50 }).toBe(true);
    expect((await store.runs.progress(runId)).rollouts).toMatchObject({ completed: 0, errored: 0 });
    down = false;
    await mining;
    await everythingCounts(runId);
    expect(await breakers()).toEqual(["closed", "closed"]);
  });
});
