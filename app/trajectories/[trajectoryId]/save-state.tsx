"use client";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import type { Unsaved } from "./use-decisions";

const words = { approve: "approval", veto: "veto", promote: "promotion", withdraw: "undo" } as const;

/** Says quietly whether everything is stored. */
export function SaveState({ unsaved }: { unsaved: Unsaved[] }) {
  const failed = unsaved.filter((u) => u.failure !== null).length;
  const words = failed > 0 ? `${failed} not saved` : unsaved.length > 0 ? "Saving…" : "All saved";
  return (
    <span role="status" className={failed > 0 ? "text-xs font-medium text-danger" : "text-xs text-ink-3"}>
      {words}
    </span>
  );
}

/** The decisions that could not be stored, each with what happened and a way on; nothing is dropped by itself. */
export function UnsavedNotes(props: {
  unsaved: Unsaved[];
  onRetry: (wish: Unsaved) => void;
  onDiscard: (wish: Unsaved) => void;
  onReload: (wish: Unsaved) => void;
}) {
  return props.unsaved.map((wish) =>
    wish.failure === null ? null : (
      <ErrorNote
        key={wish.clientId}
        message={`Your ${words[wish.decision]} on ${wish.target === "step" ? "step" : "the solution of state"} ${wish.targetIndex} is not saved: ${wish.failure.message}`}
        fix={wish.failure.fix}
      >
        {wish.failure.code === "conflict" ? (
          <Button size="sm" onClick={() => props.onReload(wish)}>
            Show theirs
          </Button>
        ) : (
          <Button size="sm" onClick={() => props.onRetry(wish)}>
            Try again
          </Button>
        )}
        <Button size="sm" variant="quiet" onClick={() => props.onDiscard(wish)}>
          Discard
        </Button>
      </ErrorNote>
    ),
  );
}
