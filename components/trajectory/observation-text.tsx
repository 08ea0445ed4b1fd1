"use client";
/**
 * `ObservationText`: what was seen. WebShop pages ([SEP]) are laid out as parts, with the raw text one click away; other text
 * by lines. What stood there a step before (`previous`) is folded into "6 parts as before".
 */
import { useContext, useState, type ReactNode } from "react";
import { linkish, Sought, TextBlock, VisibleText } from "./text-block";
import { foldsOf } from "./unchanged";
import { clampText, pageSegments } from "./visible-text";

const FIRST_SEGMENTS = 14;
const page = "font-mono text-xs leading-[18px] [overflow-wrap:anywhere]";

type Props = {
  text: string;
  instruction: string;
  /** What was seen a step before, to fold what did not change; null shows all. */
  previous?: string | null;
};

export function ObservationText({ text, instruction, previous = null }: Props) {
  const [raw, setRaw] = useState(false);
  const segments = pageSegments(text, instruction);
  const before = previous === null ? [] : (pageSegments(previous, instruction) ?? previous.split("\n"));
  if (segments === null) return <Lines text={text} before={before} />;
  const toggle = (
    <button type="button" className={linkish} aria-pressed={raw} onClick={() => setRaw(!raw)}>
      {raw ? "as a page" : "raw"}
    </button>
  );
  if (!raw) return <Segments segments={segments} before={before} toggle={toggle} />;
  return (
    <>
      <TextBlock text={text} className={page} />
      {toggle}
    </>
  );
}

function Lines({ text, before }: { text: string; before: string[] }) {
  const [open, setOpen] = useState(false);
  const sought = useContext(Sought);
  const stretches = foldsOf(text.split("\n"), before);
  if (open || !stretches.some(({ same }) => same)) return <TextBlock text={text} className={page} />;
  return stretches.map(({ same, parts }, i) =>
    same && !holds(parts, sought) ? (
      <Fold key={i} count={parts.length} what="lines" onOpen={() => setOpen(true)} />
    ) : (
      <TextBlock key={i} text={parts.join("\n")} className={page} />
    ),
  );
}

const holds = (parts: string[], sought: string) =>
  sought !== "" && parts.some((part) => part.toLowerCase().includes(sought.toLowerCase()));

function Fold({ count, what, onOpen }: { count: number; what: string; onOpen: () => void }) {
  return (
    <button type="button" className={`${linkish} font-sans`} onClick={onOpen}>
      {count} {what} as before
    </button>
  );
}

function Segments(props: { segments: string[]; before: string[]; toggle: ReactNode }) {
  const { segments, before, toggle } = props;
  const [open, setOpen] = useState(false);
  const sought = useContext(Sought);
  const all = open || holds(segments, sought);
  const left = segments.length - FIRST_SEGMENTS;
  const stretches = foldsOf(all ? segments : segments.slice(0, FIRST_SEGMENTS), all ? [] : before);
  return (
    <div className={page}>
      {stretches.map(({ same, parts }, i) => (
        <span key={i}>
          {i > 0 ? <Separator /> : null}
          {same ? (
            <Fold count={parts.length} what="parts" onOpen={() => setOpen(true)} />
          ) : (
            parts.map((part, j) => (
              <span key={j}>
                {j > 0 ? <Separator /> : null}
                <VisibleText text={clampText(part, 400)} />
              </span>
            ))
          )}
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
