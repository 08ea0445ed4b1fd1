import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it, describe } from "vitest";
import { AppError } from "@/lib/core/errors";
import type { Gate, Outcome } from "@/lib/core/gate";
import type { Policy, Turn } from "@/lib/core/ports";
import { failure, type EndpointFailure } from "@/lib/policies/endpoint-failure";
import { connectingFetch } from "@/lib/policies/http";
import { callTimeoutMs } from "@/lib/policies/openai";
import { retrying } from "@/lib/policies/retry";
import { startOpenAIServer, type Answer, type OpenAIServer, type Script } from "../support/openai-server";
import { connectPolicy } from "../support/policies";

const aTurn = (over: Partial<Turn> = {}): Turn => ({
  conversation: { driverId: "webshop", instruction: "Find me wool mittens", opening: [] },
  history: [],
  observation: { text: "WebShop [SEP] Search", actions: ["search"] },
  seed: 7,
  affinity: "webshop/0",
  signal: new AbortController().signal,
  ...over,
});
const good = { reply: "Thought:\nI look.\n\nAction:\nsearch[mittens]" };

let server: OpenAIServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});
async function endpoint(script: Script): Promise<Policy> {
  server = await startOpenAIServer(script);
  const settings = { baseURL: server.baseURL, model: "m", timeoutMs: 300, attempts: 3, backoffMs: 5 };
  return connectPolicy("openai", settings, "sk-secret-1");
}
const requests = () => server?.requests ?? [];

describe("one call", () => {
  it.each([
    [
      "context_overflow",
      { fault: "status", status: 400, code: "context_length_exceeded", message: "8193 tokens" },
    ],
    [
      "context_overflow",
      { fault: "status", status: 400, message: "This model's maximum context length is 8192 tokens." },
    ],
    ["content_filter", { fault: "status", status: 400, code: "content_filter" }],
    ["request_refused", { fault: "status", status: 422, message: "messages must alternate" }],
  ] satisfies [string, Answer][])("calls what is wrong with one request %s, once", async (code, fault) => {
    const policy = await endpoint([good, fault]);
    await policy.act(aTurn());
    await expect(policy.act(aTurn())).rejects.toMatchObject({ code, retryable: false });
    expect(requests()).toHaveLength(2);
  });

  it("tells what every answered call took, those that led nowhere included", async () => {
    const policy = await endpoint([{ reply: "Hm." }, { fault: "status", status: 500 }, { reply: "Hm." }]);
    const spent: unknown[] = [];
    const turn = aTurn({ spent: (usage) => void spent.push(usage) });
    await expect(policy.act(turn)).rejects.toMatchObject({ code: "bad_reply" });
    expect(spent).toEqual(Array(3).fill({ promptTokens: 10, completionTokens: 3 }));
  });

  it("leaves a model time for all it may write", () => {
    expect(callTimeoutMs({ maxTokens: 512 })).toBeGreaterThan(30_000);
    expect(callTimeoutMs({ maxTokens: 32_768 })).toBe(600_000);
    expect(callTimeoutMs({ maxTokens: 512, timeoutMs: 300 })).toBe(300);
  });
});

describe("the retry loop behind a gate that holds calls back", () => {
  const down = (kind: "transient" | "rate_limit"): EndpointFailure =>
    failure(kind, { origin: "http://h", model: "m", secret: null }, "no");
  const plan = { attempts: 2, backoffMs: 1, seed: 1, signal: new AbortController().signal };

  function gateOf(answers: () => number) {
    const left: Outcome["kind"][] = [];
    const gate: Gate = {
      pauses: true,
      get answers() {
        return answers();
      },
      enter: async () => ({ leave: ({ kind }) => void left.push(kind) }),
      enterUnlessDown: async () => ({ leave: ({ kind }) => void left.push(kind) }),
      spendRetry: () => true,
    };
    return { gate, left };
  }

  it.each(["transient", "rate_limit"] as const)("waits out %s that hits everybody", async (kind) => {
    const { gate, left } = gateOf(() => 0);
    let calls = 0;
    const call = async () =>
      ++calls > 8 ? { ok: true as const, value: "back", outcome: { kind: "ok" as const } } : down(kind);
    expect(await retrying(call, plan, gate)).toBe("back");
    expect(left).toEqual([...Array(8).fill(kind), "ok"]);
  });

  it("gives up on a call that fails while others are answered, never on refusals", async () => {
    let answers = 0;
    const { gate, left } = gateOf(() => answers++);
    await expect(retrying(async () => down("transient"), plan, gate)).rejects.toBeInstanceOf(AppError);
    expect(left).toHaveLength(2);
    let calls = 0;
    const refused = async () =>
      ++calls > 5 ? { ok: true as const, value: 1, outcome: { kind: "ok" as const } } : down("rate_limit");
    expect(await retrying(refused, plan, gate)).toBe(1);
  });

  it("leaves the gate when a call is aborted, and says nothing of the endpoint", async () => {
    const { gate, left } = gateOf(() => 0);
    const stop = new AbortController();
    const call = async () => {
      stop.abort(new Error("cancelled"));
      return down("transient");
    };
    await expect(retrying(call, { ...plan, signal: stop.signal }, gate)).rejects.toThrow("cancelled");
    expect(left).toEqual(["aborted"]);
  });
});

it("does not wait for a connection that is never made", async () => {
  // A process that listens and never accepts: once its backlog is full, connecting hangs.
  const listen = `const s = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, String(s.address().port));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  })`;
  const stuck = spawn(process.execPath, ["-e", listen], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(stuck.stdout, "data");
  const filling = Array.from({ length: 4 }, () => connect(Number(port), "127.0.0.1").on("error", () => {}));
  await pause(100);
  const began = performance.now();
  const call = connectingFetch(200)(`http://127.0.0.1:${port}/`, {
    method: "POST",
    body: "{}",
    signal: AbortSignal.timeout(5000),
  });
  await expect(call).rejects.toThrow("no connection within 200 ms");
  expect(performance.now() - began).toBeLessThan(2000);
  for (const socket of filling) socket.destroy();
  stuck.kill("SIGKILL");
});
