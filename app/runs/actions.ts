"use server";

import * as server from "@/lib/server/runs";

export const planRun = server.planRun;
export const startRun = server.startRun;
export const cancelRun = server.cancelRun;
export const pauseRun = server.pauseRun;
export const unpauseRun = server.unpauseRun;
export const resumeRun = server.resumeRun;
export const raiseRunBudget = server.raiseRunBudget;
export const retryErrored = server.retryErrored;
export const setRule = server.setRule;
