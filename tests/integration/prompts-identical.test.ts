import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Store } from "@/lib/core/store";
import { seedOf } from "@/lib/core/plan";
import { environments } from "@/lib/environments/registry";
import { mineHere } from "@/lib/jobs/mine-here";
import { policies } from "@/lib/policies/registry";
import { createStore } from "@/lib/store/store";
import type { Deps } from "@/lib/usecases/deps";
import { putEnvironment } from "@/lib/usecases/environments";
import { putPolicy } from "@/lib/usecases/policies";
import { RunInput, startRun } from "@/lib/usecases/runs";
import { Filter } from "@/lib/usecases/selection";
import { collect } from "../support/collecting";
import { createTestDatabase, type TestDatabase } from "../support/database";
import { startLoggedModel } from "../support/logged-model";

const STATES = 3;
const ATTEMPTS = 3;
const MAX_STEPS = 5;
const never = new AbortController().signal;

/** Everything of a request before what may differ between two calls about the same prompt. */
const beginning = (text: string) => text.replace(/\],"seed":\d+\}$/, "");

type Asked = { trajectory: number; stateIndex: number; attempt: number; index: number; text: string };

describe("the requests of mining", () => {
  let database: TestDatabase;
  let store: Store;
  const asked: Asked[] = [];

  /** Mines with some workers at once; what they ask is added to `asked`. */
  async function mine(deps: Deps, personId: number, environmentId: number, workers: number) {
    const model = await startLoggedModel(1, 3);
    const [baseURL] = model.urls;
    const policy = await putPolicy(deps, { name: "m", kind: "openai", config: { baseURL, model: "m" } });
    const filter = Filter.parse({ source: "expert", success: false, environmentId });
    const plan = { states: STATES, attempts: ATTEMPTS, maxSteps: MAX_STEPS };
    const input = RunInput.parse({ policyId: policy.policyId, selection: { filter }, config: plan });
    const { runId } = await startRun(deps, personId, input);
    await Promise.all(Array.from({ length: workers }, () => mineHere(deps, runId, never, () => {})));
    await model.close();
    expect((await store.runs.progress(runId)).rollouts).toMatchObject({ queued: 0, running: 0 });
    const bySeed = new Map<number, Omit<Asked, "text">>();
    for (const id of await store.runs.trajectoryIds(runId, ["done", "errored"])) {
      const { contentHash, steps } = await store.trajectories.get(id);
      for (let stateIndex = 0; stateIndex < steps.length; stateIndex++)
        for (let attempt = 0; attempt < ATTEMPTS; attempt++)
          for (let index = 0; index < MAX_STEPS; index++) {
            const seed = seedOf(0, contentHash, { stateIndex, attempt }, index);
            bySeed.set(seed, { trajectory: id, stateIndex, attempt, index });
          }
    }
    for (const { seed, text } of model.calls) {
      const label = bySeed.get(seed);
      if (!label) throw new Error(`nobody asks with seed ${seed}`);
      asked.push({ ...label, text });
    }
  }

  beforeAll(async () => {
    database = await createTestDatabase();
    store = createStore(database.url);
    const deps: Deps = { store, queue: { send: () => Promise.resolve() }, environments, policies };
    const { personId } = await store.people.ensure("ada");
    const expert = await putPolicy(deps, { name: "expert", kind: "shopper-strong", config: {} });
    const shop = { name: "shop", driver: "webshop", config: { catalogue: { kind: "built-in" } } };
    const { environmentId } = await putEnvironment(deps, shop);
    await collect(deps, personId, { environmentId, policyId: expert.policyId, choice: { count: 12 } });
    await mine(deps, personId, environmentId, 1);
    await mine(deps, personId, environmentId, 3);
  });
  afterAll(async () => {
    await store?.close();
    await database?.drop();
  });

  it("are the same bytes for the same state, whoever asks, whenever, in whichever run", () => {
    const texts = new Map<string, Set<string>>();
    const times = new Map<string, number>();
    for (const { trajectory, stateIndex, index, text } of asked.filter((each) => each.index === 0)) {
      const key = [trajectory, stateIndex, index].join("/");
      texts.set(key, (texts.get(key) ?? new Set()).add(beginning(text)));
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    expect(texts.size).toBeGreaterThan(5);
    for (const [key, same] of texts) {
      expect(times.get(key), key).toBe(2 * ATTEMPTS);
      expect(same.size, key).toBe(1);
    }
  });

  it("begin with settings that never change, and name no run, worker or time", () => {
    const [first] = asked;
    const head = first?.text.slice(0, first.text.indexOf('"messages"'));
    expect(head).toBe('{"model":"m","temperature":0.7,"max_tokens":512,');
    for (const { text } of asked) {
      expect(text.startsWith(`${head}"messages":[`)).toBe(true);
      expect(beginning(text)).not.toBe(text);
      expect(Object.keys(JSON.parse(text))).toEqual([
        ...["model", "temperature", "max_tokens", "messages", "seed"],
      ]);
    }
  });

  it("grow by what was said since, byte by byte, within a rollout and from state to state", () => {
    const named = new Map(
      asked.map((each) => [
        [each.trajectory, each.stateIndex, each.attempt, each.index].join("/"),
        each.text,
      ]),
    );
    let grown = 0;
    for (const { trajectory, stateIndex, attempt, index, text } of asked) {
      const before = named.get([trajectory, stateIndex, attempt, index - 1].join("/"));
      if (index === 0 || before === undefined) continue;
      expect(text.startsWith(`${beginning(before)},{"role":"assistant"`)).toBe(true);
      grown += 1;
    }
    expect(grown).toBeGreaterThan(20);
    const starts = asked.filter(({ index }) => index === 0);
    for (const { trajectory, stateIndex, text } of starts)
      for (const later of starts.filter(
        (each) => each.trajectory === trajectory && each.stateIndex > stateIndex,
      ))
        expect(later.text.startsWith(beginning(text))).toBe(true);
  });
});
