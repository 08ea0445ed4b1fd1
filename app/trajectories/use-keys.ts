"use client";
import { useEffect, useEffectEvent } from "react";

/** What a key does; `held` is true for keys that may repeat while held down (moving, never deciding). */
export type KeyActions = Record<string, { run: () => void; held: boolean }>;

/** Single keys for the page. Not while typing, not with Ctrl, Alt or Meta, not while `active` is false. */
export function useKeys(actions: KeyActions, active: boolean) {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    if (event.repeat && !action.held) return;
    action.run();
  });
  useEffect(() => {
    if (!active) return;
    const listener = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, [active]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable='true']") !== null
  );
}
