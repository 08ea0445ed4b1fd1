"use server";

import * as server from "@/lib/server/settings";

export const putEnvironment = server.putEnvironment;
export const checkEnvironment = server.checkEnvironment;
