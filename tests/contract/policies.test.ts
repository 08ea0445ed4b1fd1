import { existsSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import type { Environment, Policy, Turn } from "@/lib/core/ports";
import { seedOf } from "@/lib/core/plan";
import type { Step } from "@/lib/core/trajectory";
import { webshop } from "@/lib/environments/webshop/environment";
import { policies } from "@/lib/policies/registry";
import { connectPolicy } from "../support/policies";
import { startOpenAIServer, type Answer, type OpenAIServer, type Script } from "../support/openai-server";

const index = "WebShop [SEP] Instruction: [SEP] Find me wool mittens with size: large [SEP] Search";
const aTurn = (over: Partial<Turn> = {}): Turn => ({
  conversation: { driverId: "webshop", instruction: "Find me wool mittens with size: large", opening: [] },
  history: [],
  observation: { text: index, actions: ["search"] },
  seed: 7,
  affinity: "webshop/0",
  signal: new AbortController().signal,
  ...over,
});

/** What each policy is asked, and what its action looks like: built-in ones know one environment. */
const workshop = "Crafting commands:\ncraft 4 ash board using 1 ash trunk\n\nGoal: craft ash board.";
const craftTurn: Partial<Turn> = {
  conversation: { driverId: "textcraft", instruction: "craft ash board", opening: [] },
  observation: { text: workshop, actions: null },
};
const asked = (kind: string): { over: Partial<Turn>; action: RegExp } =>
  kind.startsWith("crafter-")
    ? { over: craftTurn, action: /^get 1 ash trunk$/ }
    : { over: {}, action: /^search\[.+\]$/ };

const good = { reply: "Thought:\nI look.\n\nAction:\nsearch[mittens]" };
const read = { thought: "I look.", action: "search[mittens]" };

let server: OpenAIServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function endpoint(script: Script, config: Record<string, unknown> = {}): Promise<Policy> {
  server = await startOpenAIServer(script);
  const settings = {
    baseURL: server.baseURL,
    model: "m",
    timeoutMs: 300,
    attempts: 3,
    backoffMs: 5,
    ...config,
  };
  return connectPolicy("openai", settings, "sk-secret-1");
}

const requests = () => server?.requests ?? [];

describe.each(Object.entries(policies))("policy %s", (kind, driver) => {
  it("names itself, its checkpoint and its prompt, and acts the same for the same seed", async () => {
    expect(driver.kind).toBe(kind);
    const policy = kind === "openai" ? await endpoint([good]) : connectPolicy(kind, {}, null);
    expect(policy.checkpoint).not.toBe("");
    expect(policy.promptVersion).not.toBe("");
    const { over, action } = asked(kind);
    const first = await policy.act(aTurn(over));
    expect(first.action).toMatch(action);
    expect(first.message).toMatchObject({
      role: "assistant",
      content: expect.stringContaining(first.action),
    });
    expect(await policy.act(aTurn(over))).toEqual(first);
  });

  it("says which setting is wrong", () => {
    expect(() => connectPolicy(kind, { nonsense: 1 }, null)).toThrowError(
      expect.objectContaining({ code: "invalid_input" }),
    );
  });
});

it("answers an unknown kind with the known ones", () => {
  expect(() => connectPolicy("oracle", {}, null)).toThrowError(
    expect.objectContaining({ code: "invalid_input", fix: expect.stringContaining("shopper-weak") }),
  );
});

describe("openai", () => {
  it("sends what a model needs to act, and answers what it said", async () => {
    const policy = await endpoint([good]);
    const step = { observation: "before", thought: null, action: "click[a]", reward: null, messages: null };
    expect(await policy.act(aTurn({ history: [step] }))).toEqual({
      ...read,
      message: { role: "assistant", content: good.reply },
      usage: { promptTokens: 10, completionTokens: 3 },
    });
    const [request] = requests();
    expect(request).toMatchObject({
      path: "/v1/chat/completions",
      authorization: "Bearer sk-secret-1",
      body: { model: "m", seed: 7, temperature: 0.7, max_tokens: 512 },
    });
    expect(request?.body.messages.map((message) => message.role)).toEqual([
      "system",
      "user",
      "assistant",
      "user",
    ]);
    expect(request?.body.messages.at(-1)?.content).toBe(index);
  });

  const passing: [string, Answer][] = [
    ["429", { fault: "rate-limit" }],
    ["429 with a wait", { fault: "rate-limit", retryAfterMs: "20" }],
    ["500", { fault: "status", status: 500 }],
    ["503", { fault: "status", status: 503 }],
    ["408", { fault: "status", status: 408 }],
    ["silence", { fault: "silence" }],
    ["a stalled answer", { fault: "stall" }],
    ["truncated JSON", { fault: "truncated-json" }],
    ["no choices", { fault: "empty-choices" }],
    ["a web page", { fault: "not-json" }],
    ["a reset connection", { fault: "reset" }],
    ["a reset amid an answer", { fault: "reset-midway" }],
  ];

  it.each(passing)("gets over %s", async (_name, fault) => {
    const policy = await endpoint([fault, good]);
    expect(await policy.act(aTurn())).toMatchObject(read);
    expect(requests()).toHaveLength(2);
  });

  it.each(passing)(
    "gives up on lasting %s with the right code, after exactly its attempts",
    async (name, fault) => {
      const policy = await endpoint([fault]);
      const code = name.startsWith("429") ? "rate_limited" : "endpoint_unavailable";
      await expect(policy.act(aTurn())).rejects.toMatchObject({
        code,
        retryable: true,
        fix: expect.any(String),
      });
      expect(requests()).toHaveLength(3);
    },
  );

  it.each([
    ["401", { fault: "status", status: 401, message: "bad key sk-secret-1" }],
    ["403", { fault: "status", status: 403 }],
    ["404", { fault: "status", status: 404 }],
    ["400", { fault: "status", status: 400 }],
    ["an empty account", { fault: "status", status: 429, code: "insufficient_quota" }],
    ["a redirect", { fault: "redirect", location: "http://127.0.0.1:1/" }],
  ] satisfies [string, Answer][])("does not repeat %s, and keeps the key to itself", async (_name, fault) => {
    const policy = await endpoint([fault]);
    const error: unknown = await policy.act(aTurn()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "endpoint_rejected", retryable: false });
    expect(String(error)).not.toContain("sk-secret-1");
    expect(requests()).toHaveLength(1);
  });

  it("waits as long as the endpoint asks, in milliseconds or seconds", async () => {
    const policy = await endpoint(
      [{ fault: "rate-limit", retryAfterMs: "150" }, { fault: "rate-limit", retryAfter: "0.2" }, good],
      { backoffMs: 1 },
    );
    await policy.act(aTurn());
    const [first = 0, second = 0, third = 0] = requests().map((request) => request.at);
    expect(second - first).toBeGreaterThanOrEqual(145);
    expect(third - second).toBeGreaterThanOrEqual(195);
    expect(third - first).toBeLessThan(2000);
  });

  it.each(["3600", new Date(Date.now() + 3_600_000).toUTCString()])(
    "does not wait an hour, asked by %j",
    async (retryAfter) => {
      const policy = await endpoint([{ fault: "rate-limit", retryAfter }]);
      await expect(policy.act(aTurn())).rejects.toMatchObject({ code: "rate_limited", retryable: true });
      expect(requests()).toHaveLength(1);
    },
  );

  it("asks again, twice, when no action can be read, and counts all tokens", async () => {
    const policy = await endpoint([{ reply: "Hm." }, { reply: "" }, good]);
    expect(await policy.act(aTurn())).toMatchObject({
      ...read,
      usage: { promptTokens: 30, completionTokens: 9 },
    });
    const said = requests().map((request) => request.body.messages.map((message) => message.role).slice(1));
    expect(said).toEqual([["user"], ["user", "assistant", "user"], ["user", "assistant", "user", "user"]]);
  });

  it("calls a reply bad after that", async () => {
    const policy = await endpoint([{ reply: "Hm." }]);
    await expect(policy.act(aTurn())).rejects.toMatchObject({ code: "bad_reply" });
    expect(requests()).toHaveLength(3);
  });

  it.each([
    ["during a call", { fault: "silence" } as const, {}],
    ["between two calls", { fault: "status", status: 500 } as const, { backoffMs: 30_000 }],
  ])("stops at once when aborted %s", async (_name, fault, config) => {
    const policy = await endpoint([fault], { timeoutMs: 20_000, ...config });
    const controller = new AbortController();
    setTimeout(() => controller.abort(new Error("cancelled")), 60);
    const began = performance.now();
    await expect(policy.act(aTurn({ signal: controller.signal }))).rejects.toThrow("cancelled");
    expect(performance.now() - began).toBeLessThan(2000);
    expect(requests()).toHaveLength(1);
  });

  it.each([
    "ftp://h/v1",
    "file:///etc/passwd",
    "http://u:p@h/v1",
    "http://169.254.169.254/latest",
    "http://[::ffff:169.254.169.254]/",
    "http://2852039166/",
    "nonsense",
  ])("does not connect to %s", (baseURL) => {
    expect(() => connectPolicy("openai", { baseURL, model: "m" }, null)).toThrowError(/baseURL/);
    const further = { baseURL: "http://h/v1", replicas: [baseURL], model: "m" };
    expect(() => connectPolicy("openai", further, null)).toThrowError(/replicas/);
  });

  it("names every server once, and is the same checkpoint wherever it is served", () => {
    const at = (...replicas: string[]) => ({ baseURL: "http://h/v1", replicas, model: "m" });
    expect(() => connectPolicy("openai", at("http://g/v1", "http://h/v1/"), null)).toThrowError(/twice/);
    expect(connectPolicy("openai", at("http://g/v1"), null).checkpoint).toBe("m");
  });

  it("works without a key", async () => {
    server = await startOpenAIServer([good]);
    const policy = connectPolicy("openai", { baseURL: server.baseURL, model: "m" }, null);
    expect(await policy.act(aTurn())).toMatchObject(read);
  });
});

/** The share of evenly spaced subtasks a policy solves from their start. */
async function solvedRate(environment: Environment, policy: Policy, count: number): Promise<number> {
  const subtasks = await environment.subtasks();
  let solved = 0;
  for (let n = 0; n < count; n += 1) {
    const subtask = subtasks[Math.floor((n * subtasks.length) / count)];
    if (subtask === undefined) throw new Error(`the shop has only ${subtasks.length} subtasks`);
    const { subtaskKey, instruction } = subtask;
    const episode = await environment.open(subtaskKey);
    const conversation = { driverId: "webshop", instruction, opening: [] };
    const history: Step[] = [];
    let seen = { ...episode.start, reward: 0, done: false };
    for (let t = 0; t < 15 && !seen.done; t += 1) {
      const seed = seedOf(0, subtaskKey, { stateIndex: 0, attempt: 0 }, t);
      const { thought, action } = await policy.act(aTurn({ conversation, history, observation: seen, seed }));
      history.push({ observation: seen.text, thought, action, reward: null, messages: null });
      seen = await episode.step(action);
    }
    if (seen.reward >= 1) solved += 1;
  }
  return solved / count;
}

const shop1k = "../shared/data/webshop-1k";
const absent = !existsSync(shop1k);
const catalogues = {
  "the built-in catalogue": { kind: "built-in" },
  [`WebShop's 1,000 products${absent ? " (skipped: ../shared/data is absent)" : ""}`]: {
    kind: "files",
    items: `${shop1k}/items_shuffle_1000.json`,
    instructions: `${shop1k}/items_ins_v2_1000.json`,
    nouns: `${shop1k}/product_nouns_nltk.json`,
  },
};

describe.each(Object.entries(catalogues))("on %s", (_name, catalogue) => {
  it.skipIf(absent && catalogue.kind === "files")("the shoppers are as good as their names say", async () => {
    const environment = await webshop.connect(webshop.Config.parse({ catalogue }));
    const strong = await solvedRate(environment, connectPolicy("shopper-strong", {}, null), 200);
    const weak = await solvedRate(environment, connectPolicy("shopper-weak", {}, null), 200);
    expect(strong).toBeGreaterThanOrEqual(0.55);
    expect(strong).toBeLessThanOrEqual(0.75);
    expect(weak).toBeGreaterThanOrEqual(0.25);
    expect(weak).toBeLessThanOrEqual(0.45);
  });
});
