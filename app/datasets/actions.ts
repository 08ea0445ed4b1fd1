"use server";

import * as server from "@/lib/server/datasets";

export const previewDataset = server.previewDataset;
export const curateDataset = server.curateDataset;
export const rebuildDataset = server.rebuildDataset;
