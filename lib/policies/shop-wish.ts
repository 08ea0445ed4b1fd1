/** What the customer wants, read from the instruction alone. */
export type Wish = {
  /** Words and how telling each is: the words that name the kind of product weigh most. */
  words: Map<string, number>;
  /** The instruction's words in order, without filler: what to search for. */
  keywords: string[];
  options: { name: string; value: string }[];
  /** Highest price allowed; null where none is named. */
  priceLimit: number | null;
};

const filler = new Set(
  (
    "a an and any are be but buy by can find for from get give has have help i in is it its like looking lower made me " +
    "my need of on or please price should show so some than that the them there to under want which who will with would you dollars"
  ).split(" "),
);

const plainWords = (text: string) =>
  text
    .toLowerCase()
    .replace(/'s\b/g, "")
    .match(/[\p{L}\p{Nd}]+(?:\.\p{Nd}[\p{L}\p{Nd}]*)?/gu) ?? [];

function singular(word: string): string {
  if (word.length <= 3) return word;
  return /(?:x|z|ch|sh|ss)es$/.test(word) ? word.slice(0, -2) : word.replace(/([^aius])s$/, "$1");
}

/** Lower-case words and numbers, plural endings cut, so that `Shorts` and `short` are one. */
export function wordsOf(text: string): string[] {
  return plainWords(text).map(singular);
}

const priceClause = /,?\s*(?:and )?price (?:lower|less|cheaper) than \$?([\d,.]*\d)\s*dollars?/i;
/** `with color: navy, and size: x-large`: a named option and everything up to the next one. */
const optionStart = /(?: with|,? and) ((?:(?! with | and )[a-z0-9 &/'-]){1,40}?): /gi;

/** Reads `Find me … with color: navy, and size: x-large, and price lower than 50.00 dollars`. */
export function readWish(instruction: string): Wish {
  const price = priceClause.exec(instruction);
  const text = price === null ? instruction : instruction.slice(0, price.index);
  const marks = [...text.matchAll(optionStart)];
  const options = marks.map((mark, index) => ({
    name: (mark[1] ?? "").toLowerCase(),
    value: text
      .slice(mark.index + mark[0].length, marks[index + 1]?.index)
      .trim()
      .toLowerCase(),
  }));
  const described = text.slice(0, marks[0]?.index);
  const telling = plainWords(described).filter((word) => !filler.has(word));
  return {
    words: weigh(described),
    keywords: [...new Set(telling.length > 0 ? telling : ["product"])],
    options,
    priceLimit: price?.[1] === undefined ? null : Number(price[1].replaceAll(",", "")),
  };
}

/** The kind of product stands at the end of the part before `with` or `for`, after its leading properties. */
function weigh(described: string): Map<string, number> {
  const [naming = ""] = described.split(/ (?:with|for|that|which|made) /);
  const kind = wordsOf(naming.split(",").at(-1) ?? "").filter((word) => !filler.has(word));
  const weights = new Map(
    wordsOf(described)
      .filter((word) => !filler.has(word))
      .map((word) => [word, 1]),
  );
  kind.slice(-3).forEach((word) => weights.set(word, 2));
  return weights;
}

/** The keywords a text does not have, in any number. */
export function missingWords({ keywords }: Wish, text: string): string[] {
  const present = new Set(wordsOf(text));
  return keywords.filter((word) => !present.has(singular(word)));
}

/** How much of the wish a text covers, 0..1; words that name the kind of product count more. */
export function coverage(wish: Wish, text: string): number {
  const weightOf = (words: string[]) => {
    const different = new Set(words.map(singular));
    return [...different].reduce((sum, word) => sum + (wish.words.get(word) ?? 1), 0);
  };
  return 1 - weightOf(missingWords(wish, text)) / weightOf(wish.keywords);
}
