import "server-only";
import * as reviews from "@/lib/usecases/reviews";
import { defineAction } from "./action";
import { deps } from "./deps";

/** Records one decision; answers the page as it now is. */
export const reviewStep = defineAction(reviews.ReviewInput, (input, person) =>
  reviews.reviewStep(deps(), person.personId, input),
);
