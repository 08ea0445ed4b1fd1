import "server-only";
import { refresh } from "next/cache";
import * as queues from "@/lib/usecases/queues";
import { defineAction } from "./action";
import { currentPerson, deps } from "./deps";

export type { QueueDesk, QueueView } from "@/lib/usecases/queues";

/** What pages read of queues, as the person who acts sees it. */
export const listQueues = (cursor: string | null) => queues.listQueues(deps(), cursor);
export const queueView = (queueId: number) => queues.queueView(deps(), queueId);
export async function lastSkipped(queueId: number) {
  return queues.lastSkipped(deps(), (await currentPerson()).personId, queueId);
}
export async function queueDesk(ids: { queueId: number; trajectoryId: number; adjudicating: boolean }) {
  return queues.queueDesk(deps(), (await currentPerson()).personId, ids);
}

/** Makes a queue; answers where to look. */
export const createQueue = defineAction(queues.QueueInput, async (input, person) => {
  const { queueId } = await queues.createQueue(deps(), person.personId, input);
  return { queueId };
});

/** Gives the person their next trajectory; null when there is none left for them. */
export const claimNext = defineAction(queues.QueueIdInput, (input, person) =>
  queues.claimNext(deps(), person.personId, input),
);

/** Ends the work on an item, and gives the next one where nothing is to be looked at first. */
export const finishItem = defineAction(queues.QueueItemInput, async (input, person) => {
  const { revealed } = await queues.finishItem(deps(), person.personId, input);
  if (revealed) {
    refresh();
    return { revealed, next: null };
  }
  return { revealed, next: await queues.claimNext(deps(), person.personId, input) };
});

/** Passes an item on to others, and gives the next one. */
export const skipItem = defineAction(queues.QueueItemInput, async (input, person) => {
  await queues.skipItem(deps(), person.personId, input);
  return queues.claimNext(deps(), person.personId, input);
});

/** Takes back a skip; answers the trajectory that is theirs again. */
export const unskipItem = defineAction(queues.QueueItemInput, (input, person) =>
  queues.unskipItem(deps(), person.personId, input),
);

/** Keeps an item while its page is open. */
export const keepItem = defineAction(queues.QueueItemInput, (input, person) =>
  queues.keepItem(deps(), person.personId, input),
);
