"use client";
import { useEffect, useRef } from "react";
import { reasonWords } from "@/components/trajectory/decision-history";
import { isDecided } from "@/lib/core/review";
import type { StepRow } from "@/lib/core/review-rows";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { refusal } from "./decisions";
import type { useDeciding } from "./use-deciding";

type Deciding = ReturnType<typeof useDeciding>;

/** The decision on the selected action: every key as a button; the reason list takes their place while one is asked. */
export function DecisionBar(props: {
  step: StepRow;
  deciding: Deciding;
  canUndo: boolean;
  onUndo: () => void;
}) {
  const { step, deciding, canUndo, onUndo } = props;
  const many = step.segment ? step.segment.to - step.segment.from : 1;
  return (
    <div className="flex flex-col gap-2 border-t border-line bg-surface px-4 py-3">
      {deciding.asking ? (
        <Reasons deciding={deciding} many={many} />
      ) : (
        <div
          role="group"
          aria-label={`Decide on step ${step.stepIndex}`}
          className="flex flex-wrap items-center gap-1.5"
        >
          <Decide step={step} decision="approve" word="Approve" letter="a" deciding={deciding} />
          <Decide step={step} decision="veto" word="Veto" letter="x" deciding={deciding} />
          <Decide step={step} decision="promote" word="Promote" letter="p" deciding={deciding} />
          <Button variant="quiet" onClick={() => deciding.setNote(deciding.note ?? "")}>
            Note <Kbd>n</Kbd>
          </Button>
          <Button variant="quiet" disabled={!canUndo} onClick={onUndo}>
            Undo <Kbd>u</Kbd>
          </Button>
        </div>
      )}
      {deciding.note === null ? null : <NoteField deciding={deciding} />}
      <p className="min-h-4 text-xs text-ink-3" role="status">
        {deciding.hint ??
          (many > 1 && !deciding.asking ? `Shift + key decides all ${many} actions judged together.` : "")}
      </p>
    </div>
  );
}

function Decide(props: {
  step: StepRow;
  decision: "approve" | "veto" | "promote";
  word: string;
  letter: string;
  deciding: Deciding;
}) {
  const { step, decision, word, letter, deciding } = props;
  const fits = refusal(step, decision) === null;
  const next = fits && !isDecided(step.decision) && decision === "approve";
  return (
    <Button
      variant={next ? "primary" : "secondary"}
      aria-disabled={!fits}
      onClick={(event) => deciding.begin(decision, event.shiftKey)}
    >
      {word} <Kbd>{letter}</Kbd>
    </Button>
  );
}

function Reasons({ deciding, many }: { deciding: Deciding; many: number }) {
  const { asking, reasons } = deciding;
  if (!asking) return null;
  const what = asking.whole && many > 1 ? `${many} actions` : `step ${asking.stepIndex}`;
  return (
    <div
      role="group"
      aria-label={`Why ${asking.decision} ${what}?`}
      className="flex flex-wrap items-center gap-1.5"
    >
      <span className="mr-1 text-sm font-medium text-ink">
        Why {asking.decision} {what}?
      </span>
      {reasons.map((reason, i) => (
        <Button key={reason} size="sm" onClick={() => deciding.choose(reason)}>
          <Kbd>{i + 1}</Kbd> {reasonWords(reason)}
        </Button>
      ))}
      {asking.decision === "veto" ? (
        <Button size="sm" variant="quiet" onClick={() => deciding.choose(null)}>
          <Kbd>Enter</Kbd> no reason
        </Button>
      ) : null}
      <Button size="sm" variant="quiet" onClick={deciding.cancel}>
        <Kbd>Esc</Kbd> cancel
      </Button>
    </div>
  );
}

function NoteField({ deciding }: { deciding: Deciding }) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);
  return (
    <div className="flex items-start gap-2">
      <Textarea
        ref={field}
        aria-label="Note"
        placeholder="Stored with your decision. Ctrl+Enter saves, Esc leaves."
        maxLength={4000}
        value={deciding.note ?? ""}
        onChange={(event) => deciding.setNote(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") {
            event.currentTarget.blur();
            if (deciding.note === "") deciding.setNote(null);
          }
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
            event.currentTarget.blur();
            deciding.saveNote();
          }
        }}
      />
      <Button onClick={deciding.saveNote}>Save note</Button>
    </div>
  );
}
