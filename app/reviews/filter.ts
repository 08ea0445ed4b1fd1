import { z } from "zod";
import { recordedDecisions } from "@/lib/core/review";
import { seenVerdicts, type ReviewFilter } from "@/lib/core/review-history";
import { idInAddress, readAddress, type SearchParams } from "../address";

const DAY_MS = 86_400_000;
/** A day of the calendar, UTC. */
const day = z.iso
  .date()
  .transform((text) => new Date(`${text}T00:00:00Z`))
  .nullable()
  .catch(null);

const Address = z.object({
  person: idInAddress,
  decision: z.enum(recordedDecisions).nullable().catch(null),
  seen: z.enum(seenVerdicts).nullable().catch(null),
  reason: z.string().trim().min(1).max(200).nullable().catch(null),
  environment: idInAddress,
  run: idInAddress,
  trajectory: idInAddress,
  from: day,
  to: day,
  contradicting: z.literal("yes").nullable().catch(null),
  undone: z.enum(["yes", "no"]).nullable().catch(null),
});

/** The decisions an address asks for. Total: what is missing or makes no sense asks for any. */
export function parseReviewFilter(params: SearchParams): ReviewFilter {
  const address = readAddress(Address, params);
  return {
    personId: address.person,
    decision: address.decision,
    verdictSeen: address.seen,
    reason: address.reason,
    environmentId: address.environment,
    runId: address.run,
    trajectoryId: address.trajectory,
    from: address.from,
    until: address.to && new Date(address.to.getTime() + DAY_MS),
    contradicting: address.contradicting !== null,
    undone: address.undone === null ? null : address.undone === "yes",
  };
}

/** The last whole day before `until`, as a calendar writes it. */
export const dayOf = (at: Date | null): string => at?.toISOString().slice(0, 10) ?? "";
export const lastDayOf = (until: Date | null): string => dayOf(until && new Date(until.getTime() - DAY_MS));

/** The shortest query of a filter, without a question mark; `parseReviewFilter` reads it back. */
export function printReviewFilter(filter: ReviewFilter): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | number | null) => {
    if (value !== null && value !== "") query.set(name, String(value));
  };
  put("person", filter.personId);
  put("decision", filter.decision);
  put("seen", filter.verdictSeen);
  put("reason", filter.reason);
  put("environment", filter.environmentId);
  put("run", filter.runId);
  put("trajectory", filter.trajectoryId);
  put("from", dayOf(filter.from));
  put("to", lastDayOf(filter.until));
  put("contradicting", filter.contradicting ? "yes" : null);
  put("undone", filter.undone === null ? null : filter.undone ? "yes" : "no");
  return query.toString();
}

/** A path with the query of a filter and, where given, a place in the list. */
export function reviewsHref(path: string, filter: ReviewFilter, more: Record<string, string> = {}): string {
  const query = new URLSearchParams(printReviewFilter(filter));
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
