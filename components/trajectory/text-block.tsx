"use client";
/**
 * `TextBlock`: text from a trajectory, always as text. Hidden characters are named, long text is clamped with "show 2,000
 * more characters". `VisibleText` is the bare inline form. What the reader looks for (`Sought`) is marked, and shown even
 * where it would be clamped away.
 */
import { createContext, useContext, useState } from "react";
import { cx } from "@/components/ui/class-names";
import { formatCount } from "@/components/ui/numbers";
import { clampText, splitAtFound, visibleParts } from "./visible-text";

const FIRST = 700;
const MORE = 2000;

/** What is looked for on the page; empty for nothing. */
export const Sought = createContext("");

export function VisibleText({ text }: { text: string }) {
  const sought = useContext(Sought);
  return visibleParts(text).map((part, i) =>
    part.kind === "text" ? (
      <Found key={i} text={part.raw} sought={sought} />
    ) : (
      <span
        key={i}
        title={part.name}
        className="mx-px rounded-sm border border-undecided-line bg-undecided-soft px-0.5 font-mono text-xs text-undecided"
      >
        {part.label}
      </span>
    ),
  );
}

function Found({ text, sought }: { text: string; sought: string }) {
  if (sought === "") return text;
  return splitAtFound(text, sought).map((piece, i) =>
    i % 2 === 0 ? (
      piece
    ) : (
      <mark key={i} className="rounded-sm bg-undecided-soft text-ink outline-1 outline-undecided-line">
        {piece}
      </mark>
    ),
  );
}

export const linkish =
  "text-xs text-ink-3 underline decoration-line-strong underline-offset-2 hover:text-ink";

export function TextBlock({ text, className }: { text: string; className?: string }) {
  const [asked, setLimit] = useState(FIRST);
  const sought = useContext(Sought).toLowerCase();
  const at = sought === "" ? -1 : text.toLowerCase().indexOf(sought);
  const limit = Math.max(asked, at < 0 ? 0 : at + sought.length + 100);
  const shown = clampText(text, limit);
  const left = text.length - shown.length;
  return (
    <div className={cx("break-words whitespace-pre-wrap [overflow-wrap:anywhere]", className)} dir="ltr">
      <VisibleText text={shown} />
      {left > 0 ? (
        <>
          {"… "}
          <button type="button" className={linkish} onClick={() => setLimit(limit + MORE)}>
            show{" "}
            {left > MORE ? `${formatCount(MORE)} more of ${formatCount(left)}` : formatCount(left) + " more"}{" "}
            characters
          </button>
        </>
      ) : null}
    </div>
  );
}
