"use client";
/**
 * `MarkedText`: a text beside another one: what the other does not have is marked, what both have is dimmed and, where it is
 * long, cut to what stands around a difference. `against` null is a text with nothing beside it. `Pieces` is the bare form.
 */
import { memo, useContext, useMemo, useState } from "react";
import { cx } from "@/components/ui/class-names";
import { linkish, Sought, TextBlock, VisibleText } from "./text-block";
import { difference, shortened, type Piece } from "./text-difference";
import { clampText } from "./visible-text";

export function Pieces({ pieces }: { pieces: Piece[] }) {
  const last = pieces.length - 1;
  return pieces.map((piece, i) => {
    const text = <VisibleText text={shortened(piece, i === 0 ? "first" : i === last ? "last" : "middle")} />;
    if (piece.same)
      return (
        <span key={i} className="text-ink-3">
          {text}
        </span>
      );
    return (
      <mark key={i} className="rounded-sm bg-undecided-soft text-ink underline decoration-undecided">
        {text}
      </mark>
    );
  });
}

const FIRST = 700;
const SAME = 120;

export const MarkedText = memo(function MarkedText(props: {
  text: string;
  against: string | null;
  className?: string;
}) {
  const { text, against, className } = props;
  const [all, setAll] = useState(false);
  const sought = useContext(Sought);
  const pieces = useMemo(() => (against === null ? [] : difference(text, against).recorded), [text, against]);
  if (against === null || all || sought !== "") return <TextBlock text={text} className={className} />;
  const shown = text === against ? [{ text: clampText(text, SAME), same: true }] : clamped(pieces);
  const whole = shown.reduce((sum, piece) => sum + piece.text.length, 0) >= text.length;
  return (
    <div className={cx("break-words whitespace-pre-wrap [overflow-wrap:anywhere]", className)} dir="ltr">
      <Pieces pieces={shown} />
      {whole ? null : (
        <>
          {" … "}
          <button type="button" className={linkish} onClick={() => setAll(true)}>
            {text === against ? "the same; show all" : "show all"}
          </button>
        </>
      )}
    </div>
  );
});

/** As many pieces as fit, what both have counting as long as it is shown. */
function clamped(pieces: Piece[]): Piece[] {
  const shown: Piece[] = [];
  let left = FIRST;
  for (const piece of pieces) {
    if (left <= 0) break;
    const text = piece.same ? piece.text : clampText(piece.text, left);
    left -= piece.same ? Math.min(text.length, SAME) : text.length;
    shown.push({ ...piece, text });
  }
  return shown;
}
