"use server";

import * as server from "@/lib/server/dataset-exports";

export const prepareExport = server.prepareExport;
export const cancelExport = server.cancelExport;
export const removeExport = server.removeExport;
