import { probabilityGreater } from "@/lib/core/statistics";
import { formatProbability } from "@/components/ui/numbers";

/** Values of α worth a button. */
export const alphaMarks = [
  { alpha: 0, word: "0 · paper" },
  { alpha: 0.9, word: ".90" },
  { alpha: 0.95, word: ".95" },
  { alpha: 0.975, word: ".975" },
] as const;

/** What α does, for people. */
export const alphaMeaning =
  "α is how sure the evidence must make us that success really changed before an action is called beneficial or harmful. 0 is the paper: one success after and none before is enough. Below α an action is undecided, with what is missing.";

/** A warning where the rollouts per state can never reach α; null where they can. */
export function alphaLimit(alpha: number, attempts: number): string | null {
  const most = probabilityGreater({ attempts, successes: attempts }, { attempts, successes: 0 });
  if (alpha <= most) return null;
  const each = attempts === 1 ? "1 rollout" : `${attempts} rollouts`;
  return `With ${each} per state P is at most ${formatProbability(most)}: at this α every change of success stays undecided.`;
}
