"use client";
/** `FindBar`: looks for a text in every step, those not in sight too. Enter goes on, Shift+Enter back, Esc closes. */
import { useEffect, useRef, type KeyboardEvent } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { plural } from "@/components/ui/numbers";

export function FindBar(props: {
  text: string;
  /** The steps that hold it; null while they are looked for. */
  found: number[] | null;
  failure: string | null;
  selected: number;
  onText: (text: string) => void;
  onGo: (direction: 1 | -1) => void;
  onClose: () => void;
}) {
  const { text, found, failure, selected, onText, onGo, onClose } = props;
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.select(), []);
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter") onGo(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  return (
    <div
      role="search"
      className="flex h-10 shrink-0 items-center gap-2 border-b border-line pr-4 pl-2 text-xs text-ink-2"
    >
      <Input
        ref={field}
        autoFocus
        type="search"
        aria-label="Find in this trajectory"
        placeholder="Find in every step"
        maxLength={200}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={press}
        className="h-7 max-w-64"
      />
      <span role="status">{failure ?? place(text, found, selected)}</span>
      <Button size="sm" variant="quiet" className="ml-auto" onClick={onClose}>
        Close <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

function place(text: string, found: number[] | null, selected: number): string {
  if (text === "") return "";
  if (found === null) return "looking …";
  if (found.length === 0) return "in no step";
  const at = found.indexOf(selected);
  const steps = plural(found.length, "step");
  return at < 0 ? `in ${steps}` : `${at + 1} of ${steps}`;
}
