"use client";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { StepText } from "@/lib/core/review-rows";
import { stepTextsQuery } from "../../queries";

/** Steps read ahead on either side of what is in sight. */
const AHEAD = 15;

/**
 * The texts of a long trajectory, loaded as they come into sight.
 * @param first those the page came with
 * @param sight the steps in sight, `to` exclusive
 */
export function useStepTexts(
  trajectoryId: number,
  first: StepText[],
  sight: { from: number; to: number },
  length: number,
) {
  const [texts, setTexts] = useState(() => new Map(first.map((text) => [text.stepIndex, text])));
  const missing = firstMissing(texts, sight, length);
  const query = useQuery({ ...stepTextsQuery(trajectoryId, missing ?? 0), enabled: missing !== null });
  const { data } = query;
  if (missing !== null && data?.some(({ stepIndex }) => !texts.has(stepIndex)))
    setTexts(new Map([...texts, ...data.map((text) => [text.stepIndex, text] as const)]));
  return {
    texts,
    failure: missing !== null && query.isError ? query.error.message : null,
    retry: () => void query.refetch(),
  };
}

/** What is in sight comes before what is read ahead. */
function firstMissing(
  texts: ReadonlyMap<number, StepText>,
  { from, to }: { from: number; to: number },
  length: number,
): number | null {
  for (let i = from; i < to; i++) if (!texts.has(i)) return i;
  for (let i = to; i < Math.min(length, to + AHEAD); i++) if (!texts.has(i)) return i;
  // Backwards a page is read as a whole: its first step is the one to ask for.
  for (let i = from - 1; i >= Math.max(0, from - AHEAD); i--)
    if (!texts.has(i)) return Math.max(0, Math.min(i, from - AHEAD));
  return null;
}
