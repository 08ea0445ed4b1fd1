"use client";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import { ErrorNote } from "@/components/ui/error-note";
import { pageKey, UNREACHED } from "./outbox";
import type { Page, Unsaved } from "./outbox-kept";

const words = { approve: "approval", veto: "veto", promote: "promotion", withdraw: "undo" } as const;

/** Failures shown at once: one that is out of reach fails like the next. */
const SHOWN = 3;

/** Says quietly whether everything is stored, on whatever trajectory it was decided. */
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
  /** The page on show; others are named. */
  page: Page | null;
  onRetry: () => void;
  onDiscard: (clientId: string) => void;
  onReload: (wish: Unsaved) => void;
}) {
  const { unsaved, page, onRetry, onDiscard, onReload } = props;
  const failed = unsaved.filter(({ failure }) => failure !== null);
  return (
    <>
      {failed.slice(0, SHOWN).map((wish) => (
        <ErrorNote
          key={wish.clientId}
          message={
            <>
              Your {words[wish.decision]} on {targetWords(wish)}
              {page && pageKey(wish.page) === pageKey(page) ? null : (
                <>
                  {" of "}
                  <Link href={pageHref(wish.page, wish)} className="underline">
                    {wish.page.name}
                  </Link>
                </>
              )}{" "}
              is not saved: {wish.failure?.message}
            </>
          }
          fix={wish.failure?.fix}
        >
          {wish.failure?.code === "conflict" ? (
            <Button size="sm" onClick={() => onReload(wish)}>
              Show theirs
            </Button>
          ) : (
            <Button size="sm" onClick={onRetry}>
              {wish.failure?.code === UNREACHED ? "Try now" : "Try again"}
            </Button>
          )}
          <Button size="sm" variant="quiet" onClick={() => onDiscard(wish.clientId)}>
            Discard
          </Button>
        </ErrorNote>
      ))}
      {failed.length > SHOWN ? (
        <p className="text-xs text-ink-2">and {failed.length - SHOWN} more, kept as well</p>
      ) : null}
    </>
  );
}

/** What a decision is on, in words. */
export const targetWords = ({ target, targetIndex }: Pick<Unsaved, "target" | "targetIndex">): string =>
  target === "step" ? `step ${targetIndex}` : `the solution of state ${targetIndex}`;

/** Where to look at what a decision is on. */
export function pageHref({ trajectoryId, runId, queueId }: Page, at: Pick<Unsaved, "targetIndex">): string {
  const where = queueId === null ? `run=${runId}` : `queue=${queueId}`;
  return `/trajectories/${trajectoryId}?${where}#step-${at.targetIndex}`;
}
