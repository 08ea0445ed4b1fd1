"use client";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

/** Where on the page a person is: a step, and whether its fork is on show instead of the steps. */
export type Place = { stepIndex: number; fork: boolean };

/** The place, for those who ask and those who follow it. Parts of the page follow it one by one, so few are drawn again. */
export type Selection = {
  get: () => Place;
  subscribe: (changed: () => void) => () => void;
  select: (stepIndex: number) => void;
  showFork: (fork: boolean) => void;
};

/** The address is for sharing: while a key is held it need not keep up, and writing it is not free. */
const ADDRESS_MS = 150;

/** The address says where to begin (`#step-7`, `#fork-7`), else `start`; it is kept up to date. */
export function useSelection(length: number, start: number): Selection {
  const [selection] = useState(() => createSelection(length, start));
  useEffect(() => selection.followAddress(), [selection]);
  return selection;
}

export function useStepIndex({ subscribe, get }: Selection): number {
  const snapshot = useCallback(() => get().stepIndex, [get]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

export function useIsFork({ subscribe, get }: Selection): boolean {
  const snapshot = useCallback(() => get().fork, [get]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

/** Whether one step is the selected one: only the step left and the step reached hear of a move. */
export function useIsSelected({ subscribe, get }: Selection, stepIndex: number): boolean {
  const snapshot = useCallback(() => get().stepIndex === stepIndex, [get, stepIndex]);
  return useSyncExternalStore(subscribe, snapshot, snapshot);
}

function createSelection(length: number, start: number): Selection & { followAddress: () => () => void } {
  const within = (stepIndex: number) => Math.max(0, Math.min(stepIndex, length - 1));
  const listeners = new Set<() => void>();
  let place: Place = { stepIndex: within(start), fork: false };
  let timer: number | undefined;
  const move = (to: Place) => {
    if (to.stepIndex === place.stepIndex && to.fork === place.fork) return false;
    place = to;
    for (const listener of listeners) listener();
    return true;
  };
  const write = () => {
    window.history.replaceState(null, "", `#${place.fork ? "fork" : "step"}-${place.stepIndex}`);
  };
  const go = (to: Place) => {
    move(to);
    window.clearTimeout(timer);
    timer = window.setTimeout(write, ADDRESS_MS);
  };
  const readAddress = () => {
    const [, kind, index] = /^#(step|fork)-(\d{1,6})$/.exec(window.location.hash) ?? [];
    if (index !== undefined) move({ stepIndex: within(Number(index)), fork: kind === "fork" });
  };
  return {
    get: () => place,
    subscribe: (changed) => {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    select: (stepIndex) => go({ ...place, stepIndex: within(stepIndex) }),
    showFork: (fork) => go({ ...place, fork }),
    followAddress: () => {
      readAddress();
      window.addEventListener("hashchange", readAddress);
      return () => {
        window.clearTimeout(timer);
        window.removeEventListener("hashchange", readAddress);
      };
    },
  };
}
