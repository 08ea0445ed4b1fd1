"use client";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState, type ReactNode } from "react";
import type { StepRow } from "@/lib/core/review-rows";
import { plural } from "@/components/ui/numbers";
import { DecisionBar } from "./decision-bar";
import { isOpen, wishOf } from "./decisions";
import { pageKey } from "./outbox";
import type { Made } from "./outbox-kept";
import { pageHref, targetWords, UnsavedNotes } from "./save-state";
import { stepMoves } from "./step-moves";
import { useDeciding } from "./use-deciding";
import type { Decisions } from "./use-decisions";
import { useReviewKeys, type Looks, type Moves } from "./use-review-keys";
import { useStepIndex, type Selection } from "./use-selection";

/** Deciding on the selected action: its keys, its buttons, and what of it is not stored yet. */
export function DecisionDesk(props: {
  desk: Decisions;
  selection: Selection;
  moves: Moves;
  looks: Looks;
  /** Whether the page answers to keys. */
  active: boolean;
  /** What came of moving to another trajectory; null for nothing to say. */
  said: string | null;
}) {
  const { desk, selection, moves, looks, active, said } = props;
  const { rows, page, unsaved } = desk;
  const router = useRouter();
  const stepIndex = useStepIndex(selection);
  const step = rows.steps[stepIndex];
  const deciding = useDeciding(desk, step);
  const [undone, setUndone] = useState<{ made: Made; stepIndex: number } | null>(null);
  const undo = () => {
    const made = desk.undo();
    const here = made !== null && page !== null && pageKey(made.page) === pageKey(page);
    setUndone(made === null || here ? null : { made, stepIndex });
    const target = here ? made.back.find((back) => back.target === "step") : undefined;
    if (target) selection.select(target.targetIndex);
  };
  // A dispute is ended on purpose, not along with what was never in doubt.
  const open = rows.steps.filter((each) => isOpen(each) && each.decision.state === "pending");
  const approveAll = () => {
    if (open.length > 0) desk.decide(open.map((each) => wishOf("step", each.stepIndex, "approve")));
  };
  const steps = stepMoves(rows.steps, selection);
  useReviewKeys({ steps, deciding, undo, approveAll, moves, looks }, active);
  if (!step) return null;
  // Said until one moves on.
  const notice = noticeOf(undone?.stepIndex === stepIndex ? undone.made : null, said);
  return (
    <>
      <div className="flex max-h-40 flex-col gap-1 overflow-y-auto px-4">
        <UnsavedNotes
          unsaved={unsaved}
          page={page}
          onRetry={desk.retry}
          onDiscard={desk.discard}
          onReload={(wish) => {
            deciding.keepNote(wish);
            desk.discard(wish.clientId);
            if (page && pageKey(wish.page) === pageKey(page)) {
              if (wish.target === "step") selection.select(wish.targetIndex);
              router.refresh();
            } else router.push(pageHref(wish.page, wish));
          }}
        />
      </div>
      {rows.run ? (
        <DecisionBar
          step={step}
          deciding={deciding}
          canUndo={desk.canUndo}
          onUndo={undo}
          open={open.length}
          onApproveAll={approveAll}
          steps={steps}
          notice={notice}
        />
      ) : (
        <p role="status" className="px-4 pb-2 text-xs text-ink-3">
          {notice}
        </p>
      )}
      <Said step={step} />
    </>
  );
}

/** What was undone on another trajectory, with the way there. */
function noticeOf(undone: Made | null, said: string | null): ReactNode {
  const [first] = undone?.back ?? [];
  if (!undone || !first) return said;
  const more = undone.back.length - 1;
  return (
    <>
      Undone: the decision on {targetWords(first)}
      {more > 0 ? ` and ${plural(more, "more", "more")}` : ""} of{" "}
      <Link href={pageHref(undone.page, first)} className="text-ink underline">
        {undone.page.name}
      </Link>{" "}
      was {first.decision === "withdraw" ? "taken back" : "set back to what stood before"}.
    </>
  );
}

function Said({ step }: { step: StepRow }) {
  return (
    <p className="sr-only" aria-live="polite">
      {`Step ${step.stepIndex}, ${step.hidden ? "verdict hidden" : (step.verdict?.replace("_", " ") ?? "not mined")}, ${step.decision.state}`}
    </p>
  );
}
