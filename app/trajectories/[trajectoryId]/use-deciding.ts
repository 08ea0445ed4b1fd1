"use client";
import { useState } from "react";
import { vetoReasons, type Decision } from "@/lib/core/review";
import type { StepRow } from "@/lib/core/review-rows";
import { promoteReasons, refusal, scopeOf, type Wish } from "./decisions";
import { pageKey } from "./outbox";
import type { Page, Unsaved } from "./outbox-kept";
import type { Decisions } from "./use-decisions";

/** Notes of decisions that were given up for somebody else's, by page and step: they wait for the next decision there. */
const givenUp = new Map<string, Record<number, string>>();
const givenUpOn = (page: Page | null): Record<number, string> => (page && givenUp.get(pageKey(page))) ?? {};

/** A decision that waits for its reason; `stepIndex` ties it to the step it was begun on. */
export type Asking = { decision: "veto" | "promote"; whole: boolean; stepIndex: number };

/**
 * From a key to a decision: checks that it fits, asks for a reason where one is wanted, takes the note along.
 * `hint` is what to tell the person when nothing was decided.
 */
export function useDeciding(desk: Decisions, step: StepRow | undefined) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const [hint, setHint] = useState<string | null>(null);
  const [notes, setNotes] = useState(() => givenUpOn(desk.page));
  const open = asking && step && asking.stepIndex === step.stepIndex ? asking : null;

  const store = (decision: Decision, whole: boolean, reason: string | null) => {
    if (!step) return;
    const note = notes[step.stepIndex]?.trim() || null;
    const wishes = scopeOf(desk.rows, step.stepIndex, whole).map((row): Wish => ({
      clientId: crypto.randomUUID(),
      target: "step",
      targetIndex: row.stepIndex,
      decision,
      reason,
      note: row.stepIndex === step.stepIndex ? note : null,
    }));
    desk.decide(wishes);
    setAsking(null);
    setHint(null);
    setNotes(({ [step.stepIndex]: _sent, ...rest }) => rest);
    if (desk.page) delete givenUpOn(desk.page)[step.stepIndex];
  };
  const begin = (decision: "approve" | "veto" | "promote", whole: boolean) => {
    if (!step) return;
    const no = isLoading(step.stepIndex) ? "This step is still loading." : refusal(step, decision);
    setHint(no);
    if (no) return;
    const wantsReason = decision === "veto" || (decision === "promote" && step.verdict === "harmful");
    if (wantsReason) setAsking({ decision, whole, stepIndex: step.stepIndex });
    else store(decision, whole, null);
  };
  const reasons: readonly string[] = open ? (open.decision === "veto" ? vetoReasons : promoteReasons) : [];
  return {
    asking: open,
    reasons,
    hint,
    begin,
    choose: (reason: string | null) => {
      if (!open || (reason === null && open.decision === "promote")) return;
      store(open.decision, open.whole, reason);
    },
    cancel: () => {
      setAsking(null);
      setHint(null);
    },
    note: step ? (notes[step.stepIndex] ?? null) : null,
    setNote: (text: string | null) => {
      if (!step) return;
      setNotes(({ [step.stepIndex]: _old, ...rest }) =>
        text === null ? rest : { ...rest, [step.stepIndex]: text },
      );
    },
    /** Puts the note of a decision that is given up back into its step's field, unless another was begun there. */
    keepNote: ({ page, target, targetIndex, note }: Unsaved) => {
      if (target !== "step" || !note) return;
      const keep = (all: Record<number, string>) => ({ [targetIndex]: note, ...all });
      givenUp.set(pageKey(page), keep(givenUpOn(page)));
      if (desk.page && pageKey(page) === pageKey(desk.page)) setNotes(keep);
    },
    /** Stores the note with the decision that stands; a note on an undecided step waits for one. */
    saveNote: () => {
      const standing =
        step && desk.rows.history.find((r) => r.target === "step" && r.targetIndex === step.stepIndex);
      if (standing && standing.decision !== "withdraw" && standing.decision !== "dispute")
        store(standing.decision, false, standing.reason);
      else setHint("The note is kept and stored with your decision.");
    },
  };
}

/** Whether a step is on show without its text: nobody decides on what they cannot see. */
function isLoading(stepIndex: number): boolean {
  return document.getElementById(`step-${stepIndex}`)?.getAttribute("aria-busy") === "true";
}
