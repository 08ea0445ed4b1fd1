import "server-only";
import { refresh } from "next/cache";
import * as queues from "@/lib/usecases/queues";
import * as reviews from "@/lib/usecases/reviews";
import { defineAction } from "./action";
import { deps } from "./deps";

/** Records one decision, as a vote where a queue is named; answers the page as it now is. */
export const reviewStep = defineAction(queues.DecisionInput, async ({ queueId, ...input }, person) => {
  const rows =
    queueId === null
      ? await reviews.reviewStep(deps(), person.personId, input)
      : await queues.voteOn(deps(), person.personId, { ...input, queueId });
  refresh();
  return rows;
});
