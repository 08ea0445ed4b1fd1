"use server";

import * as server from "@/lib/server/collections";

export const planCollection = server.planCollection;
export const startCollection = server.startCollection;
export const cancelCollection = server.cancelCollection;
export const resumeCollection = server.resumeCollection;
export const retryEpisodes = server.retryEpisodes;
export const raiseBudget = server.raiseBudget;
