import { compareText, splitWords, strip } from "../python-text";

/**
 * How alike two texts are, 0..100, whatever the order and repetition of their words: `fuzz.token_set_ratio` of
 * thefuzz 0.19.0, the version the shop pins, with Python's difflib under it.
 * @returns a whole number; 0 when either text holds no letter or digit
 */
export function tokenSetRatio(left: string, right: string): number {
  const a = wordSet(left);
  const b = wordSet(right);
  if (a.size === 0 || b.size === 0) return 0;
  const common = [...a]
    .filter((word) => b.has(word))
    .sort(compareText)
    .join(" ");
  const leftOnly = [...a]
    .filter((word) => !b.has(word))
    .sort(compareText)
    .join(" ");
  const rightOnly = [...b]
    .filter((word) => !a.has(word))
    .sort(compareText)
    .join(" ");
  const leftAll = strip(`${common} ${leftOnly}`);
  const rightAll = strip(`${common} ${rightOnly}`);
  return Math.max(ratio(common, leftAll), ratio(common, rightAll), ratio(leftAll, rightAll));
}

/** Letters and digits in lower case, everything else a break; U+0080..U+00FF vanish first, as in the original. */
function wordSet(text: string): Set<string> {
  const ascii = text.replace(/[\u0080-\u00ff]/g, "");
  return new Set(splitWords(ascii.replace(/[^\p{L}\p{N}_]/gu, " ").toLowerCase()));
}

/** Share of characters in matching blocks, in whole percent, halves to even. */
function ratio(a: string, b: string): number {
  if (a === b) return 100;
  const left = Array.from(a);
  const right = Array.from(b);
  const percent = (100 * (2 * matchingCharacters(left, right))) / (left.length + right.length);
  const low = Math.floor(percent);
  const rest = percent - low;
  if (rest === 0.5) return low % 2 === 0 ? low : low + 1;
  return rest < 0.5 ? low : low + 1;
}

type Span = { aLow: number; aHigh: number; bLow: number; bHigh: number };

/** Sum of difflib's matching blocks: the longest common substring, then the same left and right of it. */
function matchingCharacters(a: string[], b: string[]): number {
  const places = placesOf(b);
  const pending: Span[] = [{ aLow: 0, aHigh: a.length, bLow: 0, bHigh: b.length }];
  let matching = 0;
  for (let span = pending.pop(); span; span = pending.pop()) {
    const block = longestBlock(a, b, places, span);
    if (block.size === 0) continue;
    matching += block.size;
    pending.push({ ...span, aHigh: block.a, bHigh: block.b });
    pending.push({ ...span, aLow: block.a + block.size, bLow: block.b + block.size });
  }
  return matching;
}

/** Where each character stands in b; in texts of 200 and more, characters above one per cent are left out (difflib). */
function placesOf(b: string[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  b.forEach((char, j) => {
    const known = places.get(char);
    if (known) known.push(j);
    else places.set(char, [j]);
  });
  if (b.length < 200) return places;
  const most = Math.floor(b.length / 100) + 1;
  for (const [char, at] of places) if (at.length > most) places.delete(char);
  return places;
}

function longestBlock(a: string[], b: string[], places: Map<string, number[]>, span: Span) {
  const best = { a: span.aLow, b: span.bLow, size: 0 };
  let lengths = new Map<number, number>();
  for (let i = span.aLow; i < span.aHigh; i++) {
    const grown = new Map<number, number>();
    for (const j of places.get(a[i] ?? "") ?? []) {
      if (j < span.bLow) continue;
      if (j >= span.bHigh) break;
      const size = (lengths.get(j - 1) ?? 0) + 1;
      grown.set(j, size);
      if (size > best.size) Object.assign(best, { a: i - size + 1, b: j - size + 1, size });
    }
    lengths = grown;
  }
  while (best.a > span.aLow && best.b > span.bLow && a[best.a - 1] === b[best.b - 1]) {
    Object.assign(best, { a: best.a - 1, b: best.b - 1, size: best.size + 1 });
  }
  while (
    best.a + best.size < span.aHigh &&
    best.b + best.size < span.bHigh &&
    a[best.a + best.size] === b[best.b + best.size]
  ) {
    best.size += 1;
  }
  return best;
}
