import { afterEach, expect, it } from "vitest";
import { cancelTraining } from "@/lib/usecases/trainings";
import { startFireworksServer, type FireworksServer } from "../support/fireworks-server";
import { brokenRules, useStore } from "../support/store";
import { mishaps, once } from "../support/trainer-server";
import { aDataset, useTraining } from "../support/training";

const db = useStore();
const training = useTraining(db);
const servers: FireworksServer[] = [];
const get = (trainingId: number) => db.store.trainings.get(trainingId);

async function serve(options: Parameters<typeof startFireworksServer>[0] = {}): Promise<FireworksServer> {
  const server = await startFireworksServer(options);
  servers.push(server);
  return server;
}
const providerAt = ({ baseURL }: FireworksServer, change: object = {}, secret?: string) =>
  training.provider("fireworks", { baseURL, accountId: "me", ...change }, secret);
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

it("goes the whole way: datasets in its dialect, job, progress, checkpoint, policy", async () => {
  const server = await serve({ looks: 1 });
  const { providerId } = await providerAt(server, { servedAt: server.baseURL }, "fw-hidden");
  const dataset = await aDataset(db.store, 12, true);
  const settings = {
    ...{ model: "accounts/fireworks/models/small", suffix: "gleaned", epochs: 2, batchSize: 8 },
    ...{ learningRate: 0.0001, extra: { loraRank: 16 } },
  };
  const { trainingId, key } = await training.start(providerId, { datasetId: dataset.datasetId, settings });
  await training.until(trainingId, 4);
  const remoteId = `accounts/me/supervisedFineTuningJobs/gleaner-${key}`;
  expect(await get(trainingId)).toMatchObject({ state: "running", remoteId, phase: "creating" });
  expect([...server.datasets.keys()]).toEqual([`gleaner-${key}-train`, `gleaner-${key}-validation`]);
  const lines = [...server.datasets.values()].map(({ content }) => content?.trim().split("\n") ?? []);
  expect(lines.map((each) => each.length)).toEqual([8, 4]);
  expect(JSON.parse(lines[0]?.[0] ?? "")).toMatchObject({
    messages: [{}, {}, { role: "assistant", weight: 1 }],
  });
  expect(server.jobs[0]?.body).toEqual({
    ...{ dataset: `accounts/me/datasets/gleaner-${key}-train`, baseModel: settings.model },
    evaluationDataset: `accounts/me/datasets/gleaner-${key}-validation`,
    displayName: `gleaned ${dataset.name}`,
    ...{ epochs: 2, batchSizeSamples: 8, learningRate: 0.0001, loraRank: 16 },
  });
  expect(new Set(server.asked.map(({ authorization }) => authorization))).toEqual(
    new Set(["Bearer fw-hidden"]),
  );
  server.move("RUNNING", { jobProgress: { percent: 40, epoch: 1 }, updateTime: "2026-01-01T00:00:00Z" });
  await training.until(trainingId, 2);
  server.move("COMPLETED", { outputModel: "accounts/me/models/gleaned" });
  const done = await training.until(trainingId);
  expect(done).toMatchObject({ state: "succeeded", checkpoint: "accounts/me/models/gleaned" });
  const { rows } = await db.store.trainings.events(trainingId, null, 200);
  expect(rows.filter(({ message }) => message === "40 percent, epoch 1")).toHaveLength(1);
  const policy = await db.store.policies.get(done.policyId ?? 0);
  expect(policy.config).toMatchObject({ baseURL: server.baseURL, model: "accounts/me/models/gleaned" });
  expect(await brokenRules(db.query)).toEqual({});
});

it.each(mishaps)("uploads and begins once where there is %s", async (_, fault) => {
  for (const route of [/\/datasets$/, /:upload$/, /\/supervisedFineTuningJobs$/]) {
    const server = await serve({ fault: once(route, fault) });
    const { providerId } = await providerAt(server);
    const { trainingId } = await training.start(providerId);
    await training.look(trainingId);
    expect(await get(trainingId)).toMatchObject({ state: "uploading", remoteId: null });
    await training.until(trainingId, 3);
    expect(await get(trainingId)).toMatchObject({ state: "running" });
    expect([server.datasets.size, server.jobs.length]).toEqual([1, 1]);
    expect([...server.datasets.values()][0]?.content?.trim().split("\n")).toHaveLength(12);
  }
});

it("has no policy before anybody says where its model is deployed", async () => {
  const server = await serve();
  const { trainingId } = await training.start((await providerAt(server)).providerId);
  await training.look(trainingId);
  server.move("COMPLETED", { outputModel: "accounts/me/models/quiet" });
  const done = await training.until(trainingId);
  expect(done).toMatchObject({ state: "succeeded", checkpoint: "accounts/me/models/quiet", policyId: null });
});

it("says why a job failed, and refuses what it does not take before anything is sent", async () => {
  const server = await serve();
  const { providerId } = await providerAt(server);
  const { trainingId } = await training.start(providerId);
  await training.look(trainingId);
  server.move("FAILED", { status: { code: "INVALID_ARGUMENT", message: "a row is too long" } });
  expect(await training.until(trainingId)).toMatchObject({
    ...{ state: "failed", errorCode: "training_failed", errorMessage: "a row is too long", policyId: null },
  });
  const asked = server.asked.length;
  const seeded = await training.start(providerId, { settings: { seed: 7 } });
  const refused = await training.until(seeded.trainingId);
  expect(refused).toMatchObject({ state: "failed", errorCode: "invalid_input" });
  expect(refused.errorMessage).toContain("no seed");
  expect(server.asked).toHaveLength(asked);
});

it("is cancelled at the provider", async () => {
  const server = await serve();
  const { trainingId } = await training.start((await providerAt(server)).providerId);
  await training.look(trainingId);
  await cancelTraining({ store: db.store, queue: training.queue }, trainingId);
  expect(await training.until(trainingId)).toMatchObject({ state: "cancelled", policyId: null });
  expect(server.jobs.map(({ state }) => state)).toEqual(["JOB_STATE_CANCELLED"]);
});
