"use server";

import * as server from "@/lib/server/api-tokens";

export const createToken = server.createToken;
export const changeToken = server.changeToken;
