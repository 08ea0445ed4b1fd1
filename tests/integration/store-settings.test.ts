import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { trajectories } from "../support/factories";
import type { Store } from "@/lib/core/store";
import { useStore } from "../support/store";

const db = useStore();
const key = () => randomBytes(32).toString("base64url");

beforeEach(() => vi.stubEnv("GLEANER_SECRET", key()));
afterEach(() => vi.unstubAllEnvs());

describe("people", () => {
  it("are made once per name, also by many at once", async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => db.store.people.ensure("Grace")));
    expect(new Set(people.map((p) => p.personId)).size).toBe(1);
    expect(people[0]).toMatchObject({ name: "Grace" });
  });
});

describe("environments", () => {
  const shop = {
    name: "shop",
    driver: "webshop",
    config: { path: "x" },
    fingerprint: "f",
    successThreshold: 0.9,
  };

  const about = {
    capabilities: { concurrentEpisodes: 1, successThreshold: 0.9, maxSteps: null },
    facts: [{ name: "catalogue", value: "x" }],
    caveats: [],
    ownOpening: false,
    subtasks: 2,
    splits: null,
    taskTypes: 0,
  };

  it("are changed by name, and seen with how many trajectories they have", async () => {
    const made = await db.store.environments.put(shop, about);
    await db.store.trajectories.add(trajectories(3, { environment: "shop" }), null);
    await db.store.trajectories.add(trajectories(2, { environment: "unheard of" }, 50), null);
    const changed = await db.store.environments.put({ ...shop, driver: null, config: {} }, null);
    const unknown = { about: null, checkedAt: null, checkError: null };
    expect(made).toMatchObject({ about, checkError: null, checkedAt: expect.any(Date) });
    expect(changed).toEqual({
      ...shop,
      ...unknown,
      driver: null,
      config: {},
      environmentId: made.environmentId,
    });
    const broken = { code: "environment_unavailable", message: "nobody answers", fix: null };
    await db.store.environments.noteCheckError(made.environmentId, broken);
    expect(await db.store.environments.get(made.environmentId)).toMatchObject({ checkError: broken });
    await db.store.environments.put({ ...shop, driver: null, config: {} }, null);
    expect(await db.store.environments.get(made.environmentId)).toEqual(changed);
    const list = await db.store.environments.list();
    expect(list.map((e) => [e.name, e.driver, e.trajectories])).toEqual([
      ["shop", null, 3],
      ["unheard of", null, 2],
    ]);
    await expect(db.store.environments.get(999_999)).rejects.toMatchObject({ code: "not_found" });
  });

  it("list subtasks in their own order, by kind and split, and drop the place of what is gone", async () => {
    const { environmentId } = await db.store.environments.put({ ...shop, name: "ordered" }, about);
    const task = (subtaskKey: string, taskType: string, split: "train" | "test") => ({
      ...{ subtaskKey, taskType, split, instruction: `Do ${subtaskKey}.`, bestReward: 0.5 },
    });
    const tasks = [task("z", "boil", "train"), task("a", "melt", "test"), task("m", "boil", "test")];
    await db.store.environments.putSubtasks(environmentId, tasks);
    const draft = { environment: "ordered", subtaskKey: "a", success: true, reward: 1 };
    await db.store.trajectories.add(trajectories(1, draft, 900), null);
    const any = { taskType: null, split: null };
    const keys = async (filter: Parameters<Store["environments"]["subtasks"]>[1], limit = 10) => {
      const first = await db.store.environments.subtasks(environmentId, filter, null, limit);
      if (first.next === null) return first.rows.map((row) => row.subtaskKey);
      const rest = await db.store.environments.subtasks(environmentId, filter, first.next, 10);
      return [...first.rows, ...rest.rows].map((row) => row.subtaskKey);
    };
    expect(await keys(any)).toEqual(["z", "a", "m"]);
    expect(await keys(any, 1)).toEqual(["z", "a", "m"]);
    expect(await keys({ taskType: "boil", split: null })).toEqual(["z", "m"]);
    expect(await keys({ taskType: "boil", split: "test" })).toEqual(["m"]);
    const { rows } = await db.store.environments.subtasks(environmentId, any, null, 10);
    expect(rows[1]).toMatchObject({ subtaskKey: "a", trajectories: 1, solved: 1, bestReward: 0.5 });
    expect(await db.store.environments.taskTypes(environmentId)).toEqual([
      { taskType: "boil", subtasks: 2, bestReward: 0.5, trajectories: 0, failures: 0 },
      { taskType: "melt", subtasks: 1, bestReward: 0.5, trajectories: 1, failures: 0 },
    ]);
    await db.store.environments.putSubtasks(environmentId, tasks.slice(1));
    expect(await keys(any)).toEqual(["a", "m", "z"]);
  });

  it("take subtasks, the last of a key, and learn their best reward", async () => {
    const { environmentId } = await db.store.environments.put(shop, about);
    const tasks = Array.from({ length: 6000 }, (_, i) => ({
      subtaskKey: `t${i}`,
      instruction: `Task ${i}.`,
      bestReward: null,
      taskType: null,
      split: null,
    }));
    await db.store.environments.putSubtasks(environmentId, tasks);
    const best = [0.5, 1].map((bestReward) => ({ ...tasks[0]!, bestReward }));
    await db.store.environments.putSubtasks(environmentId, best);
    const rows = await db.query(
      "select count(*)::int as n, max(best_reward) as best from subtask where environment_id = $1 and subtask_key like 't%'",
      [environmentId],
    );
    expect(rows).toEqual([{ n: 6000, best: 1 }]);
    await expect(db.store.environments.putSubtasks(999_999, [])).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("policies", () => {
  const endpoint = { name: "endpoint", kind: "openai", config: { model: "m" } };
  const stored = async () => (await db.query("select secret from policy where name = 'endpoint'"))[0]?.secret;

  it("keep their secret to themselves, encrypted", async () => {
    const policy = await db.store.policies.put({ ...endpoint, secret: "sk-very-secret" });
    expect(policy).toEqual({ ...endpoint, policyId: policy.policyId, hasSecret: true });
    expect(await db.store.policies.list()).toEqual([policy]);
    expect(await stored()).not.toContain("very");
    expect(await db.store.policies.secret(policy.policyId)).toBe("sk-very-secret");
    const first = await stored();
    await db.store.policies.put({ ...endpoint, secret: "sk-very-secret" });
    expect(await stored()).not.toBe(first);
    expect((await db.store.policies.put({ ...endpoint, config: {} })).hasSecret).toBe(true);
    expect(await db.store.policies.secret(policy.policyId)).toBe("sk-very-secret");
    expect((await db.store.policies.put({ ...endpoint, secret: null })).hasSecret).toBe(false);
    expect(await db.store.policies.secret(policy.policyId)).toBeNull();
  });

  it("say what to do when the key is another one, the ciphertext was moved or changed, or no key is set", async () => {
    const { policyId } = await db.store.policies.put({ ...endpoint, secret: "one" });
    const other = await db.store.policies.put({ ...endpoint, name: "other", secret: "two" });
    const ciphertext = String(await stored());
    await db.query("update policy set secret = $1 where name = 'other'", [ciphertext]);
    const secret = (id: number) => db.store.policies.secret(id);
    await expect(secret(other.policyId)).rejects.toMatchObject({
      code: "invalid_input",
      fix: expect.any(String),
    });
    const flipped = ciphertext.slice(0, -2) + (ciphertext.endsWith("AA") ? "BB" : "AA");
    await db.query("update policy set secret = $1 where name = 'endpoint'", [flipped]);
    await expect(secret(policyId)).rejects.toMatchObject({ message: expect.stringContaining("damaged") });
    await db.query("update policy set secret = 'short.AAAA' where name = 'other'");
    await expect(secret(other.policyId)).rejects.toMatchObject({ code: "invalid_input" });
    await db.query("update policy set secret = $1 where name = 'endpoint'", [ciphertext]);
    vi.stubEnv("GLEANER_SECRET", key());
    await expect(secret(policyId)).rejects.toMatchObject({
      message: expect.stringContaining("another GLEANER_SECRET"),
    });
    vi.stubEnv("GLEANER_SECRET", "");
    for (const ask of [() => secret(policyId), () => db.store.policies.put({ ...endpoint, secret: "three" })])
      await expect(ask()).rejects.toMatchObject({
        code: "invalid_input",
        message: expect.stringContaining("GLEANER_SECRET is not set"),
        fix: expect.stringContaining("npm start"),
      });
    vi.stubEnv("GLEANER_SECRET", "too-short");
    await expect(secret(policyId)).rejects.toMatchObject({
      message: expect.not.stringContaining("too-short"),
    });
    await expect(db.store.policies.get(999_999)).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("imports", () => {
  it("are kept with how far they are and every line they rejected", async () => {
    const { personId } = await db.store.people.ensure("Ada");
    const file = { kind: "trajectories" as const, fileName: "a \0 b.jsonl", format: null, personId };
    const made = await db.store.imports.create({ ...file, defaults: { source: "expert" } });
    expect(made).toMatchObject({ fileName: "a ␀ b.jsonl", state: "storing", records: 0, createdBy: "Ada" });
    const rejections = Array.from({ length: 5 }, (_, i) => ({
      line: i + 1,
      byteOffset: 5_000_000_000 + i,
      reason: "bad",
      sample: "half \ud800 and \0",
    }));
    await db.store.imports.reject(made.importId, rejections);
    await db.store.imports.update(made.importId, {
      rejected: 5,
      state: "failed",
      error: "odd \0",
      finishedAt: new Date(),
    });
    const row = await db.store.imports.get(made.importId);
    expect(row).toMatchObject({ rejected: 5, state: "failed", error: "odd ␀", records: 0 });
    const first = await db.store.imports.rejections(made.importId, null, 3);
    const second = await db.store.imports.rejections(made.importId, first.next, 3);
    expect([...first.rows, ...second.rows]).toEqual(
      rejections.map((r) => ({ ...r, sample: "half \ufffd and ␀" })),
    );
    expect(second.next).toBeNull();
    expect((await db.store.imports.list(null, 1)).rows).toEqual([row]);
  });

  it("must exist, and be someone's", async () => {
    const file = { kind: "evidence" as const, fileName: "f", format: null, defaults: {} };
    const nobody = db.store.imports.create({ ...file, personId: 999_999 });
    await expect(nobody).rejects.toMatchObject({ code: "not_found" });
    const rejection = { line: 1, byteOffset: 0, reason: "", sample: "" };
    for (const ask of [
      () => db.store.imports.get(999_999),
      () => db.store.imports.update(999_999, { stored: 1 }),
      () => db.store.imports.reject(999_999, [rejection]),
      () => db.store.imports.rejections(999_999, null, 1),
    ])
      await expect(ask()).rejects.toMatchObject({ code: "not_found" });
  });
});
