"use client";
import { useKeys, type KeyActions } from "../use-keys";
import type { StepMoves } from "./step-moves";
import type { useDeciding } from "./use-deciding";

type Desk = {
  steps: StepMoves;
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

function deskKeys({ steps, deciding, moves, looks, ...desk }: Desk): KeyActions {
  return {
    j: held(steps.next),
    k: held(steps.previous),
    ArrowDown: held(steps.next),
    ArrowUp: held(steps.previous),
    J: once(steps.nextOpen),
    K: once(steps.previousOpen),
    d: once(steps.nextUndecided),
    D: once(steps.previousUndecided),
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
