"use client";
import { useCallback, useState, useSyncExternalStore } from "react";

const MOVED = "gleaner:step";

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener("hashchange", changed);
    window.removeEventListener(MOVED, changed);
  };
}

/** Which step is selected: the address says (`#step-7`), else `start`. */
export function useSelectedStep(length: number, start: number): [number, (stepIndex: number) => void] {
  const [first] = useState(start);
  const hash = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => "",
  );
  const asked = Number(/^#step-(\d{1,6})$/.exec(hash)?.[1] ?? first);
  const select = useCallback((stepIndex: number) => {
    window.history.replaceState(null, "", `#step-${stepIndex}`);
    window.dispatchEvent(new Event(MOVED));
  }, []);
  return [Math.min(asked, Math.max(0, length - 1)), select];
}
