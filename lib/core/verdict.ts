import { confirm, gapReason } from "./confirm";
import { AppError } from "./errors";
import type { StateEvidence } from "./evidence";
import { isSolved, type VerdictRule } from "./rule";
import { solveImportantStates, type KnownState, type Solution } from "./solution";
import { probabilityGreater } from "./statistics";

export const verdicts = ["beneficial", "harmful", "redundant", "dead_end", "undecided"] as const;
export type Verdict = (typeof verdicts)[number];

/** Why a verdict was not given although the rule proposed one, or could not be proposed. */
export const undecidedReasons = [
  "no_evidence",
  "only_errored",
  "replay_diverged",
  "few_attempts",
  "low_confidence",
] as const;
export type UndecidedReason = (typeof undecidedReasons)[number];

/** What mining says of a run of expert actions a_from … a_{to-1} between two probed states. */
export type Segment = {
  from: number;
  to: number;
  verdict: Verdict;
  /** Beneficial, and leads out of a state the expert's own harmful actions led into. */
  recovery: boolean;
  /** What the rule proposed; null where it could not propose anything. */
  proposed: Exclude<Verdict, "undecided"> | null;
  undecidedReason: UndecidedReason | null;
  /** The two states whose evidence was compared; `after` is null for the tail. */
  before: StateEvidence | null;
  after: StateEvidence | null;
  /** P that the claimed change is real: p_after > p_before for beneficial, p_after < p_before for harmful; else null. */
  probability: number | null;
};

export type Judgement = { segments: Segment[]; solutions: Solution[] };

/**
 * The verdict of every expert action of one failed trajectory, and the solutions of its important states.
 * States without a completed rollout cannot be judged: the rule runs over the others, and a segment with such a state
 * inside it, or a dead end before one, is undecided.
 * @param length number of expert steps T
 * @param evidence of the probed states, any subset of 0..T, any order
 * @returns segments ascending, covering every step exactly once; solutions ascending by state
 * @throws AppError invalid_input when evidence names a state outside 0..T or a state twice
 * Source: EEF (arXiv 2504.13145); eef.md sections 3 and 5
 */
export function judgeSteps(length: number, evidence: StateEvidence[], rule: VerdictRule): Judgement {
  const states = checked(length, evidence);
  const known: KnownState[] = states
    .filter((s) => s.attempts > 0)
    .map((s) => ({ ...s, solved: isSolved(s, rule.ruleVersion) }));
  const unknown = states.filter((s) => s.attempts === 0);
  if (known.length === 0) {
    return { segments: [unjudged(0, length, gapReason(unknown))], solutions: [] };
  }
  const solutions = solveImportantStates(known);
  const segments: Segment[] = [];
  const first = known[0];
  if (first && first.stateIndex > 0) {
    const earlier = unknown.filter((s) => s.stateIndex < first.stateIndex);
    segments.push(unjudged(0, first.stateIndex, gapReason(earlier)));
  }
  known.forEach((state, j) => {
    const to = known[j + 1]?.stateIndex ?? length;
    if (to > state.stateIndex) segments.push(propose(known, j, to, solutions));
  });
  const judged = segments.map((segment) => confirm(segment, states, rule));
  return { segments: judged, solutions: solutions.map((s) => ({ ...s, confirmed: isConfirmed(s, judged) })) };
}

/** The segment that a step lies in. */
export function segmentOf<S extends Pick<Segment, "from" | "to">>(
  segments: S[],
  stepIndex: number,
): S | undefined {
  return segments.find((s) => s.from <= stepIndex && stepIndex < s.to);
}

function checked(length: number, evidence: StateEvidence[]): StateEvidence[] {
  const states = [...evidence].sort((a, b) => a.stateIndex - b.stateIndex);
  states.forEach((state, i) => {
    if (state.stateIndex < 0 || state.stateIndex > length)
      throw new AppError("invalid_input", `state ${state.stateIndex} is outside 0..${length}`);
    if (states[i + 1]?.stateIndex === state.stateIndex)
      throw new AppError("invalid_input", `state ${state.stateIndex} appears twice in the evidence`);
  });
  return states;
}

function propose(known: KnownState[], j: number, to: number, solutions: Solution[]): Segment {
  const before = known[j] ?? null;
  const after = known[j + 1] ?? null;
  const from = before?.stateIndex ?? 0;
  const segment = { ...unjudged(from, to, "no_evidence"), before, after, undecidedReason: null };
  if (before?.solved) {
    if (after && !after.solved) {
      const probability = probabilityGreater(before, after);
      return { ...segment, verdict: "harmful", proposed: "harmful", probability };
    }
    return { ...segment, verdict: "redundant", proposed: "redundant" };
  }
  const solution = solutions.find((s) => s.expertPart && s.expertPart.from <= from && to <= s.expertPart.to);
  if (!solution?.expertPart) return { ...segment, verdict: "dead_end", proposed: "dead_end" };
  const start = known.find((s) => s.stateIndex === solution.expertPart?.from) ?? null;
  const end = known.find((s) => s.stateIndex === solution.expertPart?.to) ?? null;
  const probability = start && end ? probabilityGreater(end, start) : null;
  return {
    ...segment,
    verdict: "beneficial",
    proposed: "beneficial",
    recovery: solution.recovery,
    before: start,
    after: end,
    probability,
  };
}

function isConfirmed(solution: Solution, segments: Segment[]): boolean {
  const part = solution.expertPart;
  if (!part) return true;
  return segments
    .filter((s) => part.from <= s.from && s.to <= part.to)
    .every((s) => s.verdict === "beneficial");
}

function unjudged(from: number, to: number, undecidedReason: UndecidedReason): Segment {
  return {
    from,
    to,
    verdict: "undecided",
    recovery: false,
    proposed: null,
    undecidedReason,
    before: null,
    after: null,
    probability: null,
  };
}
