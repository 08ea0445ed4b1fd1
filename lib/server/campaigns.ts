import "server-only";
import { refresh } from "next/cache";
import * as campaigns from "@/lib/usecases/campaigns";
import { defineAction } from "./action";
import { deps } from "./deps";

export type { CampaignView } from "@/lib/usecases/campaigns";

/** Begins a campaign; answers where to look. */
export const createCampaign = defineAction(campaigns.CampaignInput, async (input, person) => {
  const { campaignId } = await campaigns.createCampaign(deps(), person.personId, input);
  return { campaignId };
});

/** Starts an iteration; asking twice starts it once. */
export const startIteration = defineAction(campaigns.IterationInput, async (input, person) => {
  const { runId, collectionId } = await campaigns.startIteration(deps(), person.personId, input);
  refresh();
  return { runId, collectionId };
});

/** What D_k of the newest iteration would hold. */
export const previewCampaignDataset = defineAction(campaigns.CampaignDatasetInput, async (input) => {
  const { card } = await campaigns.previewCampaignDataset(deps(), input);
  return { card };
});

/** Freezes D_k of the newest iteration; answers where to look. */
export const freezeCampaignDataset = defineAction(campaigns.CampaignDatasetInput, async (input, person) => {
  const { datasetId } = await campaigns.freezeCampaignDataset(deps(), person.personId, input);
  refresh();
  return { datasetId };
});
