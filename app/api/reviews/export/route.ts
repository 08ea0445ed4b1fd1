import { z } from "zod";
import { parsed } from "@/lib/server/action";
import { openReviews, reviewFormats } from "@/lib/server/review-history";
import { attachment, defineRoute } from "@/lib/server/route";
import { parseReviewFilter } from "../../../reviews/filter";
import { searchRecord } from "../../../address";

const Query = z.object({ format: z.enum(reviewFormats) });

const types = { csv: "text/csv; charset=utf-8", jsonl: "application/x-ndjson; charset=utf-8" } as const;

/** The decisions that an address of the history asks for, streamed. */
export const GET = defineRoute(async (request) => {
  const asked = request.nextUrl.searchParams;
  const { format } = parsed(Query, { format: asked.get("format") });
  const body = openReviews(parseReviewFilter(searchRecord(asked)), format);
  return new Response(body, {
    headers: { "Content-Type": types[format], ...attachment(`reviews.${format}`) },
  });
});
