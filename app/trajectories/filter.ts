import { z } from "zod";
import { coverageStates } from "@/lib/core/coverage";
import { reviewStates } from "@/lib/core/review";
import { replayStates } from "@/lib/core/run";
import { trajectorySorts, type TrajectoryFilter, type TrajectorySort } from "@/lib/core/rows";
import { strategyPairs } from "@/lib/core/strategies/disagree";
import { verdicts } from "@/lib/core/verdict";
import { idInAddress, readAddress, type SearchParams } from "../address";

/** What the list's address says: which trajectories, in which order, and where in them the reader is. */
export type ListView = {
  filter: TrajectoryFilter;
  sort: TrajectorySort;
  /** Cursors of the pages gone through, oldest first; the last is the page on show, none is the first page. */
  cursors: string[];
};

const DEPTH = 40;
const rate = z
  .string()
  .regex(/^[0-9.]+$/)
  .transform(Number)
  .pipe(z.number().min(0).max(1))
  .nullable()
  .catch(null);
const words = z.string().trim().min(1).max(200).nullable().catch(null);

const outcomes = ["failed", "solved", "any"] as const;
const Address = z.object({
  source: z.enum(["expert", "agent", "any"]).catch("expert"),
  outcome: z.enum(outcomes).catch("failed"),
  environment: idInAddress,
  subtask: idInAddress,
  coverage: z.enum(coverageStates).nullable().catch(null),
  model: words,
  min: rate,
  max: rate,
  run: idInAddress,
  verdict: z.enum(verdicts).nullable().catch(null),
  review: z
    .enum([...reviewStates, "unmined", "open"])
    .nullable()
    .catch(null),
  replay: z.enum(replayStates).nullable().catch(null),
  disagree: z
    .enum([...strategyPairs, "any"])
    .nullable()
    .catch(null),
  text: words,
  // Longer than can be searched for: the page says so instead of showing what was not asked for.
  said: z.string().trim().min(1).max(2000).nullable().catch(null),
  sort: z.enum(trajectorySorts).catch("newest"),
});

/** The view an address asks for. Total: what is missing or makes no sense is the default (failed expert trajectories). */
export function parseView(params: SearchParams): ListView {
  const address = readAddress(Address, params);
  const from = params.from;
  const cursors = (Array.isArray(from) ? from : from ? [from] : []).filter(
    (c) => c !== "" && c.length <= 400,
  );
  return {
    filter: {
      source: address.source === "any" ? null : address.source,
      success: address.outcome === "failed" ? false : address.outcome === "solved" ? true : null,
      environmentId: address.environment,
      subtaskId: address.subtask,
      coverage: address.coverage,
      model: address.model,
      minReward: address.min,
      maxReward: address.max,
      runId: address.run,
      verdict: address.verdict,
      review: address.review,
      replay: address.replay,
      disagreement: address.disagree,
      text: address.text,
      said: address.said,
    },
    sort: address.sort,
    cursors: cursors.slice(-DEPTH),
  };
}

/** The shortest address of a view: `""`, or a query without its question mark. `parseView` reads it back. */
export function printView({ filter, sort, cursors }: ListView): string {
  const query = new URLSearchParams();
  const put = (name: string, value: string | number | null) => {
    if (value !== null) query.set(name, String(value));
  };
  if (filter.source !== "expert") put("source", filter.source ?? "any");
  if (filter.success !== false) put("outcome", filter.success === null ? "any" : "solved");
  put("environment", filter.environmentId);
  put("subtask", filter.subtaskId);
  put("coverage", filter.coverage);
  put("model", filter.model);
  put("min", filter.minReward);
  put("max", filter.maxReward);
  put("run", filter.runId);
  put("verdict", filter.verdict);
  put("review", filter.review);
  put("replay", filter.replay);
  put("disagree", filter.disagreement);
  put("text", filter.text);
  put("said", filter.said);
  if (sort !== "newest") put("sort", sort);
  for (const cursor of cursors.slice(-DEPTH)) query.append("from", cursor);
  return query.toString();
}

/** A path with a view's query, without the place in the list. */
export function viewHref(path: string, view: Pick<ListView, "filter" | "sort">): string {
  const query = printView({ ...view, cursors: [] });
  return query === "" ? path : `${path}?${query}`;
}
