import { existsSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { startWorker } from "@/lib/jobs/start-worker";
import { policies } from "@/lib/policies/registry";
import { cancelTraining, trainingView } from "@/lib/usecases/trainings";
import type { Fault } from "../support/fine-tune-server";
import { brokenRules, useStore } from "../support/store";
import { aDataset, useTraining } from "../support/training";

const db = useStore();
const training = useTraining(db);
const get = (trainingId: number) => db.store.trainings.get(trainingId);
const messages = async (trainingId: number) =>
  (await db.store.trainings.events(trainingId, null, 200)).rows.map(({ message }) => message);

it("goes the whole way: files, job, losses, checkpoint, policy", async () => {
  const server = await training.server();
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL }, "sk-hidden");
  const dataset = await aDataset(db.store, 12, true);
  const settings = { suffix: "gleaned", seed: 7, epochs: 2, batchSize: 4, learningRate: 0.5 };
  const { trainingId, key } = await training.start(providerId, { datasetId: dataset.datasetId, settings });
  expect(training.sent).toContainEqual({ trainingId });

  await training.look(trainingId);
  expect(await get(trainingId)).toMatchObject({
    state: "running",
    remoteId: "ftjob-1",
    phase: "validating files",
  });
  expect(server.files.map(({ filename }) => filename)).toEqual([
    `gleaner-${key}-train.jsonl`,
    `gleaner-${key}-validation.jsonl`,
  ]);
  const lines = server.files.map(({ content }) => content.trim().split("\n"));
  expect(lines.map((each) => each.length)).toEqual([8, 4]);
  expect(JSON.parse(lines[0]?.[0] ?? "")).toMatchObject({
    messages: [{}, {}, { role: "assistant", weight: 1 }],
  });
  expect(server.jobs[0]?.body).toEqual({
    ...{ model: "small-1", training_file: "file-1", validation_file: "file-2", suffix: "gleaned", seed: 7 },
    method: {
      type: "supervised",
      supervised: { hyperparameters: { n_epochs: 2, batch_size: 4, learning_rate_multiplier: 0.5 } },
    },
    metadata: { gleaner_training: key, dataset: dataset.name, dataset_sha256: dataset.contentHash },
  });
  expect(new Set(server.asked.map(({ authorization }) => authorization))).toEqual(
    new Set(["Bearer sk-hidden"]),
  );

  server.move("running", { steps: 6 });
  await training.until(trainingId, 1);
  await training.until(trainingId, 1);
  expect(await get(trainingId)).toMatchObject({ state: "running", step: 6, totalSteps: 10 });
  server.move("succeeded", { steps: 10, model: "ft:small-1:gleaned" });
  server.checkpoint(10);
  const done = await training.until(trainingId);
  expect(done).toMatchObject({
    state: "succeeded",
    checkpoint: "ft:small-1:gleaned",
    policy: "ft:small-1:gleaned",
  });

  const { losses } = await trainingView(db, trainingId);
  expect(losses.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(losses[4]).toEqual({ step: 5, loss: 0.4, validLoss: 0.6 });
  expect(losses[9]).toEqual({ step: 10, loss: 0.2, validLoss: 0.5 });
  const policy = await db.store.policies.get(done.policyId ?? 0);
  expect(policy).toMatchObject({ kind: "openai", hasSecret: true });
  expect(policy.config).toMatchObject({ baseURL: server.baseURL, model: "ft:small-1:gleaned" });
  expect(await db.store.policies.secret(policy.policyId)).toBe("sk-hidden");
  expect(existsSync(path.join(training.data, "trainings", key))).toBe(false);
  expect(await brokenRules(db.query)).toEqual({});
});

it.each([
  [
    "method",
    "multiplier",
    {
      method: {
        type: "supervised",
        supervised: { hyperparameters: { n_epochs: 3, learning_rate_multiplier: 2, lora: true } },
      },
    },
  ],
  ["top-level", "rate", { hyperparameters: { n_epochs: 3, learning_rate: 2, lora: true } }],
])("says hyperparameters in the style %s, with a %s", async (hyperparameterStyle, learningRate, expected) => {
  const server = await training.server();
  const config = { baseURL: server.baseURL, hyperparameterStyle, learningRate };
  const { providerId } = await training.provider("openai", config);
  const settings = { epochs: 3, learningRate: 2, extra: { lora: true } };
  const { trainingId } = await training.start(providerId, { settings });
  await training.look(trainingId);
  expect(server.jobs[0]?.body).toMatchObject(expected);
  expect(server.jobs[0]?.body).not.toHaveProperty(
    hyperparameterStyle === "method" ? "hyperparameters" : "method",
  );
  expect(server.jobs[0]?.body).not.toHaveProperty("validation_file");
});

const once = (path: string, fault: Fault) => {
  let left = 1;
  return ({ method, path: asked }: { method: string; path: string }) =>
    method === "POST" && asked === path && left-- > 0 ? fault : null;
};

it.each<[string, Fault]>([
  ["429", { fault: "status", status: 429, retryAfter: "0" }],
  ["500", { fault: "status", status: 500 }],
  ["a cut connection", { fault: "cut" }],
  ["a lost answer", { fault: "lost" }],
])("uploads and begins once where there is %s", async (_, fault) => {
  for (const route of ["/v1/files", "/v1/fine_tuning/jobs"]) {
    const server = await training.server({ fault: once(route, fault) });
    const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
    const { trainingId } = await training.start(providerId);
    await training.look(trainingId);
    expect(await get(trainingId)).toMatchObject({ state: "uploading", remoteId: null });
    await training.until(trainingId, 3);
    expect(await get(trainingId)).toMatchObject({
      state: "running",
      remoteId: "ftjob-1",
      trainFile: "file-1",
    });
    expect([server.files.length, server.jobs.length]).toEqual([1, 1]);
    expect((await messages(trainingId)).join("\n")).toContain("it is tried again");
  }
});

it("waits as long as the provider asks, and doubles its own wait", async () => {
  const server = await training.server({
    fault: () => ({ fault: "status", status: 429, retryAfter: "120" }),
  });
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL, pollMs: 1000 });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  const [row] = await db.query(
    "select extract(epoch from look_at - now()) as wait from training where id = $1",
    [trainingId],
  );
  expect(Number(row?.wait)).toBeGreaterThan(115);
  expect(await db.store.trainings.waiting(100)).not.toContain(trainingId);
});

it("does not guess where an answer was lost and nothing can be listed", async () => {
  const server = await training.server({
    lists: false,
    fault: once("/v1/fine_tuning/jobs", { fault: "lost" }),
  });
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  const row = await training.until(trainingId);
  expect(row).toMatchObject({ state: "failed", errorCode: "conflict" });
  expect(row.errorMessage).toContain("look at the provider’s own pages");
  expect(server.jobs).toHaveLength(1);
});

it("says why a job failed, and why a request was refused", async () => {
  const server = await training.server();
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  server.move("failed", { error: "the file has too few examples" });
  expect(await training.until(trainingId)).toMatchObject({
    ...{
      state: "failed",
      errorCode: "training_failed",
      errorMessage: "the file has too few examples",
      policyId: null,
    },
  });
  const locked = await training.server({ fault: () => ({ fault: "status", status: 401 }) });
  const { providerId: other } = await training.provider("openai", { baseURL: locked.baseURL }, "sk-wrong");
  const refused = await training.until((await training.start(other)).trainingId);
  expect(refused).toMatchObject({ state: "failed", errorCode: "endpoint_rejected" });
  expect(refused.errorMessage).toContain("check the provider’s key");
  expect(refused.errorMessage).not.toContain("sk-wrong");
});

it("is cancelled at the provider, and before anything was begun without it", async () => {
  const server = await training.server();
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
  const queued = await training.start(providerId);
  await cancelTraining({ store: db.store, queue: training.queue }, queued.trainingId);
  expect(await get(queued.trainingId)).toMatchObject({ state: "cancelled" });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  await cancelTraining({ store: db.store, queue: training.queue }, trainingId);
  expect(await get(trainingId)).toMatchObject({ state: "running", cancelAsked: true });
  expect(await training.until(trainingId)).toMatchObject({ state: "cancelled", policyId: null });
  expect(server.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
  await expect(cancelTraining({ store: db.store, queue: training.queue }, trainingId)).rejects.toMatchObject({
    code: "conflict",
  });
});

it("keeps somebody’s own policy of the checkpoint’s name, and its provider while it is open", async () => {
  const server = await training.server();
  const own = { name: "ft:mine", kind: "shopper-weak", config: {} };
  await db.store.policies.put(own);
  const { providerId, name } = await training.provider("openai", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  const put = { name, kind: "openai", config: { baseURL: "http://127.0.0.1:9/v1" } } as const;
  await expect(db.store.trainings.putProvider(put)).rejects.toMatchObject({ code: "conflict" });
  server.move("succeeded", { model: "ft:mine" });
  expect(await training.until(trainingId)).toMatchObject({ policy: `ft:mine (training ${trainingId})` });
  expect((await db.store.policies.list()).find((row) => row.name === "ft:mine")).toMatchObject(own);
  await expect(db.store.trainings.putProvider(put)).resolves.toMatchObject({ name });
});

it("is seen through by the workers’ sweep, slow answers and all", async () => {
  const server = await training.server({
    fault: ({ method }) => (method === "POST" ? { fault: "slow", ms: 300 } : null),
  });
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  const given = {
    databaseUrl: db.url,
    environments: {},
    policies,
    concurrency: 2,
    leaseMs: 3000,
    sweepMs: 100,
  };
  const worker = await startWorker({ ...given, log: () => {} });
  try {
    await expect.poll(async () => (await get(trainingId)).state, { timeout: 20_000 }).toBe("running");
    server.move("succeeded", { steps: 3, model: "ft:swept" });
    await expect.poll(async () => (await get(trainingId)).state, { timeout: 20_000 }).toBe("succeeded");
  } finally {
    await worker.stop();
  }
  expect([server.files.length, server.jobs.length]).toEqual([1, 1]);
});
