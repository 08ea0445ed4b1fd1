"use client";
/** `CopyText`: a long identifier, shortened, with a button that copies the whole of it. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";

export function CopyText({ text, shown, name }: { text: string; shown: string; name: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span className="inline-flex items-center gap-1">
      <code title={text} className="text-xs">
        {shown}
      </code>
      <button
        type="button"
        onClick={copy}
        aria-label={copied ? `${name} copied` : `Copy ${name}`}
        className="grid size-5 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
      >
        {copied ? <Check aria-hidden className="size-3" /> : <Copy aria-hidden className="size-3" />}
      </button>
    </span>
  );
}
