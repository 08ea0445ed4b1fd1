"use server";

import * as server from "@/lib/server/datasets";

export const previewDataset = server.previewDataset;
export const rebuildDataset = server.rebuildDataset;
