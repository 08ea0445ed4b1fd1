import type { RuleVersion } from "@/lib/core/rule";

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
