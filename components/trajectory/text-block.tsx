"use client";
/**
 * `TextBlock`: text from a trajectory, always as text. Hidden characters are named, long text is clamped with "show 2,000
 * more characters". `ObservationText` is the same for what was seen: WebShop pages ([SEP]) are laid out as parts, with
 * the raw text one click away. `VisibleText` is the bare inline form.
 */
import { useState, type ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { formatCount } from "@/components/ui/numbers";
import { clampText, pageSegments, visibleParts } from "./visible-text";

const FIRST = 700;
const MORE = 2000;

export function VisibleText({ text }: { text: string }) {
  return visibleParts(text).map((part, i) =>
    part.kind === "text" ? (
      part.raw
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

const linkish = "text-xs text-ink-3 underline decoration-line-strong underline-offset-2 hover:text-ink";

export function TextBlock({ text, className }: { text: string; className?: string }) {
  const [limit, setLimit] = useState(FIRST);
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

const FIRST_SEGMENTS = 14;

export function ObservationText({ text, instruction }: { text: string; instruction: string }) {
  const [raw, setRaw] = useState(false);
  const segments = pageSegments(text, instruction);
  if (segments === null) return <TextBlock text={text} className={page} />;
  const toggle = (
    <button type="button" className={linkish} aria-pressed={raw} onClick={() => setRaw(!raw)}>
      {raw ? "as a page" : "raw"}
    </button>
  );
  if (!raw) return <Segments segments={segments} toggle={toggle} />;
  return (
    <>
      <TextBlock text={text} className={page} />
      {toggle}
    </>
  );
}

const page = "font-mono text-xs leading-[18px] [overflow-wrap:anywhere]";

function Segments({ segments, toggle }: { segments: string[]; toggle: ReactNode }) {
  const [open, setOpen] = useState(false);
  const left = segments.length - FIRST_SEGMENTS;
  return (
    <div className={page}>
      {(open ? segments : segments.slice(0, FIRST_SEGMENTS)).map((segment, i) => (
        <span key={i}>
          {i > 0 ? <Separator /> : null}
          <VisibleText text={clampText(segment, 400)} />
        </span>
      ))}
      <span className="ml-3 inline-flex gap-3 font-sans">
        {left > 0 ? (
          <button type="button" className={linkish} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? "show less" : `show ${left} more`}
          </button>
        ) : null}
        {toggle}
      </span>
    </div>
  );
}

/** Between two parts of a page; the space lets the line break there. */
function Separator() {
  return (
    <>
      {" "}
      <span aria-hidden className="mx-1.5 inline-block h-2.5 w-px bg-line-control/70" />{" "}
    </>
  );
}
