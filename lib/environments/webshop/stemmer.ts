/** Endings of the second step, longest of a kind first; applied where a vowel-consonant pair stays in front. */
const derived: readonly (readonly [string, string])[] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["logi", "log"],
];
const shortened: readonly (readonly [string, string])[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];
const dropped = [
  ...[
    "al",
    "ance",
    "ence",
    "er",
    "ic",
    "able",
    "ible",
    "ant",
    "ement",
    "ment",
    "ent",
    "ion",
    "ou",
    "ism",
    "ate",
  ],
  ...["iti", "ous", "ive", "ize"],
];

/**
 * The stem a word is indexed under: Porter's algorithm with the two departures of his own program that Lucene has
 * (-bli becomes -ble, -logi becomes -log).
 * @param word lower case; words of one or two letters stay as they are
 */
export function stem(word: string): string {
  if (word.length <= 2) return word;
  let stemmed = withoutTense(withoutPlural(word));
  if (stemmed.endsWith("y") && hasVowel(stemmed.slice(0, -1))) stemmed = `${stemmed.slice(0, -1)}i`;
  stemmed = replaceEnding(replaceEnding(stemmed, derived), shortened);
  return tidied(withoutSuffix(stemmed));
}

function withoutPlural(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function withoutTense(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = ["ed", "ing"].find((tense) => word.endsWith(tense));
  if (ending === undefined) return word;
  const base = word.slice(0, -ending.length);
  if (!hasVowel(base)) return word;
  if (/(?:at|bl|iz)$/.test(base)) return `${base}e`;
  if (endsDouble(base)) return /[lsz]$/.test(base) ? base : base.slice(0, -1);
  return measure(base) === 1 && endsShort(base) ? `${base}e` : base;
}

function replaceEnding(word: string, endings: readonly (readonly [string, string])[]): string {
  const found = endings.find(([ending]) => word.endsWith(ending));
  if (!found) return word;
  const base = word.slice(0, -found[0].length);
  return measure(base) > 0 ? base + found[1] : word;
}

function withoutSuffix(word: string): string {
  const ending = dropped.find(
    (suffix) => word.endsWith(suffix) && (suffix !== "ion" || /[st]$/.test(word.slice(0, -3))),
  );
  if (ending === undefined) return word;
  const base = word.slice(0, -ending.length);
  return measure(base) > 1 ? base : word;
}

/** A last -e and a doubled -l go where enough is left; both measures are of the whole word. */
function tidied(word: string): string {
  const size = measure(word);
  let rest = word;
  if (word.endsWith("e") && (size > 1 || (size === 1 && !endsShort(word.slice(0, -1)))))
    rest = word.slice(0, -1);
  return rest.endsWith("l") && endsDouble(rest) && size > 1 ? rest.slice(0, -1) : rest;
}

function isConsonant(word: string, i: number): boolean {
  const letter = word[i];
  if (letter === "y") return i === 0 || !isConsonant(word, i - 1);
  return !(letter === "a" || letter === "e" || letter === "i" || letter === "o" || letter === "u");
}

function hasVowel(word: string): boolean {
  for (let i = 0; i < word.length; i++) if (!isConsonant(word, i)) return true;
  return false;
}

/** How many times a vowel is followed by a consonant. */
function measure(word: string): number {
  let pairs = 0;
  for (let i = 1; i < word.length; i++) if (isConsonant(word, i) && !isConsonant(word, i - 1)) pairs += 1;
  return pairs;
}

function endsDouble(word: string): boolean {
  const last = word.length - 1;
  return last >= 1 && word[last] === word[last - 1] && isConsonant(word, last);
}

/** Ends consonant, vowel, consonant, the last not w, x or y. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  if (last < 2 || !isConsonant(word, last) || isConsonant(word, last - 1) || !isConsonant(word, last - 2))
    return false;
  return !/[wxy]$/.test(word);
}
