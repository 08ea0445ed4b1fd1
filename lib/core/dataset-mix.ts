import { exampleKinds, type Example } from "./example";

type Kind = Example["kind"];

/** What of an example decides whether it is kept when there are too many. */
export type Candidate = {
  kind: Kind;
  /** Environment and subtask. */
  subtask: string;
  /** Its verdicts are confirmed; always so where none are needed. */
  confirmed: boolean;
  /** P that its expert part helps, 1 for a recorded success that needs none, 0 where only a person's word says so. */
  probability: number;
};

export type Mix = { capPerSubtask: number | null; maxShare: Partial<Record<Kind, number>> };

/** Whether anything can be too many. */
export const limitsMix = ({ capPerSubtask, maxShare }: Mix): boolean =>
  capPerSubtask !== null || Object.keys(maxShare).length > 0;

/**
 * Which of some candidates are kept. Of one subtask, and of one kind, those go in first that are confirmed, then those
 * with the higher P, then those that come first: the same candidates always keep the same.
 * @returns per candidate null when it is kept, or what keeps it out
 */
export function applyMix(candidates: Candidate[], mix: Mix): ("capped" | "share" | null)[] {
  const out: ("capped" | "share" | null)[] = candidates.map(() => null);
  const ranked = candidates
    .map((candidate, index) => ({ ...candidate, index }))
    .sort(
      (a, b) =>
        Number(b.confirmed) - Number(a.confirmed) || b.probability - a.probability || a.index - b.index,
    );
  const perSubtask = new Map<string, number>();
  for (const { subtask, index } of ranked) {
    const before = perSubtask.get(subtask) ?? 0;
    if (before >= (mix.capPerSubtask ?? Infinity)) out[index] = "capped";
    else perSubtask.set(subtask, before + 1);
  }
  const kept = ranked.filter(({ index }) => out[index] === null);
  const room = roomOf(kept, mix.maxShare);
  for (const { kind, index } of kept) {
    if (room[kind] <= 0) out[index] = "share";
    room[kind] -= 1;
  }
  return out;
}

/** How many of each kind there is room for: the most with which no kind is above its share of what is kept. */
function roomOf(kept: Candidate[], maxShare: Mix["maxShare"]): Record<Kind, number> {
  const room: Record<Kind, number> = { bc: 0, rft: 0, eef: 0, promoted: 0 };
  for (const { kind } of kept) room[kind] += 1;
  // A share of a smaller whole is smaller: it shrinks until every share holds.
  for (let whole = kept.length; ;) {
    for (const kind of exampleKinds) {
      const share = maxShare[kind];
      // A share of 0.1 of 30 is 3, whatever floating point makes of it.
      if (share !== undefined) room[kind] = Math.min(room[kind], Math.floor(share * whole + 1e-9));
    }
    const sum = exampleKinds.reduce((total, kind) => total + room[kind], 0);
    if (sum === whole) return room;
    whole = sum;
  }
}
