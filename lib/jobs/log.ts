const LONGEST = 500;

/** Text from outside as part of one log line: no line breaks, no terminal codes, not endless. */
export function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ");
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)} …` : plain;
}
