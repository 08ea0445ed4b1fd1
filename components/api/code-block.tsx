"use client";
/** `CodeBlock`: lines to copy. It scrolls sideways by itself, also by keyboard; `name` says what is copied. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";

export function CodeBlock({ text, name }: { text: string; name: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="flex items-start rounded border border-line bg-sunken">
      <pre
        role="group"
        tabIndex={0}
        aria-label={name}
        className="min-w-0 flex-1 overflow-x-auto px-3 py-2 text-xs"
      >
        <code>{text}</code>
      </pre>
      <button
        type="button"
        onClick={copy}
        aria-label={copied ? `${name} copied` : `Copy ${name}`}
        className="m-1 grid size-6 shrink-0 place-items-center rounded-sm text-ink-2 hover:bg-hover hover:text-ink"
      >
        {copied ? <Check aria-hidden className="size-3" /> : <Copy aria-hidden className="size-3" />}
      </button>
    </div>
  );
}
