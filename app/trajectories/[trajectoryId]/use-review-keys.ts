"use client";
import type { StepRow } from "@/lib/core/review-rows";
import { nextOpen } from "./decisions";
import { useKeys, type KeyActions } from "../use-keys";
import type { useDeciding } from "./use-deciding";
import type { useStepsView } from "./use-steps-view";

type Desk = {
  steps: StepRow[];
  selected: number;
  select: (stepIndex: number) => void;
  deciding: ReturnType<typeof useDeciding>;
  undo: () => void;
  go: (href: string | null) => void;
  around: { previous: string | null; next: string | null };
  toggleRollout: () => void;
  togglePolicy: () => void;
  view: ReturnType<typeof useStepsView>;
  find: () => void;
  showKeys: () => void;
};

/** The keys of the review page. While a reason is asked for, only its keys answer. */
export function useReviewKeys(desk: Desk, active: boolean) {
  useKeys(desk.deciding.asking ? reasonKeys(desk.deciding) : deskKeys(desk), active);
}

const once = (run: () => void) => ({ run, held: false });
const held = (run: () => void) => ({ run, held: true });

function reasonKeys(deciding: Desk["deciding"]): KeyActions {
  const keys: KeyActions = { Escape: once(deciding.cancel), Enter: once(() => deciding.choose(null)) };
  deciding.reasons.forEach((reason, i) => {
    keys[String(i + 1)] = once(() => deciding.choose(reason));
  });
  return keys;
}

function deskKeys(desk: Desk): KeyActions {
  const { steps, selected, select, deciding } = desk;
  const move = (by: number) => select(Math.min(Math.max(0, selected + by), steps.length - 1));
  const jump = (direction: 1 | -1) => {
    const to = nextOpen(steps, selected, direction);
    if (to !== null) select(to);
  };
  return {
    j: held(() => move(1)),
    k: held(() => move(-1)),
    ArrowDown: held(() => move(1)),
    ArrowUp: held(() => move(-1)),
    J: once(() => jump(1)),
    K: once(() => jump(-1)),
    "]": once(() => desk.go(desk.around.next)),
    "[": once(() => desk.go(desk.around.previous)),
    a: once(() => deciding.begin("approve", false)),
    A: once(() => deciding.begin("approve", true)),
    x: once(() => deciding.begin("veto", false)),
    X: once(() => deciding.begin("veto", true)),
    p: once(() => deciding.begin("promote", false)),
    P: once(() => deciding.begin("promote", true)),
    n: once(() => deciding.setNote(deciding.note ?? "")),
    u: once(desk.undo),
    m: once(desk.togglePolicy),
    t: once(desk.view.toggleThoughts),
    w: once(desk.view.toggleUnchanged),
    "/": once(desk.find),
    o: once(desk.toggleRollout),
    "?": once(desk.showKeys),
  };
}
