/** Words as the noun lists were made from: runs of letters and digits, a possessive with its noun, symbols one by one. */
const tokens = /[a-z0-9]+(?:['\u2019][a-z]+)?|[^\sa-z0-9]/g;
const symbol = /^[^a-z0-9]/;

/** Words of product names that are hardly ever nouns. */
const notNouns = new Set(
  (
    "a an and are as at be but by for from if in into is it its more new no not of off on or our plus set that the their " +
    "them this to up very was with without you your"
  ).split(" "),
);

/**
 * How many tokens of a product name are nouns, repetitions included; a list names each noun once.
 *
 * A tagger judges words by their place: the same symbol counts as a noun after a word and not after a number. So a
 * symbol of the list counts where a word precedes it, and once where none does. Agrees with every title score among
 * the recordings of the real engine (88 goals).
 */
export function countNouns(name: string, nouns: readonly string[]): number {
  const listed = new Set(nouns);
  const found = new Map<string, number>();
  let previous = "";
  for (const token of name.toLowerCase().match(tokens) ?? []) {
    const counts = !symbol.test(token) || /^[a-z'\u2019]+$/.test(previous);
    if (listed.has(token) && counts) found.set(token, (found.get(token) ?? 0) + 1);
    previous = token;
  }
  return nouns.reduce((sum, noun) => sum + Math.max(1, found.get(noun) ?? 0), 0);
}

/**
 * A stand-in where no noun list is given: every word of the name that is neither a number nor a function word.
 * Coarser than a tagger, so rewards of such catalogues differ a little from the original's.
 */
export function nounsOf(name: string): string[] {
  const words = name.toLowerCase().match(tokens) ?? [];
  return [
    ...new Set(words.filter((word) => /^[a-z]/.test(word) && word.length > 1 && !notNouns.has(word))),
  ].sort();
}
