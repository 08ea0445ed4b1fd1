/** A stretch of an observation: parts as they are, new or all seen just before. */
export type Stretch = { same: boolean; parts: string[] };

/** Short repetitions cost more to fold than to read. */
const FOLDED_FROM = 3;

/**
 * Which parts of what is seen were there a step before, wherever they stood: three or more in a row are one `same` stretch.
 * Joining the parts of all stretches gives `parts` back.
 */
export function foldsOf(parts: string[], before: string[]): Stretch[] {
  const known = new Set(before);
  const stretches: Stretch[] = [];
  for (const part of parts) {
    const same = known.has(part) && part.trim() !== "";
    const last = stretches.at(-1);
    if (last?.same === same) last.parts.push(part);
    else stretches.push({ same, parts: [part] });
  }
  const folded = stretches.map((s) => ({ ...s, same: s.same && s.parts.length >= FOLDED_FROM }));
  return folded.reduce<Stretch[]>((all, stretch) => {
    const last = all.at(-1);
    if (last && !last.same && !stretch.same) last.parts.push(...stretch.parts);
    else all.push({ ...stretch, parts: [...stretch.parts] });
    return all;
  }, []);
}
