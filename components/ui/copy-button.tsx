"use client";
/** `CopyButton`: copies `text`; `name` says what that is, `className` its size and colour. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { cx } from "./class-names";

export function CopyButton({ text, name, className }: { text: string; name: string; className: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button
      type="button"
      onClick={copy}
      aria-label={copied ? `${name} copied` : `Copy ${name}`}
      className={cx("grid place-items-center rounded-sm hover:bg-hover hover:text-ink", className)}
    >
      {copied ? <Check aria-hidden className="size-3" /> : <Copy aria-hidden className="size-3" />}
    </button>
  );
}
