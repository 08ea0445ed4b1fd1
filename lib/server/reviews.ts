import "server-only";
import { refresh } from "next/cache";
import * as reviews from "@/lib/usecases/reviews";
import { defineAction } from "./action";
import { deps } from "./deps";

/** Records one decision; answers the page as it now is. */
export const reviewStep = defineAction(reviews.ReviewInput, async (input, person) => {
  const rows = await reviews.reviewStep(deps(), person.personId, input);
  refresh();
  return rows;
});
