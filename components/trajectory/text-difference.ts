import { diffWordsWithSpace } from "diff";

/** A run of one side of a comparison: `same` on both sides, or only on this one. */
export type Piece = { text: string; same: boolean };

/** Longer texts are compared by their beginnings only, so that no page hangs over them. */
const LONGEST = 40_000;
const PATIENCE_MS = 250;

/**
 * Two texts word by word: joining the pieces of a side gives that side's text back (up to its first 40,000 characters).
 * Where word by word takes too long, what both begin with and the rest.
 */
export function difference(recorded: string, replayed: string): { recorded: Piece[]; replayed: Piece[] } {
  const [a, b] = [recorded.slice(0, LONGEST), replayed.slice(0, LONGEST)];
  const changes = diffWordsWithSpace(a, b, { timeout: PATIENCE_MS });
  if (changes === undefined) {
    const same = commonStart(a, b);
    return { recorded: halves(a, same), replayed: halves(b, same) };
  }
  const side = (other: "added" | "removed"): Piece[] =>
    changes.flatMap(({ value, added, removed }) => {
      if ({ added, removed }[other]) return [];
      return [{ text: value, same: !added && !removed }];
    });
  return { recorded: side("added"), replayed: side("removed") };
}

function halves(text: string, same: number): Piece[] {
  const pieces = [
    { text: text.slice(0, same), same: true },
    { text: text.slice(same), same: false },
  ];
  return pieces.filter((piece) => piece.text !== "");
}

/** How many characters two texts share from their beginning. */
export function commonStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i += 1;
  return i;
}

const CONTEXT = 120;

/** What both sides share is shortened to what stands around a difference. */
export function shortened({ text, same }: Piece, position: "first" | "middle" | "last"): string {
  if (!same || text.length <= 2 * CONTEXT + 40) return text;
  const left = position === "first" ? "" : text.slice(0, CONTEXT);
  const right = position === "last" ? "" : text.slice(-CONTEXT);
  return `${left} … ${right}`;
}
