"use server";

import * as server from "@/lib/server/campaigns";

export const createCampaign = server.createCampaign;
export const startIteration = server.startIteration;
export const previewCampaignDataset = server.previewCampaignDataset;
export const freezeCampaignDataset = server.freezeCampaignDataset;
