/** `WithCode`: a sentence of the API's description; what stands between backticks in it is code. */
export function WithCode({ text }: { text: string }) {
  // Every second piece stood between two backticks; a last one that was never closed did not.
  const pieces = text.split("`");
  return pieces.map((piece, i) => {
    if (i % 2 === 0) return piece;
    return i === pieces.length - 1 ? `\`${piece}` : <code key={i}>{piece}</code>;
  });
}
