import { stem } from "./stemmer";

/** Lucene's English stop words. */
const stopWords = new Set(
  (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they " +
    "this to was will with"
  ).split(" "),
);

const words = new Intl.Segmenter("en", { granularity: "word" });
const wordLike = /[\p{L}\p{Nd}]/u;
/** Pictographs are words of their own; the ranges are those Unicode counted when the index format was made. */
const pictograph =
  /^(?:\p{ExtPict}|[\u2600-\u2605\u2607-\u2612\u2614-\u2685\u2690-\u2705\u2708-\u2712]|[\u2763-\u2767]|[\u{1f000}-\u{1f0ff}])/u;
const oneByOne = /[\p{sc=Han}\p{sc=Hira}]/u;
const possessive = /['\u2019\uff07]s$/;

const stems = new Map<string, string>();
const STEMS_KEPT = 200_000;

/**
 * The index terms of a text, in order, repetitions included: Unicode word breaks, lower case, possessives cut, stop
 * words dropped, Porter stems.
 * Source: Anserini's default English analyser on Lucene 8, which the shop's index is made with
 */
export function analyze(text: string): string[] {
  const terms: string[] = [];
  for (const { segment } of words.segment(text)) {
    if (!wordLike.test(segment) && !pictograph.test(segment)) continue;
    for (const word of split(segment)) {
      const plain = word.toLowerCase().replace(possessive, "");
      if (!stopWords.has(plain)) terms.push(stemOf(plain));
    }
  }
  return terms;
}

/** Han and Hiragana count one term per character; the segmenter joins them by dictionary. */
function split(segment: string): string[] {
  if (!oneByOne.test(segment)) return [segment];
  return segment.match(/[\p{sc=Han}\p{sc=Hira}]|[^\p{sc=Han}\p{sc=Hira}]+/gu) ?? [];
}

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= STEMS_KEPT) stems.clear();
  const stemmed = stem(word);
  stems.set(word, stemmed);
  return stemmed;
}
