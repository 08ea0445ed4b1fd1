import type { WrongCount } from "@/lib/core/expected-wrong";
import type { RuleVersion } from "@/lib/core/rule";
import { formatCount, formatPercent, plural } from "@/components/ui/numbers";

/** What a rule version means, for people. */
export const ruleWords: Record<RuleVersion, { option: string; about: string }> = {
  "eef-1": {
    option: "by one success (paper, eef-1)",
    about:
      "One success is enough for a state to count as solved, as in the paper. With many rollouts per state a lucky one then hides that the agent practically fails from there.",
  },
  "eef-2": {
    option: "by a rate of ¼ or more (eef-2)",
    about:
      "A state counts as solved when some rollout succeeded and the estimated rate, (x + ½) / (n + 1), is a quarter or more. The same as the paper up to 5 rollouts per state.",
  },
};

const offered = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** Least rollouts per state worth asking for: no more than there are, except what is asked for now. */
export function minAttemptsOffered(now: number, attempts: number | null): number[] {
  const most = attempts ?? 16;
  return [...new Set([...offered.filter((count) => count <= most), now])].sort((a, b) => a - b);
}

/** An expected number, with a digit where it matters. */
export function formatExpected(count: number): string {
  return count >= 9.95 ? formatCount(count) : count.toFixed(1);
}

/**
 * Why the expected number is a lower bound. What `npm run bench -- presets.bench` counts at M = 5: about as many as
 * expected under preset find, three to five times as many under the others.
 */
export const wrongCaveat =
  "A lower bound: each comparison is taken by itself, but which states are compared was chosen after seeing their rollouts, and between most neighbouring states nothing changes. On synthetic trajectories several times as many were wrong, except under preset find.";

/** `expected wrong: at least n of m`, in its parts. */
export function wrongWords(wrong: WrongCount): { value: string; note: string } {
  if (wrong.claims === 0) return { value: "–", note: "no beneficial or harmful verdict is confirmed" };
  return {
    value: `≥ ${formatExpected(wrong.expectedWrong)} of ${formatCount(wrong.claims)}`,
    note: `beneficial and harmful verdicts (${formatPercent(wrong.expectedWrong / wrong.claims)}), about ${plural(wrong.actions, "action")}`,
  };
}
