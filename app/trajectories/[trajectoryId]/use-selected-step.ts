"use client";
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";

const MOVED = "gleaner:step";

function subscribe(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  window.addEventListener(MOVED, changed);
  return () => {
    window.removeEventListener("hashchange", changed);
    window.removeEventListener(MOVED, changed);
  };
}

/** Which step is selected: the address says (`#step-7`), else `start`. Selecting one brings it into view. */
export function useSelectedStep(length: number, start: number): [number, (stepIndex: number) => void] {
  const [first] = useState(start);
  const hash = useSyncExternalStore(
    subscribe,
    () => window.location.hash,
    () => "",
  );
  const asked = Number(/^#step-(\d{1,6})$/.exec(hash)?.[1] ?? first);
  const selected = Math.min(asked, Math.max(0, length - 1));
  useEffect(() => bringIntoView(selected), [selected]);
  const select = useCallback((stepIndex: number) => {
    window.history.replaceState(null, "", `#step-${stepIndex}`);
    window.dispatchEvent(new Event(MOVED));
  }, []);
  return [selected, select];
}

/** Moves the list only when the step is not wholly in sight, and then to a fifth from its top. */
function bringIntoView(stepIndex: number) {
  const card = document.getElementById(`step-${stepIndex}`);
  const list = card?.closest("[data-scroller]");
  if (!card || !list) return;
  const [at, frame] = [card.getBoundingClientRect(), list.getBoundingClientRect()];
  if (at.top >= frame.top + 8 && at.bottom <= frame.bottom - 8) return;
  const room = Math.max(12, Math.min(frame.height / 5, frame.height - at.height - 12));
  list.scrollTop += at.top - frame.top - room;
}
