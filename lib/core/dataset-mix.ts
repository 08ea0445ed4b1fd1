/** What of an example decides whether it is kept when there are too many. */
export type Candidate = {
  /** Environment and subtask. */
  subtask: string;
  /** Its verdicts are confirmed; always so where none are needed. */
  confirmed: boolean;
  /** P that its expert part helps, 1 for a recorded success that needs none, 0 where only a person's word says so. */
  probability: number;
};

export type Mix = { capPerSubtask: number | null };

/**
 * Which of some candidates are kept. Of one subtask those go in first that are confirmed, then those with the higher P,
 * then those that come first: the same candidates always keep the same.
 * @returns per candidate null when it is kept, or what keeps it out
 */
export function applyMix(candidates: Candidate[], { capPerSubtask }: Mix): ("capped" | null)[] {
  const out: ("capped" | null)[] = candidates.map(() => null);
  const ranked = candidates
    .map((candidate, index) => ({ ...candidate, index }))
    .sort(
      (a, b) =>
        Number(b.confirmed) - Number(a.confirmed) || b.probability - a.probability || a.index - b.index,
    );
  const perSubtask = new Map<string, number>();
  for (const { subtask, index } of ranked) {
    const before = perSubtask.get(subtask) ?? 0;
    if (before >= (capPerSubtask ?? Infinity)) out[index] = "capped";
    else perSubtask.set(subtask, before + 1);
  }
  return out;
}
