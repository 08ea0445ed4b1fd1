import "server-only";
import type { ReviewFilter } from "@/lib/core/review-history";
import * as history from "@/lib/usecases/review-history";
import { deps } from "./deps";

export { reviewFormats } from "@/lib/usecases/review-history";

export const listReviews = (filter: ReviewFilter, cursor: string | null) =>
  history.listReviews(deps(), filter, cursor);
export const reviewFacets = () => history.reviewFacets(deps());
export const vetoFeedback = (filter: ReviewFilter) => history.vetoFeedback(deps(), filter);

/** The decisions that fit as a stream of bytes, pulled batch by batch. */
export function openReviews(filter: ReviewFilter, format: history.ReviewFormat): ReadableStream<Uint8Array> {
  const pieces = history.exportReviews(deps(), filter, format);
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await pieces.return(undefined);
    },
  });
}
