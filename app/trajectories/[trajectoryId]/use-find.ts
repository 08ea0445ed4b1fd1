"use client";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useEffectEvent, useState } from "react";
import { foundQuery } from "../../queries";

/** Looking for a text in every step of a trajectory; `sought` is empty while nothing is looked for. */
export function useFind(trajectoryId: number, selected: number, select: (stepIndex: number) => void) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const sought = useDeferredValue(open ? text.trim() : "");
  const query = useQuery({ ...foundQuery(trajectoryId, sought), enabled: sought !== "" });
  const found = sought === "" ? null : (query.data ?? null);
  // Ctrl+F finds only what is in the page, and most of a long trajectory is not. Pressed again it is the browser's.
  const catchFind = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "f" || open) return;
    event.preventDefault();
    setOpen(true);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => catchFind(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  const go = (direction: 1 | -1) => {
    if (!found || found.length === 0) return;
    const next = direction === 1 ? found.find((i) => i > selected) : found.findLast((i) => i < selected);
    select(next ?? found.at(direction === 1 ? 0 : -1) ?? selected);
  };
  return {
    open,
    show: () => setOpen(true),
    close: () => setOpen(false),
    text,
    setText,
    sought,
    found,
    failure: sought !== "" && query.isError ? query.error.message : null,
    go,
  };
}
