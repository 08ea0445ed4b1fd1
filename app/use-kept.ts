"use client";
import { useCallback, useSyncExternalStore } from "react";

const KEPT = "gleaner:kept";

function subscribe(changed: () => void): () => void {
  window.addEventListener("storage", changed);
  window.addEventListener(KEPT, changed);
  return () => {
    window.removeEventListener("storage", changed);
    window.removeEventListener(KEPT, changed);
  };
}

function read(key: string): string | null {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** A switch that this browser remembers; where the browser keeps nothing it stays as it starts. */
export function useKeptSwitch(key: string, start: boolean): [boolean, () => void] {
  const kept = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  const on = kept === null ? start : kept === "on";
  const toggle = useCallback(() => {
    try {
      window.localStorage.setItem(key, on ? "off" : "on");
    } catch {
      return;
    }
    window.dispatchEvent(new Event(KEPT));
  }, [key, on]);
  return [on, toggle];
}
