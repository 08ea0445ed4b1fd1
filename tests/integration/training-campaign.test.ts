import { expect, it } from "vitest";
import { CampaignConfig } from "@/lib/core/campaign";
import { trainingView } from "@/lib/usecases/trainings";
import { aRun, aTrajectory } from "../support/factories";
import { useStore } from "../support/store";
import { aDataset, useTraining } from "../support/training";

const db = useStore();
const training = useTraining(db);

it("gives the next checkpoint of the campaign whose dataset it trains on", async () => {
  const { store } = db;
  const { personId } = await store.people.ensure("Ada");
  const { trajectoryIds } = await store.trajectories.add([aTrajectory()], null);
  const { environmentId } = await store.trajectories.get(trajectoryIds[0] ?? 0);
  const config = CampaignConfig.parse({});
  const about = { name: "gleaning", environmentId, model: null, choice: null, config, personId };
  const { campaignId } = await store.campaigns.create(about);
  const at = { campaignId, iteration: 0 };
  const { policyId } = await store.policies.put({ name: "agent", kind: "shopper-weak", config: {} });
  await store.campaigns.begin(at, { policyId, checkpoint: "agent-1", prices: null });
  await aRun(store, { iteration: at });
  const { datasetId } = await aDataset(store, 12, false, at);

  const server = await training.server();
  const { providerId } = await training.provider("openai", { baseURL: server.baseURL });
  const { trainingId } = await training.start(providerId, { datasetId });
  await training.look(trainingId);
  expect(await store.trainings.policyTrainedOn(datasetId)).toBeNull();
  server.move("succeeded", { model: "ft:agent-2" });
  const done = await training.until(trainingId);
  expect((await trainingView(db, trainingId)).iteration).toEqual({ ...at, campaign: "gleaning" });
  expect(await store.trainings.policyTrainedOn(datasetId)).toEqual({ policyId: done.policyId, trainingId });
  const next = { policyId: done.policyId ?? 0, checkpoint: done.checkpoint ?? "", prices: null };
  expect(await store.campaigns.begin({ campaignId, iteration: 1 }, next)).toMatchObject({
    ...{ iteration: 1, checkpoint: "ft:agent-2", policy: "ft:agent-2" },
  });
  const outside = await aDataset(store, 1);
  expect(await store.trainings.iterationOf(outside.datasetId)).toBeNull();
});
