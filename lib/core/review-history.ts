import type { RecordedDecision, Review } from "./review";
import type { Page } from "./rows";
import type { StandingDecision } from "./vetoes";
import { verdicts } from "./verdict";

/** What mining said of a target when a person decided: of a step its verdict, of a solution whether there is one. */
export const seenVerdicts = [...verdicts, "solved", "unsolved"] as const;
export type SeenVerdict = (typeof seenVerdicts)[number];

const wanted: ReadonlySet<string> = new Set<SeenVerdict>(["beneficial", "solved"]);
const unwanted: ReadonlySet<string> = new Set<SeenVerdict>(["harmful", "redundant", "dead_end", "unsolved"]);

/**
 * Whether a decision says the opposite of what mining said: a veto of what it would train on, an approval or promotion
 * of what it would not. To decide what it left undecided is no contradiction, nor is taking a decision back.
 */
export function contradictsMiner({
  decision,
  verdictSeen,
}: Pick<Review, "decision" | "verdictSeen">): boolean {
  if (verdictSeen === null) return false;
  if (decision === "veto") return wanted.has(verdictSeen);
  return (decision === "approve" || decision === "promote") && unwanted.has(verdictSeen);
}

/** Which decisions a history shows; null asks for any. */
export type ReviewFilter = {
  personId: number | null;
  decision: RecordedDecision | null;
  verdictSeen: SeenVerdict | null;
  reason: string | null;
  environmentId: number | null;
  runId: number | null;
  trajectoryId: number | null;
  /** Decided at this time or later. */
  from: Date | null;
  /** Decided before this time. */
  until: Date | null;
  /** Only those that contradict the miner. */
  contradicting: boolean;
  /** Whether a later decision has taken the place of it. */
  undone: boolean | null;
};

/** One decision with what it was about. */
export type ReviewListRow = Review & {
  trajectoryId: number;
  runId: number;
  runName: string;
  environment: string;
  subtaskKey: string;
  /** The beginning of the step's action; null for a solution. */
  action: string | null;
  undone: boolean;
};

/**
 * A page of the history, newest first. `next` goes on, also where the page has fewer rows than asked for: of a filter that
 * hardly any decision fits only so many are looked at for one page. `lookedUntil` is then the time of the last one.
 */
export type ReviewPage = Page<ReviewListRow> & { lookedUntil: Date | null };

/** Decisions of everybody, read only. */
export type ReviewHistory = {
  /** @throws AppError invalid_input for a cursor that is none of this list */
  history(filter: ReviewFilter, cursor: string | null, limit: number): Promise<ReviewPage>;
  /** Those who have decided something, by name. */
  reviewers(limit: number): Promise<{ personId: number; name: string }[]>;
  /** The decisions on steps that fit and that nothing has taken the place of, looking at `limit` of the newest at most. */
  standing(filter: ReviewFilter, limit: number): Promise<StandingDecision[]>;
};
