import type { StepText } from "./review-rows";

type Seen = Pick<StepText, "observation" | "action">;

/**
 * The first place where two stretches of steps, beginning at the same step, differ in what was seen or done. Thoughts do not
 * count: they change nothing outside.
 * @returns places after the beginning; null where the shorter one is the beginning of the longer one
 */
export function firstDifference(one: Seen[], other: Seen[]): number | null {
  const shared = Math.min(one.length, other.length);
  for (let i = 0; i < shared; i++)
    if (one[i]?.observation !== other[i]?.observation || one[i]?.action !== other[i]?.action) return i;
  return null;
}
