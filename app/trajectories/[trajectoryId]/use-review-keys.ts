"use client";
import type { StepRow } from "@/lib/core/review-rows";
import { isOpen, nextStep } from "./decisions";
import { useKeys, type KeyActions } from "../use-keys";
import type { useDeciding } from "./use-deciding";
import type { Selection } from "./use-selection";

type Desk = {
  steps: StepRow[];
  selection: Selection;
  deciding: ReturnType<typeof useDeciding>;
  undo: () => void;
  approveAll: () => void;
  moves: Moves;
  looks: Looks;
};

/** Ways to other trajectories. */
export type Moves = {
  previous: () => void;
  next: () => void;
  previousOpen: () => void;
  nextOpen: () => void;
};

/** What changes how the page looks, and nothing else. */
export type Looks = Record<
  "policy" | "thoughts" | "unchanged" | "calls" | "details" | "find" | "rollout" | "fork" | "keys",
  () => void
>;

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

function deskKeys({ steps, selection, deciding, moves, looks, ...desk }: Desk): KeyActions {
  const at = () => selection.get().stepIndex;
  const move = (by: number) => selection.select(at() + by);
  const jump = (is: (step: StepRow) => boolean, direction: 1 | -1) => {
    const to = nextStep(steps, at(), direction, is);
    if (to !== null) selection.select(to);
  };
  return {
    j: held(() => move(1)),
    k: held(() => move(-1)),
    ArrowDown: held(() => move(1)),
    ArrowUp: held(() => move(-1)),
    J: once(() => jump(isOpen, 1)),
    K: once(() => jump(isOpen, -1)),
    d: once(() => jump(isUndecided, 1)),
    D: once(() => jump(isUndecided, -1)),
    "]": once(moves.next),
    "[": once(moves.previous),
    "}": once(moves.nextOpen),
    "{": once(moves.previousOpen),
    a: once(() => deciding.begin("approve", false)),
    A: once(() => deciding.begin("approve", true)),
    x: once(() => deciding.begin("veto", false)),
    X: once(() => deciding.begin("veto", true)),
    p: once(() => deciding.begin("promote", false)),
    P: once(() => deciding.begin("promote", true)),
    c: once(desk.approveAll),
    n: once(() => deciding.setNote(deciding.note ?? "")),
    u: once(desk.undo),
    f: once(looks.fork),
    m: once(looks.policy),
    t: once(looks.thoughts),
    w: once(looks.unchanged),
    l: once(looks.calls),
    i: once(looks.details),
    "/": once(looks.find),
    o: once(looks.rollout),
    "?": once(looks.keys),
  };
}

const isUndecided = ({ verdict }: StepRow) => verdict === "undecided";
