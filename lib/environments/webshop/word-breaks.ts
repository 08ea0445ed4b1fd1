import { characterKind } from "./character-kinds";

/** No word is read further than this many UTF-16 units; the rest of it is another word. */
const LONGEST = 255;
/** Characters read again where a stretch of that length has no word: one may begin at its end. */
const BORDER = 8;

/** Marks belong to the character before them. */
const marks = "[xzfecs]*";
const joined = `(?:_${marks})*`;
const letter = `(?:H${marks}(?:q${marks}|d${marks}H${marks})?|[AI]${marks})`;
const letters = `${letter}(?:(?:${joined}|[mbq]${marks})${letter})*`;
const digits = `N${marks}(?:(?:${joined}|[nbq]${marks})N${marks})*`;
const katakana = `K${marks}(?:${joined}K${marks})*`;
const run = `(?:${katakana}|(?:${digits}|${letters})+)`;
const word = `${joined}${run}(?:(?:_${marks})+${run})*${joined}`;

/** Marks inside an emoji leave its presentation to the pattern. */
const emojiMarks = "[xzcs]*";
const emoji = `(?:B${emojiMarks}M${emojiMarks}|M${emojiMarks}|[EB]${emojiMarks}f?)`;
const glued = `(?:(?:(?<=z)|z+)${emoji})`;
const flag = `R${marks}R${marks}`;
const keycap = `k${emojiMarks}f?c${emojiMarks}`;

/** The last branch is a run of connectors or joiners that join nothing where reading stops; a word may begin in it. */
const words = new RegExp(
  `z*${emoji}${glued}*|I${emojiMarks}f?${glued}+|${keycap}|${flag}|${word}|(?:[Ss]${marks})+|O${marks}|(z+|${joined}_)`,
);

/**
 * The words of a text, in order: Unicode's word breaks as Lucene's standard tokenizer draws them. Han and Hiragana
 * characters are words of their own, so are emoji; runs of Thai, Lao, Khmer and Burmese stay whole. Does not depend on
 * the Unicode version of the running Node.
 */
export function wordsOf(text: string): string[] {
  const { kinds, starts } = readCharacters(text);
  const startOf = (character: number) => starts[character] ?? text.length;
  const found: string[] = [];
  for (let at = 0; at < kinds.length;) {
    let end = Math.min(at + LONGEST, kinds.length);
    while (startOf(end) - startOf(at) > LONGEST) end -= 1;
    const cut = end < kinds.length;
    const match = words.exec(kinds.slice(at, end));
    if (!match) {
      at = cut ? end - BORDER : end;
      continue;
    }
    const [whole, passed] = match;
    const from = at + match.index;
    const to = from + whole.length;
    const unfinished = cut && to === end;
    if (passed === undefined && !(unfinished && from > at))
      found.push(text.slice(startOf(from), startOf(to)));
    if (!unfinished) at = to;
    else if (from > at) at = from;
    else at = passed === undefined ? to : at + 1;
  }
  return found;
}

/** The kind of every character, a letter each, and where in the text each begins. */
function readCharacters(text: string): { kinds: string; starts: number[] } {
  const starts: number[] = [];
  let kinds = "";
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0;
    kinds += characterKind(code);
    starts.push(at);
    at += code > 0xffff ? 2 : 1;
  }
  return { kinds, starts };
}
