"use client";
/** `DropZone`: drop a file anywhere on it or choose one; `note` says what can be read. */
import { FileUp } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";

export function DropZone({ onFile, note }: { onFile: (file: File) => void; note: ReactNode }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file) onFile(file);
  };
  // A file chosen before this page came to life was heard by nobody.
  const takeEarly = useEffectEvent(() => take(input.current?.files ?? null));
  useEffect(() => takeEarly(), []);
  return (
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files);
      }}
      className={cx(
        "flex flex-col items-center gap-3 rounded border border-dashed px-6 py-12 text-center",
        over ? "border-accent bg-accent-soft" : "border-line-control bg-surface",
      )}
    >
      <FileUp aria-hidden className="size-6 text-ink-3" />
      <p className="text-lg font-semibold">Drop a file of trajectories or of evidence here</p>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.json,.ndjson,.txt,.traj,.eval,.parquet,.zip,.gz,.zst"
        aria-label="File to import"
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          take(event.currentTarget.files);
          event.currentTarget.value = "";
        }}
      />
      <Button variant="primary" onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <div className="max-w-[80ch] text-sm text-ink-2">{note}</div>
    </div>
  );
}
