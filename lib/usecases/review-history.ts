import { csvLine } from "@/lib/core/csv";
import {
  contradictsMiner,
  type ReviewFilter,
  type ReviewListRow,
  type ReviewPage,
} from "@/lib/core/review-history";
import { vetoRates, type VetoRates } from "@/lib/core/vetoes";
import type { Deps } from "./deps";

const PAGE = 50;
const NAMES = 200;
const BATCH = 500;
/** Decisions looked at for the rates of vetoes. */
const COUNTED = 20_000;

/** A page of everybody's decisions, newest first. @throws AppError invalid_input for a cursor of another list */
export async function listReviews(
  { store }: Pick<Deps, "store">,
  filter: ReviewFilter,
  cursor: string | null,
  limit = PAGE,
): Promise<ReviewPage> {
  return store.reviews.history(filter, cursor, limit);
}

/** What the history can be filtered by. */
export type ReviewFacets = {
  people: { personId: number; name: string }[];
  environments: { environmentId: number; name: string }[];
  runs: { runId: number; name: string }[];
};

/** The first 200 people by name, every environment, the newest 200 runs. */
export async function reviewFacets({ store }: Pick<Deps, "store">): Promise<ReviewFacets> {
  const [people, environments, runs] = await Promise.all([
    store.reviews.reviewers(NAMES),
    store.environments.list(),
    store.runs.names(NAMES),
  ]);
  return {
    people,
    environments: environments.map(({ environmentId, name }) => ({ environmentId, name })),
    runs,
  };
}

/** What is vetoed most among the decisions that stand and fit, of the newest 20,000 looked at. */
export async function vetoFeedback({ store }: Pick<Deps, "store">, filter: ReviewFilter): Promise<VetoRates> {
  return vetoRates(await store.reviews.standing(filter, COUNTED));
}

export const reviewFormats = ["csv", "jsonl"] as const;
export type ReviewFormat = (typeof reviewFormats)[number];

const columns = {
  at: (row) => row.at.toISOString(),
  reviewer: (row) => row.reviewer,
  decision: (row) => row.decision,
  reason: (row) => row.reason,
  note: (row) => row.note,
  verdictSeen: (row) => row.verdictSeen,
  contradictsMiner: contradictsMiner,
  undone: (row) => row.undone,
  target: (row) => row.target,
  targetIndex: (row) => row.targetIndex,
  version: (row) => row.version,
  action: (row) => row.action,
  environment: (row) => row.environment,
  subtaskKey: (row) => row.subtaskKey,
  trajectoryId: (row) => row.trajectoryId,
  runId: (row) => row.runId,
  runName: (row) => row.runName,
  reviewId: (row) => row.reviewId,
} satisfies Record<string, (row: ReviewListRow) => string | number | boolean | null>;

/** All decisions that fit, newest first, in pieces of a file: read as they are asked for, none kept. */
export async function* exportReviews(
  { store }: Pick<Deps, "store">,
  filter: ReviewFilter,
  format: ReviewFormat,
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(Object.keys(columns));
  let cursor: string | null = null;
  do {
    const page: ReviewPage = await store.reviews.history(filter, cursor, BATCH);
    const cells = page.rows.map((row) =>
      Object.entries(columns).map(([name, of]): [string, string | number | boolean | null] => [
        name,
        of(row),
      ]),
    );
    const line = (row: (typeof cells)[number]) =>
      format === "csv"
        ? csvLine(row.map(([, cell]) => cell))
        : `${JSON.stringify(Object.fromEntries(row))}\n`;
    if (cells.length > 0) yield cells.map(line).join("");
    cursor = page.next;
  } while (cursor !== null);
}
