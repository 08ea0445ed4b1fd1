/** An agreement beyond chance: 1 is perfect, 0 what chance gives, below 0 worse; null where the data cannot say. */
export type Agreement = { value: number | null; n: number };

/** Fewer things judged by more than one say nothing about how well they agree. */
export const leastUnits = 10;

/**
 * Cohen's kappa of two raters.
 * @param pairs what the one and the other said of each thing both judged
 * @returns n pairs; null below `leastUnits`, and where both say one and the same word of everything: there kappa is 0/0
 * Source: J. Cohen, A coefficient of agreement for nominal scales, 1960
 */
export function cohenKappa(pairs: (readonly [string, string])[]): Agreement {
  const n = pairs.length;
  if (n < leastUnits) return { value: null, n };
  const ones = tally(pairs.map(([one]) => one));
  const others = tally(pairs.map(([, other]) => other));
  const observed = pairs.filter(([one, other]) => one === other).length / n;
  const expected = sum([...ones].map(([word, times]) => (times / n) * ((others.get(word) ?? 0) / n)));
  return { value: expected === 1 ? null : (observed - expected) / (1 - expected), n };
}

/**
 * Krippendorff's alpha for words without an order, any number of raters and any of them missing.
 * @param units what was said of each thing, by whoever judged it
 * @returns n things that more than one judged; null below `leastUnits`, and where one word is said of everything
 * Source: K. Krippendorff, Computing Krippendorff's alpha-reliability, 2011, section C
 */
export function krippendorffAlpha(units: string[][]): Agreement {
  const judged = units.filter((words) => words.length > 1);
  if (judged.length < leastUnits) return { value: null, n: judged.length };
  const words = judged.flat();
  const said = [...tally(words).values()];
  const disagreeing = sum(
    judged.map((of) => {
      const same = sum([...tally(of).values()].map((times) => times * (times - 1)));
      return (of.length * (of.length - 1) - same) / (of.length - 1);
    }),
  );
  const byChance = (words.length ** 2 - sum(said.map((times) => times * times))) / (words.length - 1);
  return { value: byChance === 0 ? null : 1 - disagreeing / byChance, n: judged.length };
}

function tally(words: string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1);
  return times;
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);
