import { afterEach, expect, it } from "vitest";
import { cancelTraining } from "@/lib/usecases/trainings";
import { brokenRules, useStore } from "../support/store";
import { startTogetherServer, type TogetherServer } from "../support/together-server";
import { mishaps, once } from "../support/trainer-server";
import { aDataset, useTraining } from "../support/training";

const db = useStore();
const training = useTraining(db);
const servers: TogetherServer[] = [];
const get = (trainingId: number) => db.store.trainings.get(trainingId);
const told = async (trainingId: number) => (await db.store.trainings.events(trainingId, null, 200)).rows;

async function serve(options: Parameters<typeof startTogetherServer>[0] = {}): Promise<TogetherServer> {
  const server = await startTogetherServer(options);
  servers.push(server);
  return server;
}
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

it("goes the whole way: files in its dialect, job, events, checkpoint, policy", async () => {
  const server = await serve();
  const { providerId } = await training.provider("together", { baseURL: server.baseURL }, "tg-hidden");
  const dataset = await aDataset(db.store, 12, true);
  const settings = {
    ...{ suffix: "gleaned", seed: 7, epochs: 2, batchSize: 8, learningRate: 0.00002 },
    extra: { n_evals: 3 },
  };
  const { trainingId, key } = await training.start(providerId, { datasetId: dataset.datasetId, settings });
  await training.look(trainingId);
  expect(await get(trainingId)).toMatchObject({ state: "running", remoteId: "ft-1", phase: "pending" });
  expect(server.files.map(({ filename, purpose }) => [filename, purpose])).toEqual([
    [`gleaner-${key}-train.jsonl`, "fine-tune"],
    [`gleaner-${key}-validation.jsonl`, "fine-tune"],
  ]);
  const [row] = server.files[0]?.content.trim().split("\n") ?? [];
  expect(JSON.parse(row ?? "")).toMatchObject({ messages: [{}, {}, { role: "assistant", weight: 1 }] });
  expect(server.jobs[0]?.body).toEqual({
    ...{ model: "small-1", training_file: "file-1", validation_file: "file-2", suffix: "gleaned" },
    ...{ random_seed: 7, n_epochs: 2, batch_size: 8, learning_rate: 0.00002, n_evals: 3 },
  });
  expect(new Set(server.asked.map(({ authorization }) => authorization))).toEqual(
    new Set(["Bearer tg-hidden"]),
  );
  server.move("running", { step: 3, total_steps: 10, level: "warning", message: "slow" });
  await training.until(trainingId, 1);
  await training.until(trainingId, 1);
  expect(await get(trainingId)).toMatchObject({ state: "running", totalSteps: 10, checkpoint: null });
  server.move("completed");
  const done = await training.until(trainingId);
  expect(done).toMatchObject({ state: "succeeded", checkpoint: "me/small-1-1", policy: "me/small-1-1" });
  const events = await told(trainingId);
  expect(events.filter(({ message }) => message === "slow")).toMatchObject([{ level: "warn", step: 3 }]);
  expect(events.filter(({ message }) => message === "it is completed")).toHaveLength(1);
  const policy = await db.store.policies.get(done.policyId ?? 0);
  expect(policy.config).toMatchObject({ baseURL: server.baseURL, model: "me/small-1-1" });
  expect(await db.store.policies.secret(policy.policyId)).toBe("tg-hidden");
  expect(await brokenRules(db.query)).toEqual({});
});

it.each(mishaps)("uploads and begins once where there is %s", async (_, fault) => {
  for (const route of [/\/files\/upload$/, /\/fine-tunes$/]) {
    const server = await serve({ fault: once(route, fault) });
    const { providerId } = await training.provider("together", { baseURL: server.baseURL });
    const { trainingId } = await training.start(providerId);
    await training.look(trainingId);
    expect(await get(trainingId)).toMatchObject({ state: "uploading", remoteId: null });
    await training.until(trainingId, 3);
    expect(await get(trainingId)).toMatchObject({ state: "running", remoteId: "ft-1", trainFile: "file-1" });
    expect([server.files.length, server.jobs.length]).toEqual([1, 1]);
  }
});

it("is followed on where looking at the job fails for a while", async () => {
  let faults = 0;
  const server = await serve({
    fault: ({ method }) => (method === "GET" && faults-- > 0 ? { fault: "status", status: 503 } : null),
  });
  const { providerId } = await training.provider("together", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  faults = 2;
  await training.until(trainingId, 2);
  expect(await get(trainingId)).toMatchObject({ state: "running" });
  server.move("completed");
  expect(await training.until(trainingId)).toMatchObject({ state: "succeeded" });
});

it("says why a job failed, and why a request was refused", async () => {
  const server = await serve();
  const { providerId } = await training.provider("together", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  server.move("error", { level: "error", message: "a line has no messages" });
  expect(await training.until(trainingId)).toMatchObject({
    ...{
      state: "failed",
      errorCode: "training_failed",
      errorMessage: "a line has no messages",
      policyId: null,
    },
  });
  const locked = await serve({ fault: () => ({ fault: "status", status: 401 }) });
  const { providerId: other } = await training.provider("together", { baseURL: locked.baseURL }, "tg-wrong");
  const refused = await training.until((await training.start(other)).trainingId);
  expect(refused).toMatchObject({ state: "failed", errorCode: "endpoint_rejected" });
  expect(refused.errorMessage).not.toContain("tg-wrong");
});

it("is cancelled at the provider", async () => {
  const server = await serve();
  const { providerId } = await training.provider("together", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  await cancelTraining({ store: db.store, queue: training.queue }, trainingId);
  expect(await training.until(trainingId)).toMatchObject({ state: "cancelled", policyId: null });
  expect(server.jobs.map(({ status }) => status)).toEqual(["cancelled"]);
});
