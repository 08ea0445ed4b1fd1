/** How step text is searched: by whole words, whatever their case. */

/** Text of a trajectory that is searched, in characters; what comes after is not found. */
export const searchedCharacters = {
  action: 2000,
  thought: 4000,
  observation: 4000,
  /** Steps whose text is searched. */
  steps: 2000,
  /** Of all steps together. */
  trajectory: 200_000,
} as const;

/** Words longer than this are known by their beginning. */
const LONGEST_WORD = 64;
const WORD = /[\p{Alphabetic}\p{N}]+/gu;
/** Characters shown before and after what was found. */
const AROUND = 60;

/** The longest search, in characters, and its most words. */
const LONGEST_SEARCH = 200;
const MOST_WORDS = 10;

/** Why a text cannot be searched for, and what can be; null where it can. */
export function searchProblem(said: string): { message: string; fix: string } | null {
  const fix = `search for ${MOST_WORDS} words at most, in ${LONGEST_SEARCH} characters`;
  if (said.length > LONGEST_SEARCH)
    return { message: `the words to find are ${said.length} characters long`, fix };
  const words = wordsOf(said).length;
  if (words > MOST_WORDS) return { message: `there are ${words} words to find`, fix };
  return words > 0
    ? null
    : { message: "there is no word to find", fix: "search for letters or digits: only words are found" };
}

export type Said = { action: string; thought: string | null; observation: string };

/** The words of a text, each once: runs of letters and digits in lower case, 64 characters of each at most. */
export function wordsOf(text: string): string[] {
  return [...new Set((text.toLowerCase().match(WORD) ?? []).map(cut))];
}

/** The texts of a trajectory that are searched, cut to what of them is. */
export function searchedTexts(steps: Said[]): string[] {
  const { action, thought, observation } = searchedCharacters;
  const texts: string[] = [];
  let left: number = searchedCharacters.trajectory;
  for (const step of steps.slice(0, searchedCharacters.steps)) {
    const said = [
      step.action.slice(0, action),
      (step.thought ?? "").slice(0, thought),
      step.observation.slice(0, observation),
    ];
    for (const text of said) {
      if (left <= 0) return texts;
      texts.push(text.slice(0, left));
      // A character stands between one and the next.
      left -= text.length + 1;
    }
  }
  return texts;
}

/** The words said in the steps of a trajectory, each once, as far as they are searched. */
export const saidIn = (steps: Said[]): string[] => wordsOf(searchedTexts(steps).join(" "));

/** Where in a step words were found: a piece of its text, cut around them; every second piece is a word found. */
export type Passage = { where: "action" | "thought" | "observation"; pieces: string[] };

/** Where a trajectory says words that were looked for. */
export type FoundPassage = { trajectoryId: number; stepIndex: number } & Passage;

/** The first place of a step where one of the words is said, the earlier words preferred; null where none is. */
export function passageOf(step: Said, words: string[]): Passage | null {
  for (const word of words)
    for (const where of ["action", "thought", "observation"] as const) {
      const text = step[where]?.slice(0, searchedCharacters[where]) ?? "";
      const at = Array.from(text.matchAll(WORD)).find(([each]) => cut(each.toLowerCase()) === word)?.index;
      if (at === undefined) continue;
      const from = Math.max(0, at - AROUND);
      const to = Math.min(text.length, at + word.length + AROUND);
      const piece = text.slice(from, to).toWellFormed();
      return { where, pieces: marked(`${from > 0 ? "…" : ""}${piece}${to < text.length ? "…" : ""}`, words) };
    }
  return null;
}

function marked(text: string, words: string[]): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (!words.includes(cut(word.toLowerCase()))) continue;
    pieces.push(text.slice(from, index), word);
    from = index + word.length;
  }
  return [...pieces, text.slice(from)];
}

const cut = (word: string) =>
  word.length <= LONGEST_WORD
    ? word
    : Array.from(word.slice(0, 2 * LONGEST_WORD))
        .slice(0, LONGEST_WORD)
        .join("");
