"use client";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ReviewRows } from "@/lib/core/review-rows";
import { reviewStep } from "./actions";
import { deskRows, restoring, versionOf, wishOf, withWishes, type DeskRows, type Wish } from "./decisions";

export type Unsaved = Wish & { failure: { code: string; message: string; fix?: string } | null };

/**
 * Decisions as they are made: shown at once, saved one after another, kept until they are. A failed one stays with its
 * reason, to be sent again or dropped; sending again carries the same clientId, so it is stored once.
 */
export function useDecisions(initial: ReviewRows) {
  const [given, setGiven] = useState(initial);
  const [stored, setStored] = useState(() => deskRows(initial));
  const [unsaved, setUnsaved] = useState<Unsaved[]>([]);
  const [undoable, setUndoable] = useState<{ clientIds: string[]; back: Wish[] }[]>([]);
  const newest = useRef(stored);
  const saving = useRef<Promise<void>>(Promise.resolve());
  if (given !== initial) {
    setGiven(initial);
    setStored(deskRows(initial));
  }
  useEffect(() => {
    newest.current = stored;
  }, [stored]);
  useLeaveWarning(unsaved.length > 0);
  const [at] = useState(() => new Date());
  const rows = withWishes(stored, unsaved, at);

  const settle = (answered: ReviewRows, wish: Wish) => {
    newest.current = deskRows(answered);
    setStored(newest.current);
    setUnsaved((all) => all.filter((u) => u.clientId !== wish.clientId));
  };
  const fail = (wish: Wish, failure: NonNullable<Unsaved["failure"]>) =>
    setUnsaved((all) => all.map((u) => (u.clientId === wish.clientId ? { ...u, failure } : u)));
  const save = async (wish: Wish) => {
    const answer = await send(newest.current, wish);
    if (answer.ok) settle(answer.value, wish);
    else fail(wish, answer.error);
  };
  const enqueue = (wishes: Wish[]) => {
    for (const wish of wishes) saving.current = saving.current.then(() => save(wish));
  };
  const ask = (wishes: Wish[]) => {
    setUnsaved((all) => [...all, ...wishes.map((wish) => ({ ...wish, failure: null }))]);
    enqueue(wishes);
  };

  return {
    rows,
    unsaved,
    canUndo: undoable.length > 0,
    decide: (wishes: Wish[]) => {
      const back = wishes.map((w) => restoring(rows, w.target, w.targetIndex, crypto.randomUUID()));
      setUndoable((all) => [...all, { clientIds: wishes.map((w) => w.clientId), back }]);
      ask(wishes);
    },
    /** Takes back the last decision; answers the step to look at, or null. */
    undo: (): number | null => {
      const last = undoable.at(-1);
      if (!last) return null;
      setUndoable((all) => all.slice(0, -1));
      ask(last.back);
      return last.back.find((wish) => wish.target === "step")?.targetIndex ?? null;
    },
    retry: (wish: Unsaved) => {
      setUnsaved((all) => all.map((u) => (u.clientId === wish.clientId ? { ...u, failure: null } : u)));
      enqueue([wish]);
    },
    /** Drops what was never stored; there is nothing to undo of it then. */
    discard: (wish: Unsaved) => {
      setUnsaved((all) => all.filter((u) => u.clientId !== wish.clientId));
      setUndoable((all) => all.filter((entry) => !entry.clientIds.includes(wish.clientId)));
    },
  };
}

/** Decides on a solution; stays the same function, so that what is given it need not be drawn again. */
export function useDecideSolution({ decide }: Pick<ReturnType<typeof useDecisions>, "decide">) {
  const latest = useRef(decide);
  useEffect(() => {
    latest.current = decide;
  });
  return useCallback(
    (stateIndex: number, decision: "approve" | "veto") =>
      latest.current([wishOf("solution", stateIndex, decision)]),
    [],
  );
}

async function send(rows: DeskRows, wish: Wish): Promise<Awaited<ReturnType<typeof reviewStep>>> {
  const { clientId, target, targetIndex, decision, reason, note } = wish;
  try {
    return await reviewStep({
      queueId: rows.queueId,
      runId: rows.run?.runId ?? 0,
      trajectoryId: rows.trajectory.trajectoryId,
      target,
      targetIndex,
      decision,
      reason,
      note,
      expectedVersion: versionOf(rows, wish),
      clientId,
    });
  } catch {
    const message = "the server could not be reached";
    return { ok: false, error: { code: "internal", message, fix: "It is kept here; send it again." } };
  }
}

function useLeaveWarning(active: boolean) {
  useEffect(() => {
    if (!active) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [active]);
}
