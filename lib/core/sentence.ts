import type { VerdictRule } from "./rule";
import { wilson, type Tally } from "./statistics";
import type { Segment, UndecidedReason } from "./verdict";

const undecidedWords: Record<UndecidedReason, string> = {
  no_evidence: "no completed rollout from a state this verdict needs",
  only_errored: "only errored rollouts from a state this verdict needs, and those are never evidence",
  replay_diverged: "the environment answered the replay differently than when the expert acted",
  few_attempts: "",
  low_confidence: "",
};

/** Rounded down: .9749 must not read as if it reached .975, nor .9996 as certainty. */
const probable = (p: number): string => (Math.floor(p * 1000) / 1000).toFixed(3).replace(/^0/, "");
const percent = (rate: number): string => `${Math.round(rate * 100)} %`;

/**
 * What a tally supports, never more: a success is proved by its rollout, its absence only bounds the true rate.
 * Example: "0/4: true rate could still be up to 49 %".
 */
export function tallySentence(tally: Tally): string {
  const ratio = `${tally.successes}/${tally.attempts}`;
  if (tally.attempts === 0) return "no completed rollout";
  if (tally.successes > 0) return `solved in ${ratio} rollouts (proved)`;
  return `not solved in ${ratio} rollouts (true rate could still be up to ${percent(wilson(tally)[1])})`;
}

/**
 * The verdict of a segment as one sentence a reader can check against the rollouts.
 * @param rule what the run asks of evidence
 */
export function verdictSentence(segment: Segment, rule: VerdictRule): string {
  const before = segment.before ? tallySentence(segment.before) : "no evidence";
  const after = segment.after ? tallySentence(segment.after) : null;
  const certainty = segment.probability === null ? "" : ` P = ${probable(segment.probability)}.`;
  if (segment.verdict === "undecided") return undecidedSentence(segment, rule);
  if (segment.verdict === "beneficial" || segment.verdict === "harmful")
    return `Before: ${before}. After: ${after}.${certainty}`;
  if (segment.verdict === "redundant")
    return after
      ? `The agent manages without it. Before: ${before}. After: ${after}.`
      : `The agent manages from here: ${before}.`;
  const solved = rule.ruleVersion === "eef-1" ? "solved" : "solved often enough";
  return `No way back was found: ${before}${after ? `; after: ${after}` : ""}, and no later probed state was ${solved}.`;
}

function undecidedSentence(segment: Segment, rule: VerdictRule): string {
  const reason = segment.undecidedReason ?? "no_evidence";
  if (reason !== "low_confidence" && reason !== "few_attempts")
    return `Undecided: ${undecidedWords[reason]}.`;
  const [b, a] = [segment.before, segment.after];
  const after = b && a ? `, ${a.successes}/${a.attempts} after` : "";
  const looks = `Looks ${(segment.proposed ?? "undecided").replace("_", " ")}, but ${b ? `${b.successes}/${b.attempts} before${after}: ` : ""}`;
  if (reason === "few_attempts")
    return `${looks}needs at least ${rule.minAttempts} rollouts of each state it rests on.`;
  const p = segment.probability === null ? "unknown" : probable(segment.probability);
  return `${looks}P = ${p}, needs ${String(rule.alpha).replace(/^0/, "")}.`;
}
