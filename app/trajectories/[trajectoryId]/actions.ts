"use server";

import * as server from "@/lib/server/reviews";

export const reviewStep = server.reviewStep;
