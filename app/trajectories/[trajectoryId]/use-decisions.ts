"use client";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { ReviewRows } from "@/lib/core/review-rows";
import { reviewStep } from "./actions";
import { deskRows, restoring, versionOf, withWishes, wishOf, type Wish } from "./decisions";
import { createOutbox, emptyBox, pageKey, UNREACHED, type Box } from "./outbox";
import type { Page, Unsaved } from "./outbox-kept";

const outbox = createOutbox({ send, kept: tabStorage(), later: (run, ms) => setTimeout(run, ms) });

/**
 * Decisions as they are made: shown at once, saved one after another, kept until they are, taken back across pages.
 * `unsaved` are those of every trajectory.
 */
export function useDecisions(initial: ReviewRows) {
  const box = useSyncExternalStore(outbox.subscribe, outbox.get, () => emptyBox);
  const page = usePage(initial);
  const newest = useNewest(initial, box, page);
  const stored = useMemo(() => deskRows(newest), [newest]);
  const [at] = useState(() => new Date());
  const { unsaved, made } = box;
  const rows = useMemo(() => {
    const key = page && pageKey(page);
    return withWishes(
      stored,
      unsaved.filter((wish) => pageKey(wish.page) === key),
      at,
    );
  }, [stored, unsaved, page, at]);
  useLeaveWarning(unsaved.length > 0);
  return {
    rows,
    page,
    unsaved,
    canUndo: made.length > 0,
    decide: (wishes: Wish[]) => {
      if (!page) return;
      const sent = wishes.map((wish) => ({
        ...wish,
        // Each decision on its way to the same target will be one version.
        expectedVersion: versionOf(rows, wish) + unsaved.filter((u) => isSameTarget(u, wish, page)).length,
      }));
      const back = wishes.map((w) => restoring(rows, w.target, w.targetIndex, crypto.randomUUID()));
      outbox.decide(page, sent, back);
    },
    /** Takes back what this tab decided last, be it on another trajectory; null when there is nothing. */
    undo: outbox.undo,
    retry: outbox.retry,
    discard: outbox.discard,
  };
}

export type Decisions = ReturnType<typeof useDecisions>;

/** Decides on a solution; stays the same function, so that what is given it need not be drawn again. */
export function useDecideSolution({ decide }: Pick<Decisions, "decide">) {
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

function usePage({ run, trajectory, queueId }: ReviewRows): Page | null {
  const { trajectoryId, subtaskKey: name } = trajectory;
  const runId = run?.runId ?? null;
  return useMemo(
    () => (runId === null ? null : { trajectoryId, runId, queueId, name }),
    [trajectoryId, runId, queueId, name],
  );
}

/** What the page came with, or what a decision was answered with: decisions are only added, so more of them is newer. */
function useNewest(initial: ReviewRows, box: Box, page: Page | null): ReviewRows {
  const [basis, setBasis] = useState({ initial, order: box.order });
  if (basis.initial !== initial) setBasis({ initial, order: box.order });
  const answer = page && box.answers.get(pageKey(page));
  if (!answer) return initial;
  const more = answer.rows.history.length - initial.history.length;
  return more > 0 || (more === 0 && answer.order > basis.order) ? answer.rows : initial;
}

const isSameTarget = (unsaved: Unsaved, wish: Wish, page: Page) =>
  pageKey(unsaved.page) === pageKey(page) &&
  unsaved.target === wish.target &&
  unsaved.targetIndex === wish.targetIndex;

async function send(wish: Unsaved) {
  const { trajectoryId, runId, queueId } = wish.page;
  const { clientId, target, targetIndex, decision, reason, note, expectedVersion } = wish;
  const review = { target, targetIndex, decision, reason, note, expectedVersion, clientId };
  try {
    return await reviewStep({ queueId, runId, trajectoryId, ...review });
  } catch {
    const message = "the server could not be reached";
    const fix = "It is kept here and sent again every few seconds.";
    return { ok: false as const, error: { code: UNREACHED, message, fix } };
  }
}

/** Null on the server, and where the browser keeps nothing. */
function tabStorage(): Storage | null {
  try {
    return typeof window === "undefined" ? null : window.sessionStorage;
  } catch {
    return null;
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
