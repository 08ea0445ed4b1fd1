"use server";

import * as server from "@/lib/server/settings";

export const putPolicy = server.putPolicy;
