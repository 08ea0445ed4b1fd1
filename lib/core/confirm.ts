import type { StateEvidence } from "./evidence";
import type { VerdictRule } from "./rule";
import type { Segment, UndecidedReason } from "./verdict";

/**
 * Whether the evidence is enough for what the rule proposed of a segment; undecided with what is missing where it is not.
 * @param states everything probed in the trajectory
 */
export function confirm(segment: Segment, states: StateEvidence[], rule: VerdictRule): Segment {
  if (segment.proposed === null) return segment;
  // A dead end is a claim about every later state, the others only about their own two.
  const hopeless = segment.proposed === "dead_end";
  const end = hopeless ? Infinity : segment.to;
  const missing = states.filter((s) => s.attempts === 0 && segment.from < s.stateIndex && s.stateIndex < end);
  if (missing.length > 0) return undecided(segment, gapReason(missing));
  const restsOn = hopeless
    ? states.filter((s) => s.stateIndex >= segment.from)
    : [segment.before, segment.after].filter((s) => s !== null);
  if (restsOn.some((s) => s.attempts < rule.minAttempts)) return undecided(segment, "few_attempts");
  if (segment.probability !== null && segment.probability < rule.alpha)
    return undecided(segment, "low_confidence");
  return segment;
}

/** Why nothing is known of states without a completed rollout. */
export function gapReason(unknown: StateEvidence[]): UndecidedReason {
  return unknown.some((s) => s.errored > 0) ? "only_errored" : "no_evidence";
}

function undecided(segment: Segment, undecidedReason: UndecidedReason): Segment {
  return { ...segment, verdict: "undecided", undecidedReason };
}
