import type { StepRow } from "@/lib/core/review-rows";
import { isOpen, nextStep } from "./decisions";
import type { Selection } from "./use-selection";

/** Ways through the steps of a trajectory; where there is nothing further, one stays. */
export type StepMoves = Record<
  "previous" | "next" | "previousOpen" | "nextOpen" | "previousUndecided" | "nextUndecided",
  () => void
>;

export function stepMoves(steps: StepRow[], selection: Selection): StepMoves {
  const by = (count: number) => () => selection.select(selection.get().stepIndex + count);
  const to = (is: (step: StepRow) => boolean, direction: 1 | -1) => () => {
    const found = nextStep(steps, selection.get().stepIndex, direction, is);
    if (found !== null) selection.select(found);
  };
  return {
    previous: by(-1),
    next: by(1),
    previousOpen: to(isOpen, -1),
    nextOpen: to(isOpen, 1),
    previousUndecided: to(isUndecided, -1),
    nextUndecided: to(isUndecided, 1),
  };
}

const isUndecided = ({ verdict }: StepRow) => verdict === "undecided";
