import type { ReviewFilter } from "@/lib/core/review-history";
import { decisionWords, seenWords } from "@/components/review/review-words";
import { reasonWords } from "@/components/trajectory/decision-history";
import { dayOf, lastDayOf, reviewsHref } from "./filter";

export type ReviewFacets = {
  people: { personId: number; name: string }[];
  environments: { environmentId: number; name: string }[];
  runs: { runId: number; name: string }[];
};

/** The active filters in words, each with the address without it. */
export function reviewChips(path: string, filter: ReviewFilter, facets: ReviewFacets) {
  const chips: { name: string; value: string; without: string }[] = [];
  const add = (name: string, value: string | null | undefined, off: Partial<ReviewFilter>) => {
    if (value) chips.push({ name, value, without: reviewsHref(path, { ...filter, ...off }) });
  };
  const { people, environments, runs } = facets;
  const named = (id: number | null, name: string | undefined) => (id === null ? null : (name ?? String(id)));
  const person = people.find((each) => each.personId === filter.personId);
  const environment = environments.find((each) => each.environmentId === filter.environmentId);
  const run = runs.find((each) => each.runId === filter.runId);
  add("by", named(filter.personId, person?.name), { personId: null });
  add("decision", filter.decision && decisionWords[filter.decision], { decision: null });
  add("verdict seen", filter.verdictSeen && seenWords(filter.verdictSeen), { verdictSeen: null });
  add("reason", filter.reason && reasonWords(filter.reason), { reason: null });
  add("environment", named(filter.environmentId, environment?.name), { environmentId: null });
  add("run", named(filter.runId, run?.name), { runId: null });
  add("trajectory", named(filter.trajectoryId, undefined), { trajectoryId: null });
  add("from", dayOf(filter.from), { from: null });
  add("to", lastDayOf(filter.until), { until: null });
  add("against", filter.contradicting ? "the miner" : null, { contradicting: false });
  add("now", filter.undone === null ? null : filter.undone ? "undone" : "stands", { undone: null });
  return chips;
}
