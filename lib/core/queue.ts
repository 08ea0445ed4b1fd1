import type { Decision, RecordedDecision, ReviewTarget } from "./review";

export const assignmentStates = ["holding", "done", "skipped"] as const;
export type AssignmentState = (typeof assignmentStates)[number];

/** The most items one queue holds. */
export const mostItems = 10_000;
export const mostReviewers = 20;

/** What a decision comes to: the text is trained on or not. Approving and promoting are the same word for it. */
export const sides = ["keep", "drop"] as const;
export type Side = (typeof sides)[number];

/** The side a person takes; null for a decision taken back or disputed. */
export function sideOf(decision: RecordedDecision): Side | null {
  if (decision === "approve" || decision === "promote") return "keep";
  return decision === "veto" ? "drop" : null;
}

/** The side the miner takes with its word on a step or a solution; null where it takes none. */
export function minerSide(verdict: string): Side | null {
  if (verdict === "beneficial" || verdict === "solved") return "keep";
  return ["harmful", "redundant", "dead_end"].includes(verdict) ? "drop" : null;
}

/** What one person says of one target; a fact. `version` counts their votes on that target from 1. */
export type Vote = {
  personId: number;
  target: ReviewTarget;
  targetIndex: number;
  decision: Decision;
  reason: string | null;
  note: string | null;
  /** The miner's word at that time. */
  verdict: string;
  /** What of it the person could see; null where it was hidden. */
  verdictSeen: string | null;
  version: number;
};

/** What the votes on one target come to, ready to be a review. */
export type Outcome = Pick<Vote, "target" | "targetIndex" | "reason" | "note" | "verdictSeen"> & {
  decision: RecordedDecision;
  /** Whose word it is; for a dispute, who was the last to vote. */
  personId: number;
};

/**
 * What the votes of those who are done with an item come to. Everybody for keeping it: kept, as an approval where the
 * miner keeps it too and as a promotion where it does not. Nobody for keeping it: vetoed, for what nobody votes on is not
 * trained on either. Anything else is a dispute, which is decided by nobody until somebody adjudicates.
 * @param votes in any order; a person's newest on a target counts
 * @param reviewers how many people are done with the item
 */
export function settleVotes(votes: Vote[], reviewers: number): Outcome[] {
  return [...byTarget(standing(votes)).values()].map((of) => outcomeOf(of, reviewers));
}

/** The newest vote of each person on each target, where it was not taken back. */
export function standing<V extends Vote>(votes: V[]): V[] {
  const newest = new Map<string, V>();
  for (const vote of votes) {
    const key = `${vote.personId} ${keyOf(vote)}`;
    if (vote.version > (newest.get(key)?.version ?? 0)) newest.set(key, vote);
  }
  return [...newest.values()].filter(({ decision }) => decision !== "withdraw");
}

const keyOf = ({ target, targetIndex }: Pick<Vote, "target" | "targetIndex">) => `${target} ${targetIndex}`;

function byTarget<V extends Vote>(votes: V[]): Map<string, V[]> {
  const groups = new Map<string, V[]>();
  for (const vote of votes) groups.set(keyOf(vote), [...(groups.get(keyOf(vote)) ?? []), vote]);
  return groups;
}

function outcomeOf(votes: Vote[], reviewers: number): Outcome {
  const keeping = votes.filter(({ decision }) => sideOf(decision) === "keep").length;
  const last = votes.at(-1);
  if (!last) throw new RangeError("there is no outcome of no vote");
  const { target, targetIndex, personId } = last;
  const agreed = keeping === 0 || keeping === reviewers;
  const kept = minerSide(last.verdict) === "keep" ? "approve" : "promote";
  return {
    target,
    targetIndex,
    personId,
    decision: !agreed ? "dispute" : keeping === 0 ? "veto" : kept,
    reason: agreed ? (votes.find(({ reason }) => reason !== null)?.reason ?? null) : null,
    note: votes.flatMap(({ note }) => note ?? []).join("\n") || null,
    verdictSeen: votes.some(({ verdictSeen }) => verdictSeen === null) ? null : last.verdictSeen,
  };
}

/** A number of 0..1 that follows from a seed and a trajectory, the same on every machine. Source: MurmurHash3 (mixer) */
export function draw(seed: number, trajectoryId: number): number {
  let x = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(trajectoryId, 0xc2b2ae35);
  for (const factor of [0x85ebca6b, 0xc2b2ae35]) x = Math.imul(x ^ (x >>> 16), factor) ^ (x >>> 13);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Which trajectories are put in, in which order: those chosen as they come, gold ones wherever the seed puts them. */
export function arrange(chosen: number[], gold: number[], seed: number): number[] {
  const golden = new Set(gold);
  const plain = chosen.filter((id) => !golden.has(id));
  const placed = [
    ...plain.map((id, index) => ({ id, at: index })),
    ...[...golden].map((id) => ({ id, at: draw(seed, id) * plain.length - 0.5 })),
  ];
  return placed.sort((a, b) => a.at - b.at || a.id - b.id).map(({ id }) => id);
}
