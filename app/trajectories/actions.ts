"use server";

import * as server from "@/lib/server/critiques";

export const askCritic = server.askCritic;
