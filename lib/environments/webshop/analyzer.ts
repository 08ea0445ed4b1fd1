import { stem } from "./stemmer";
import { wordsOf } from "./word-breaks";

/** Lucene's English stop words. */
const stopWords = new Set(
  (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they " +
    "this to was will with"
  ).split(" "),
);

const possessive = /['\u2019\uff07][sS]$/;

const stems = new Map<string, string>();
const STEMS_KEPT = 200_000;

/**
 * The index terms of a text, in order, repetitions included: Unicode word breaks, lower case, possessives cut, stop
 * words dropped, Porter stems.
 * Source: Anserini's default English analyser on Lucene 8, which the shop's index is made with
 */
export function analyze(text: string): string[] {
  const terms: string[] = [];
  for (const word of wordsOf(text)) {
    const plain = word.replace(possessive, "").toLowerCase();
    if (!stopWords.has(plain)) terms.push(stemOf(plain));
  }
  return terms;
}

function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  if (stems.size >= STEMS_KEPT) stems.clear();
  const stemmed = stem(word);
  stems.set(word, stemmed);
  return stemmed;
}
