"use server";

import * as server from "@/lib/server/replays";

export const verifyReplays = server.verifyReplays;
export const cancelVerification = server.cancelVerification;
export const resumeVerification = server.resumeVerification;
