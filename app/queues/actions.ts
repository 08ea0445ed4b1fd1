"use server";

import * as people from "@/lib/server/people";
import * as server from "@/lib/server/queues";

export const createQueue = server.createQueue;
export const claimNext = server.claimNext;
export const finishItem = server.finishItem;
export const skipItem = server.skipItem;
export const unskipItem = server.unskipItem;
export const keepItem = server.keepItem;
export const actAs = people.actAs;
