"use client";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useEffectEvent, useState } from "react";
import { foundQuery } from "../../queries";
import type { Selection } from "./use-selection";

/** Looking for a text in every step of a trajectory; `sought` is empty while nothing is looked for. */
export function useFind(trajectoryId: number, selection: Selection) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const sought = useDeferredValue(open ? text.trim() : "");
  const query = useQuery({ ...foundQuery(trajectoryId, sought), enabled: sought !== "" });
  const found = sought === "" ? null : (query.data ?? null);
  // What is found is in the steps, not in a fork.
  const show = () => {
    selection.showFork(false);
    setOpen(true);
  };
  // Ctrl+F finds only what is in the page, and most of a long trajectory is not. Pressed again it is the browser's.
  const catchFind = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "f" || open) return;
    event.preventDefault();
    show();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => catchFind(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  const go = (direction: 1 | -1) => {
    if (!found || found.length === 0) return;
    const selected = selection.get().stepIndex;
    const next = direction === 1 ? found.find((i) => i > selected) : found.findLast((i) => i < selected);
    selection.select(next ?? found.at(direction === 1 ? 0 : -1) ?? selected);
  };
  return {
    open,
    show,
    close: () => setOpen(false),
    text,
    setText,
    sought,
    found,
    failure: sought !== "" && query.isError ? query.error.message : null,
    go,
  };
}
