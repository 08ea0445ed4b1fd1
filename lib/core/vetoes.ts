import { groupBy } from "./group-by";
import type { Decision } from "./review";
import { wilson } from "./statistics";

/** A decision on a step that stands, as far as the reasons for vetoes are concerned. */
export type StandingDecision = {
  decision: Exclude<Decision, "withdraw">;
  reason: string | null;
  verdictSeen: string | null;
  ruleVersion: string;
  environment: string;
  /** The beginning of the action. */
  action: string;
};

const KIND_AT_MOST = 40;
/** What has neither a letter nor a digit to begin with. */
export const noKind = "(no word)";

/**
 * The kind of an action: the name of the tool or the first word, in lower case; `click[b07x]` is a `click`. The text may be
 * anything, so a kind holds letters, digits, `_`, `-` and `.` only, 40 at most.
 */
export function actionKind(action: string): string {
  const [word = ""] = /[\p{L}\p{N}_][\p{L}\p{N}_.-]*/u.exec(action.slice(0, 10 * KIND_AT_MOST)) ?? [];
  return Array.from(word).slice(0, KIND_AT_MOST).join("").toLowerCase() || noKind;
}

/** How often something was vetoed of all decisions on it, with the 95 % Wilson interval. */
export type VetoRate = {
  name: string;
  vetoed: number;
  decided: number;
  low: number;
  high: number;
  /** Whether the interval is so wide that it says next to nothing. */
  thin: boolean;
  /** Most frequent reason given for these vetoes; null where none was. */
  reason: string | null;
};

export const vetoGroupings = ["rule", "environment", "kind", "verdict"] as const;
export type VetoGrouping = (typeof vetoGroupings)[number];

/** Vetoes by what was vetoed, most reliably high rates first. `reasons`: how many of all vetoes gave which. */
export type VetoRates = {
  overall: VetoRate;
  by: Record<VetoGrouping, VetoRate[]>;
  reasons: VetoRate[];
};

const groupOf: Record<VetoGrouping, (one: StandingDecision) => string> = {
  rule: (one) => one.ruleVersion,
  environment: (one) => one.environment,
  kind: (one) => actionKind(one.action),
  verdict: (one) => one.verdictSeen ?? "none",
};

/** A wider interval leaves open whether it is vetoed rarely or mostly. */
const WIDEST = 0.5;

/** What people veto most, counted over decisions that stand. */
export function vetoRates(decisions: StandingDecision[]): VetoRates {
  const vetoes = decisions.filter(({ decision }) => decision === "veto");
  const by = (grouping: VetoGrouping) => {
    const groups = groupBy(decisions, groupOf[grouping]);
    return [...groups].map(([name, all]) => rateOf(name, all)).sort(byLowest);
  };
  const reasons = [...groupBy(vetoes, ({ reason }) => reason ?? "no reason")];
  return {
    overall: rateOf("all actions", decisions),
    by: { rule: by("rule"), environment: by("environment"), kind: by("kind"), verdict: by("verdict") },
    reasons: reasons
      .map(([name, all]) => ({ ...rate(name, all.length, vetoes.length), reason: null }))
      .sort(byLowest),
  };
}

function rateOf(name: string, decisions: StandingDecision[]): VetoRate {
  const vetoes = decisions.filter(({ decision }) => decision === "veto");
  const reasons = [...groupBy(vetoes, ({ reason }) => reason ?? "")].filter(([reason]) => reason !== "");
  const [most] = reasons.sort(([a, x], [b, y]) => y.length - x.length || compare(a, b));
  return { ...rate(name, vetoes.length, decisions.length), reason: most?.[0] ?? null };
}

function rate(name: string, vetoed: number, decided: number): Omit<VetoRate, "reason"> {
  const [low, high] = wilson({ attempts: decided, successes: vetoed });
  return { name, vetoed, decided, low, high, thin: high - low > WIDEST };
}

/** The rate that is at least so high comes first: three of three say less than thirty of forty. */
const byLowest = (a: VetoRate, b: VetoRate) =>
  b.low - a.low || b.decided - a.decided || compare(a.name, b.name);

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
