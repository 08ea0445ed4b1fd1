"use client";
import {
  ChevronLeft,
  ChevronRight,
  ChevronsLeft,
  ChevronsRight,
  Columns2,
  Keyboard,
  type LucideIcon,
} from "lucide-react";
import { Button, ButtonLink } from "@/components/ui/button";
import { reviewProgress } from "./decisions";
import type { Around } from "./review-panel";
import { SaveState } from "./save-state";
import type { Decisions } from "./use-decisions";
import type { Moves } from "./use-review-keys";

/** At the right of the header: whether all is saved, how far the review is, and the ways on. */
export function DeskTools(props: { desk: Decisions; around: Around; moves: Moves; onKeys: () => void }) {
  const { desk, around, moves, onKeys } = props;
  const { rows, unsaved } = desk;
  const review = reviewProgress(rows);
  return (
    <>
      {rows.run ? <SaveState unsaved={unsaved} /> : null}
      {review.total > 0 ? (
        <span className="text-xs text-ink-2">
          {review.done} of {review.total} reviewed
        </span>
      ) : null}
      <div className="flex">
        <ButtonLink
          size="sm"
          variant="quiet"
          href={`/trajectories/compare?a=${rows.trajectory.trajectoryId}`}
          aria-label="Compare with another trajectory of this subtask"
          title="Compare with another trajectory of this subtask"
        >
          <Columns2 aria-hidden />
        </ButtonLink>
        <Tool
          name="Previous trajectory to review"
          letter="{"
          icon={ChevronsLeft}
          onClick={moves.previousOpen}
        />
        <Tool
          name="Previous trajectory"
          letter="["
          icon={ChevronLeft}
          disabled={!around.previous}
          onClick={moves.previous}
        />
        <Tool
          name="Next trajectory"
          letter="]"
          icon={ChevronRight}
          disabled={!around.next}
          onClick={moves.next}
        />
        <Tool name="Next trajectory to review" letter="}" icon={ChevronsRight} onClick={moves.nextOpen} />
        <Tool name="Keys" letter="?" icon={Keyboard} onClick={onKeys} />
      </div>
    </>
  );
}

function Tool(props: {
  name: string;
  letter: string;
  icon: LucideIcon;
  disabled?: boolean;
  onClick: () => void;
}) {
  const { name, letter, icon: Icon, disabled = false, onClick } = props;
  return (
    <Button
      size="sm"
      variant="quiet"
      aria-label={name}
      title={`${name}  ${letter}`}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon aria-hidden />
    </Button>
  );
}
